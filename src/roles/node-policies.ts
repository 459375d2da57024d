import { z } from 'zod'
import { purgeBody, sweepQuery } from '../api/index.ts'
import { type PolicyWork, servedPolicy } from '../registry/index.ts'
import { askedBy, type NodeQuestions } from './node-questions.ts'

const after = sweepQuery.shape.after
const previewing = z.object({ policy: servedPolicy, after })
const purging = purgeBody.extend({ registryId: z.string().max(70), after, by: askedBy })

/** What a node answers of what policies and purges take; who asks was let through by control. */
export function createNodePolicies({ work }: { work: PolicyWork }): NodeQuestions {
  return {
    async 'POST policies/preview'({ body }) {
      const { policy, after } = previewing.parse(body)
      return work.preview(policy, after)
    },
    async 'POST policies/purge'({ body }) {
      const { by, registryId, ...asked } = purging.parse(body)
      return work.purge(registryId, asked, by)
    },
  }
}
