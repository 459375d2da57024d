import { z } from 'zod'
import { type Digest, type MetadataAsk, parseDigest, parseHost, parseRepository, parseTag } from '../oci/index.ts'
import { UsageWrong } from './az-words.ts'
import { AnswerUnknown } from './failures.ts'
import { runAction, type Session } from './oci/session.ts'
import type { Output } from './output-options.ts'

/** What every command of the group takes; `name` is the registry's host, as az has it. */
export type RepositoryOptions = Output & {
  name: string
  username?: string
  passwordStdin?: boolean
  plainHttp?: boolean
}

export const ATTRIBUTES = ['deleteEnabled', 'writeEnabled', 'readEnabled', 'listEnabled'] as const

const attributes = z.looseObject({
  deleteEnabled: z.boolean(),
  writeEnabled: z.boolean(),
  readEnabled: z.boolean(),
  listEnabled: z.boolean(),
})
const known = { createdTime: z.string(), lastUpdateTime: z.string(), changeableAttributes: attributes }
const tag = z.looseObject({ name: z.string(), digest: z.string(), ...known })
const manifest = z.looseObject({
  digest: z.string(),
  imageSize: z.number().optional(),
  mediaType: z.string(),
  architecture: z.string().optional(),
  os: z.string().optional(),
  tags: z.array(z.string()).optional(),
  ...known,
})

export type Attributes = z.output<typeof attributes>
export type Tag = z.output<typeof tag>
export type Manifest = z.output<typeof manifest>
export const repositoryAnswer = z.looseObject({
  imageName: z.string(),
  manifestCount: z.number(),
  tagCount: z.number(),
  ...known,
})
export type Repository = z.output<typeof repositoryAnswer>
export const tagAnswer = z.looseObject({ tag })
export const manifestAnswer = z.looseObject({ manifest })
export const deletedAnswer = z.looseObject({ manifestsDeleted: z.array(z.string()), tagsDeleted: z.array(z.string()) })
export const catalogPage = z.looseObject({ repositories: z.array(z.string()).nullable() })
export const tagPage = z.looseObject({ tags: z.array(tag).nullish() })
export const manifestPage = z.looseObject({ manifests: z.array(manifest).nullish() })

/** A repository, or a tag or manifest in one. */
export type Named = { repository: string; tag?: string; digest?: Digest }

/** `--image team/app:v1`, `--image team/app@sha256:…` or `--repository team/app`: one of them. */
export function namedBy({ repository, image }: { repository?: string; image?: string }): Named {
  if ((repository === undefined) === (image === undefined)) {
    throw UsageWrong(
      'Which repository or image?',
      'Give --repository <name>, or --image <name>:<tag> or <name>@<digest>',
    )
  }
  if (image === undefined) return { repository: parseRepository(repository ?? '') }
  const at = image.indexOf('@')
  if (at >= 0) return { repository: parseRepository(image.slice(0, at)), digest: parseDigest(image.slice(at + 1)) }
  const colon = image.lastIndexOf(':')
  if (colon < 0) {
    throw UsageWrong(
      `--image ${image} has no tag`,
      'Write <name>:<tag> or <name>@<digest>; --repository is for all of it',
    )
  }
  return { repository: parseRepository(image.slice(0, colon)), tag: parseTag(image.slice(colon + 1)) }
}

/** Where the metadata API has it, and what it is called in messages. */
export function placeOf({ repository, tag, digest }: Named): { path: string; what: string } {
  const path = `/acr/v1/${repository}`
  if (digest !== undefined) return { path: `${path}/_manifests/${digest}`, what: `manifest ${digest} of ${repository}` }
  if (tag !== undefined) return { path: `${path}/_tags/${tag}`, what: `tag ${tag} of ${repository}` }
  return { path, what: `repository ${repository}` }
}

export type Registry = {
  ask<S extends z.ZodType>(ask: Omit<MetadataAsk, 'host'>, answer: S): Promise<z.output<S>>
  /** Everything of a list, or its first `top`. */
  all<S extends z.ZodType, T>(
    ask: Omit<MetadataAsk, 'host'>,
    page: S,
    items: (page: z.output<S>) => readonly T[] | null | undefined,
    top?: number,
  ): Promise<T[]>
  deleteManifest(repository: string, digest: string): Promise<boolean>
}

/** One command: with the credentials that `towpath oci` would find for the registry. */
export function atRegistry(options: RepositoryOptions, action: (registry: Registry) => Promise<void>): Promise<void> {
  const { name, username, passwordStdin, plainHttp } = options
  const { env, stdout, stderr } = process
  const given = {
    ...(username === undefined ? {} : { username }),
    ...(passwordStdin === undefined ? {} : { passwordStdin }),
    ...(plainHttp === undefined ? {} : { plainHttp }),
  }
  return runAction({ ...given, env, stdout, stderr, quiet: true }, name.toLowerCase(), session =>
    action(registryAt(parseHost(name), session)),
  )
}

function registryAt(host: string, { client, signal }: Session): Registry {
  return {
    ask: async (ask, answer) => parsed(answer, await client.askMetadata({ host, ...ask }, { signal })),
    async all(ask, page, items, top = Number.POSITIVE_INFINITY) {
      const found = []
      for await (const fields of client.metadataPages({ host, ...ask }, { signal })) {
        found.push(...(items(parsed(page, fields)) ?? []))
        if (found.length >= top) break
      }
      return found.slice(0, top)
    },
    deleteManifest: (repository, digest) => client.deleteManifest({ host, repository }, digest, { signal }),
  }
}

function parsed<S extends z.ZodType>(shape: S, fields: unknown): z.output<S> {
  const { data, error } = shape.safeParse(fields)
  if (error) throw AnswerUnknown(z.prettifyError(error))
  return data
}
