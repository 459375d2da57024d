import { parseHost, parseReference } from '../../oci/index.ts'
import { hostIn, withoutScheme } from './endpoint.ts'
import { type Common, runAction } from './session.ts'

export type LsOptions = Common & { readonly output: 'table' | 'json' }

/** `towpath oci ls <registry|repository>`: repositories or tags, one a line. */
export function ls(what: string, options: LsOptions): Promise<void> {
  return runAction(options, hostIn(what), async ({ client, print, signal }) => {
    const bare = withoutScheme(what).replace(/\/$/, '')
    const names = bare.includes('/')
      ? client.listTags(parseReference(bare), { signal })
      : client.catalog(parseHost(bare), { signal })
    if (options.output === 'json') {
      print(JSON.stringify(await Array.fromAsync(names)))
      return
    }
    for await (const name of names) print(name)
  })
}
