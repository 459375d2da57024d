import type { Config, Store } from '../../kernel/index.ts'
import { askRegion } from '../ask-region.ts'
import { byWhom } from '../node-questions.ts'
import { type NodeCall, regionOf } from '../nodes.ts'
import { ownedRegistry } from './in-registry.ts'
import type { Session } from './session.ts'

// A whole repository goes for 5 s before the region answers what is gone by then.
const CHANGE_MS = 15_000

type Asked = {
  readonly params: { readonly name: string }
  readonly query: Readonly<Record<string, string | number | undefined>> & { readonly region?: string | undefined }
}

/**
 * Asks a region what a registry holds, or to change it; who asks was let through. `query` is what the region's node
 * parses. The answer is as the node gives it, with the region.
 */
export function regionContent({ config, store }: { config: Config; store: Store }) {
  async function ask({ query }: Asked, path: string, call?: NodeCall): Promise<unknown> {
    const region = regionOf(config, query)
    return { ...((await askRegion(config, region, `/internal/v1/content/${path}`, call)) as object), region }
  }

  return {
    async read(asked: Asked, what: string, more: Readonly<Record<string, string>> = {}): Promise<unknown> {
      const { registryId } = await ownedRegistry(store.read, asked.params)
      const { region: _, ...query } = asked.query
      const said = Object.entries({ ...query, ...more }).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, String(value)]],
      )
      const text = new URLSearchParams([...said, ['registryId', registryId]])
      return ask(asked, `${what}?${text}`)
    },

    async change(asked: Asked, session: Session, what: string, body: Readonly<Record<string, unknown>>) {
      const { registryId, tenantId } = await ownedRegistry(store.read, asked.params)
      const whole = JSON.stringify({ ...body, registryId, by: byWhom(session, tenantId) })
      return ask(asked, what, { method: 'POST', body: whole, timeout: CHANGE_MS })
    },
  }
}
