import { z } from 'zod'
import { importListQuery } from '../api/index.ts'
import type { Store } from '../kernel/index.ts'
import { ImportUnknown, imports, readImport, readImports } from '../registry/index.ts'
import { askedBy, type NodeQuestions } from './node-questions.ts'

const registry = z.object({ registryId: z.string().max(70) })
const one = registry.extend({ id: z.string().max(100) })
const pageQuery = importListQuery.omit({ region: true }).extend(registry.shape)

const source = z.object({
  ...{ host: z.string(), repository: z.string(), tag: z.string(), digest: z.string(), allTags: z.boolean() },
})
/** Control has looked at all of it. */
const start = z.object({
  asked: one.extend({
    ...{ source, repository: z.string(), tags: z.array(z.string()).max(100) },
    ...{ force: z.boolean(), referrers: z.boolean(), plainHttp: z.boolean(), mayMount: z.boolean(), by: askedBy },
  }),
  /** The credentials, as control's database would have them; '' where there are none. */
  sealed: z.string(),
})
const cancel = one.extend({ by: askedBy })

/** What a node answers of its region's imports. */
export function createNodeImports({ store, region }: { store: Store; region: string }): NodeQuestions {
  return {
    async 'GET imports'({ query }) {
      return { imports: await readImports(store.read, pageQuery.parse(query)) }
    },
    async 'GET imports/one'({ query }) {
      const ref = one.parse(query)
      const found = await readImport(store.read, ref)
      if (!found) throw ImportUnknown(ref.id)
      return found
    },
    async 'POST imports'({ body }) {
      return store.write(imports.start, { region, ...start.parse(body) })
    },
    async 'POST imports/cancel'({ body }) {
      return store.write(imports.cancel, { region, ...cancel.parse(body) })
    },
  }
}
