import { failure } from '../../kernel/index.ts'
import { type Digest, isTag, parseDigest, parseReference, parseTag, type Reference, selector } from '../../oci/index.ts'

/** What a word of the command line names: something in a registry, or in a layout on disk. */
export type Endpoint =
  | { readonly kind: 'registry'; readonly ref: Reference; readonly name: string }
  | { readonly kind: 'layout'; readonly folder: string; readonly name: string | undefined }

export const NotAnEndpoint = failure('CLI_NOT_AN_ENDPOINT', 400, (text: string) => ({
  says: `${JSON.stringify(text)} names no folder`,
  next: 'Write oci:<folder>, oci:<folder>:<tag> or oci:<folder>@<digest>',
}))

/** `oci:<folder>[:<tag>|@<digest>]` as skopeo has it (and `docker://` is left off as it writes it), else a reference. */
export function parseEndpoint(text: string): Endpoint {
  if (text.startsWith('oci:')) return layout(text, text.slice(4))
  const ref = parseReference(withoutScheme(text))
  return { kind: 'registry', ref, name: selector(ref) }
}

/** The tag to give at the other end; a digest is given to nothing. */
export function tagOf(endpoint: Endpoint): string | undefined {
  if (endpoint.kind === 'registry') return endpoint.ref.digest ? endpoint.ref.tag : (endpoint.ref.tag ?? 'latest')
  return endpoint.name !== undefined && isTag(endpoint.name) ? endpoint.name : undefined
}

/** The registry in a word of the command line, before anybody checked it: given credentials are for it. */
export function hostIn(text: string): string | undefined {
  return text.startsWith('oci:') ? undefined : withoutScheme(text).split('/')[0]?.toLowerCase()
}

/** References as skopeo writes them, too. */
export function withoutScheme(text: string): string {
  return text.replace(/^(?:docker|oci-registry):\/\//, '')
}

function layout(text: string, rest: string): Endpoint {
  const at = rest.indexOf('@sha')
  const digest: Digest | undefined = at < 0 ? undefined : parseDigest(rest.slice(at + 1))
  const path = at < 0 ? rest : rest.slice(0, at)
  // After the last slash, so that folders with a colon in their names can be written with a slash at the end.
  const colon = path.indexOf(':', path.lastIndexOf('/') + 1)
  const folder = colon < 0 ? path : path.slice(0, colon)
  if (folder === '') throw NotAnEndpoint(text)
  return { kind: 'layout', folder, name: digest ?? (colon < 0 ? undefined : parseTag(path.slice(colon + 1))) }
}
