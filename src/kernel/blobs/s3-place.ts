import type { S3Client } from '@aws-sdk/client-s3'
import { failure } from '../failure.ts'
import { keyPath } from './key.ts'
import type { BlobKey } from './types.ts'

export type S3Options = {
  endpoint: string
  bucket: string
  region: string
  /** Before every object's name, such as `towpath/home/`. */
  prefix: string
  accessKeyId: string
  secretAccessKey: string
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  pathStyle: boolean
}

export const BlobStoreUnreachable = failure('BLOB_STORE_UNREACHABLE', 503, (place: string, what: string) => ({
  says: `The object store at ${place} did not ${what}`,
  next: 'Try again; where it goes on, check that the object store runs and can be reached from this machine',
}))

export const BlobStoreRefused = failure('BLOB_STORE_REFUSED', 500, (place: string, what: string, why: string) => ({
  says: `The object store at ${place} refused to ${what}: ${why}`,
  next: "Check the bucket's name and that the access key may read, write, delete and list multipart uploads in it",
}))

type Sdk = typeof import('@aws-sdk/client-s3')

/** One bucket and prefix. The SDK is loaded at first use: 23 MB and 70 ms that a store on files does without. */
export type S3Place = {
  readonly bucket: string
  objectName(key: BlobKey): string
  /** Failures of the store come out as ours; "not there" as undefined. */
  ask<T>(what: string, run: (client: S3Client, sdk: Sdk) => Promise<T>): Promise<T | undefined>
}

export function s3Place(options: S3Options): S3Place {
  const { endpoint, bucket, region, prefix, accessKeyId, secretAccessKey, pathStyle } = options
  const where = `${endpoint}/${bucket}`
  let connected: Promise<{ client: S3Client; sdk: Sdk }> | undefined

  const connect = async () => {
    const sdk = await import('@aws-sdk/client-s3')
    const client = new sdk.S3Client({
      endpoint,
      region,
      forcePathStyle: pathStyle,
      credentials: { accessKeyId, secretAccessKey },
      // 5 tries with backoff and jitter, each with its own deadlines. An upload's part is sent as one buffer, so it can be repeated.
      maxAttempts: 5,
      retryMode: 'standard',
      requestHandler: {
        connectionTimeout: 5_000,
        // Until the answer begins, the sending of a part included: 20 MiB need 170 kB/s.
        requestTimeout: 120_000,
        throwOnRequestTimeout: true,
        // Nothing moved, in an answer too.
        socketTimeout: 30_000,
      },
      // Checksums in trailers are what S3-compatible stores get wrong. The signature has the SHA-256 of each part anyway.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    })
    return { client, sdk }
  }

  return {
    bucket,
    objectName: key => `${prefix}blobs/${keyPath(key)}`,
    ask: async (what, run) => {
      connected ??= connect()
      const { client, sdk } = await connected
      try {
        return await run(client, sdk)
      } catch (error) {
        if (!(error instanceof sdk.S3ServiceException)) throw BlobStoreUnreachable(where, what).from(error)
        // Not every 404: a missing bucket must not look like an empty one.
        if (['NoSuchKey', 'NotFound', 'NoSuchUpload'].includes(error.name)) return undefined
        const status = error.$metadata.httpStatusCode ?? 0
        if (status >= 500 || status === 429) throw BlobStoreUnreachable(where, what).from(error)
        throw BlobStoreRefused(where, what, `${error.name} ${error.message}`).from(error)
      }
    },
  }
}
