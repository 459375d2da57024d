import type { Access } from '../identity/index.ts'
import { type Failure, failure } from '../kernel/index.ts'

/** The codes are the distribution specification's ("Error Codes"); clients know no others. */

export const BlobUnknown = failure('BLOB_UNKNOWN', 404, (repository: string, digest: string) => ({
  says: `Blob ${digest} is not in repository ${repository}`,
  next: 'Push it there or mount it from a repository that has it, or check the digest',
  detail: { repository, digest },
}))

export const BlobInUse = failure('UNSUPPORTED', 405, (digest: string, manifest: string) => ({
  says: `Blob ${digest} is part of manifest ${manifest} in this repository and can't be deleted alone`,
  next: 'Delete the manifests that refer to it first; what nothing refers to is then reclaimed without being asked',
  detail: { digest, manifest },
}))

export const UploadUnknown = failure('BLOB_UPLOAD_UNKNOWN', 404, (id: string) => ({
  says: `There is no upload ${id.slice(0, 100)} in this repository`,
  next: 'Begin a new one with POST: this one was finished, was cancelled, or expired',
  detail: { upload: id.slice(0, 100) },
}))

export const UploadOutOfOrder = failure('BLOB_UPLOAD_INVALID', 416, (size: number, from: number) => ({
  says: `This upload holds ${size} bytes, so the next chunk begins at ${size}, not at ${from}`,
  next: 'Ask GET on the upload for what is held, and go on from there',
  detail: { held: size, from },
}))

export const UploadBusy = failure('BLOB_UPLOAD_INVALID', 416, (id: string) => ({
  says: `Another request is writing to upload ${id}`,
  next: 'Send one request an upload at a time: wait for the other to end, ask GET on the upload for what is held, go on from there',
  detail: { upload: id },
}))

export const RangeMalformed = failure('BLOB_UPLOAD_INVALID', 400, (text: string) => ({
  says: `Content-Range ${JSON.stringify(text.slice(0, 100))} is not <first byte>-<last byte>`,
  next: 'Send for example "Content-Range: 0-1048575", both ends inclusive, without "bytes"',
}))

export const LengthMismatch = failure('SIZE_INVALID', 400, (expected: number, received: number) => ({
  says: `The request announced ${expected} bytes and had ${received}`,
  next: 'Make Content-Range, Content-Length and the body agree; what arrived in order is kept, ask GET on the upload',
  detail: { expected, received },
}))

export const BlobTooLarge = failure('SIZE_INVALID', 413, (limit: number) => ({
  says: `A blob may have ${limit} bytes at most`,
  next: 'Split it into several layers, or have limits.blobBytes raised',
  detail: { limit },
}))

export const ManifestTooLarge = failure('SIZE_INVALID', 413, (limit: number) => ({
  says: `A manifest may have ${limit} bytes at most`,
  next: 'Move annotations and embedded data into blobs',
  detail: { limit },
}))

export const TooManyUploads = failure('TOOMANYREQUESTS', 429, (limit: number) => ({
  says: `This node is taking in ${limit} uploads, its limit`,
  next: 'Try again after the time that Retry-After says',
  detail: { limit },
}))

export const ManifestUnknown = failure('MANIFEST_UNKNOWN', 404, (repository: string, reference: string) => ({
  says: `${reference} is not in repository ${repository}`,
  next: 'Check the name; GET /v2/<name>/tags/list shows the tags there are',
  detail: { repository, reference },
}))

export const ManifestDigestMismatch = failure('DIGEST_INVALID', 400, (expected: string, actual: string) => ({
  says: `The manifest has digest ${actual}, not ${expected}`,
  next: 'Send the bytes that the digest was made of, without reformatting them',
  detail: { expected, actual },
}))

/** One answer names all that is missing, so that a client needs one round to send it. */
export const ReferencesUnknown = failure('MANIFEST_BLOB_UNKNOWN', 404, (repository: string, missing: string[]) => ({
  says: `The manifest refers to ${missing.length === 1 ? 'what is' : `${missing.length} things that are`} not in repository ${repository}: ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''}`,
  next: 'Push these blobs and manifests to the repository first, then the manifest again',
  detail: { missing: missing.slice(0, 100) },
}))

// ACR's code: its clients know it.
export const TagUnknown = failure('TAG_UNKNOWN', 404, (repository: string, tag: string) => ({
  says: `There is no tag ${tag} in repository ${repository}`,
  next: 'Check the name; GET /acr/v1/<name>/_tags shows the tags there are',
  detail: { repository, tag },
}))

// ACR's code and status: its clients and scripts know them.
export const Locked = failure(
  'REGISTRY_DISALLOWED_OPERATION',
  405,
  (repository: string, kind: 'repository' | 'tag' | 'manifest', name: string, field: string) => {
    const [what, path] =
      kind === 'repository'
        ? [`Repository ${repository}`, repository]
        : [
            `${kind === 'tag' ? 'Tag' : 'Manifest'} ${name} of repository ${repository}`,
            `${repository}/_${kind}s/${name}`,
          ]
    return {
      says: `${what} is locked: its ${field}Enabled is false`,
      next: `Who may change metadata unlocks it: PATCH /acr/v1/${path} with {"${field}Enabled":true}, or towpath repository update`,
      detail: { repository, kind, name, attribute: `${field}Enabled` },
    }
  },
)

/** In the code and with the status of locks: for clients it is one. */
export const Immovable = failure(
  'REGISTRY_DISALLOWED_OPERATION',
  405,
  (repository: string, tag: string, policy: string) => ({
    says: `Tag ${tag} of repository ${repository} is immutable by policy "${policy}": it can neither move nor be deleted`,
    next: `Push under another tag. Who may write policies can let it go: towpath policy show ${policy}`,
    detail: { repository, kind: 'tag', name: tag, policy },
  }),
)

export const AttributesMalformed = failure('UNSUPPORTED', 400, (why: string) => ({
  says: `That sets no attributes: ${why}`,
  next: 'Send a JSON object of readEnabled, writeEnabled, deleteEnabled and listEnabled, each true or false; leave out what is to stay',
}))

export const OrderUnknown = failure('UNSUPPORTED', 400, (text: string) => ({
  says: `orderby=${JSON.stringify(text.slice(0, 100))} is no order of this list`,
  next: 'Use timedesc, timeasc or none',
}))

export const PlaceMalformed = failure('UNSUPPORTED', 400, (text: string) => ({
  says: `last=${JSON.stringify(text.slice(0, 100))} is not a place in a list ordered by time`,
  next: 'Follow the Link header of the page before; a name alone says no time',
}))

export const RepositoryUnknown = failure('NAME_UNKNOWN', 404, (repository: string) => ({
  says: `There is no repository ${repository}`,
  next: 'Check the name; a repository comes into being with the first push',
  detail: { repository },
}))

export const TagsNeedDigest = failure('UNSUPPORTED', 400, () => ({
  says: 'Tags in the query go with a push by digest only',
  next: 'PUT to manifests/<digest>?tag=a&tag=b, or to manifests/<tag> without a query',
}))

export const TooManyTags = failure('UNSUPPORTED', 414, (limit: number) => ({
  says: `One push may set ${limit} tags at most`,
  next: 'Push the manifest again with the remaining tags',
}))

export const PageMalformed = failure('UNSUPPORTED', 400, (name: string, text: string) => ({
  says: `${name}=${JSON.stringify(text.slice(0, 100))} is not a place in a list`,
  next: 'Follow the Link header, or give n as a whole number and last as the last name received',
}))

export const AlgorithmUnsupported = failure('UNSUPPORTED', 400, (text: string) => ({
  says: `Digest algorithm ${JSON.stringify(text.slice(0, 100))} is not supported`,
  next: 'Use sha256 or sha512',
}))

export const RangeUnsatisfiable = failure('UNSUPPORTED', 416, (size: number) => ({
  says: `No byte of that range is in this blob of ${size} bytes`,
  next: 'Ask for a range that begins before its end',
  detail: { size },
}))

export const RouteUnknown = failure('UNSUPPORTED', 404, (method: string, path: string) => ({
  says: `There is nothing at ${method} ${path.slice(0, 200)}`,
  next: "See the OCI distribution specification for the endpoints under /v2/, and ACR's metadata API for those under /acr/v1/",
}))

export const MethodUnsupported = failure('UNSUPPORTED', 405, (method: string) => ({
  says: `${method} does not work here`,
  next: 'Use one of the methods that the Allow header names',
}))

export const PathMalformed = failure('NAME_INVALID', 400, () => ({
  says: 'The path or query is not percent-encoded UTF-8',
  next: 'Encode it as UTF-8, and leave out NUL',
}))

export const Denied = failure('DENIED', 403, (action: string, what: string) => ({
  says: `You may not ${action} ${what}`,
  next: 'Sign in as somebody who may, or ask for the permission',
}))

/** `access`: what is missing, told as distribution and ACR tell it; none where signing in is all. */
export const AuthenticationNeeded = failure('UNAUTHORIZED', 401, (access?: Access) => ({
  says: 'Authentication is required',
  next: 'Sign in: `docker login <registry>`, or follow the WWW-Authenticate header',
  ...(access === undefined ? {} : { detail: { access: access.actions.map(action => wanted(access, action)) } }),
}))

function wanted({ type, name }: Access, action: string) {
  return { Type: type, Name: name, Action: action }
}

export const NodeAway = failure('UNAVAILABLE', 503, (id: string) => ({
  says: `The node that holds upload ${id.slice(0, 100)} is not running right now`,
  next: 'Try again after the time that Retry-After says; the upload is kept',
}))

export type { Failure }
