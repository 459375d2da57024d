import { parseHost, parseReference } from '../../oci/index.ts'
import { textOf } from '../output.ts'
import type { Output } from '../output-options.ts'
import { hostIn, withoutScheme } from './endpoint.ts'
import { type Common, runAction } from './session.ts'

export type LsOptions = Common & Output

/** `towpath oci ls <registry|repository>`: repositories or tags, one a line. */
export function ls(what: string, options: LsOptions): Promise<void> {
  return runAction(options, hostIn(what), async ({ client, print, signal }) => {
    const bare = withoutScheme(what).replace(/\/$/, '')
    const names = bare.includes('/')
      ? client.listTags(parseReference(bare), { signal })
      : client.catalog(parseHost(bare), { signal })
    // Lines come as they are known.
    if (options.output === 'table' && options.query === undefined) for await (const name of names) print(name)
    else print((await textOf(options, await Array.fromAsync(names))).trimEnd())
  })
}
