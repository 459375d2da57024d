import { createLayout, formatReference, openLayout, type Source, type Target } from '../../oci/index.ts'
import { type Endpoint, hostIn, parseEndpoint, tagOf } from './endpoint.ts'
import { localFiles } from './layout-files.ts'
import { type Common, runAction, type Session } from './session.ts'
import { registryAt, transfer } from './transfer.ts'

export type CopyOptions = Common & { readonly referrers?: boolean }

/** `towpath oci copy <source> <destination>`: everything that the source's name leads to, byte for byte. */
export function copy(source: string, destination: string, options: CopyOptions): Promise<void> {
  const given = [destination, source].map(hostIn).find(host => host !== undefined)
  return runAction(options, given, async session => {
    const from = parseEndpoint(source)
    const to = parseEndpoint(destination)
    const tag = to.kind === 'layout' ? (tagOf(to) ?? tagOf(from)) : tagOf(to)
    const done = await transfer(session, options, {
      from: await sourceAt(session, from),
      to: await targetAt(session, to),
      name: from.name,
      tag,
      ...(options.referrers ? { referrers: true } : {}),
    })
    const { present, mounted, sent } = done.blobs
    session.progress.say(
      `${done.manifests} manifests; blobs: ${sent} sent, ${mounted} mounted, ${present} there already`,
    )
    session.print(described(to, tag, done.digest))
  })
}

export async function sourceAt(session: Session, endpoint: Endpoint): Promise<Source> {
  return endpoint.kind === 'registry' ? registryAt(session, endpoint) : openLayout(localFiles(endpoint.folder))
}

async function targetAt(session: Session, endpoint: Endpoint): Promise<Target> {
  return endpoint.kind === 'registry' ? registryAt(session, endpoint) : createLayout(localFiles(endpoint.folder))
}

function described(
  to: Endpoint,
  tag: string | undefined,
  digest: Parameters<typeof formatReference>[0]['digest'] & string,
): string {
  if (to.kind === 'layout') return `oci:${to.folder}@${digest}`
  const { host, repository } = to.ref
  return formatReference({ host, repository, ...(tag === undefined ? {} : { tag }), digest })
}
