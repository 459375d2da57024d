import { z } from 'zod'
import { reportQuery, supplyChainQuery } from '../api/index.ts'
import { parseDigest, parseRepository, parseTag } from '../oci/index.ts'
import type { SupplyChains, Verdict } from '../registry/index.ts'
import type { NodeQuestions } from './node-questions.ts'

const registryId = z.string().max(70)
const repository = z.string().transform(parseRepository)
const digest = z.string().transform(parseDigest)
const reference = z.string().transform(text => (text.includes(':') ? parseDigest(text) : parseTag(text)))
const chainOf = supplyChainQuery.extend({ registryId, repository, digest: reference })
const reportOf = reportQuery.extend({ registryId, repository, report: digest })

/** What a node tells of who signed what, and of reports; who asks was let through by control. */
export function createNodeSupplyChain(chains: SupplyChains): NodeQuestions {
  return {
    async 'GET content/supply-chain'({ query }) {
      const { digest: reference, last, ...repo } = chainOf.parse(query)
      const { verdicts, ...found } = await chains.of(repo, reference, last)
      return { repository: repo.repository, trust: verdicts.map(shown), ...found }
    },

    async 'GET content/report'({ query }) {
      const { report, severity, after, limit, ...repo } = reportOf.parse(query)
      const { findings, ...rest } = await chains.report(repo, report)
      const all = severity === undefined ? findings : findings.filter(one => one.severity === severity)
      const page = all.slice(after, after + limit)
      const next = after + limit < all.length ? { next: after + limit } : {}
      return { repository: repo.repository, report, ...rest, findings: page, ...next }
    },
  }
}

function shown({ policy, found }: Verdict) {
  const { id: policyId, name, refuse } = policy
  const { key, signature, subject } = found ?? { key: '', signature: '', subject: '' }
  return { policyId, policy: name, refuse, verified: found !== undefined, key, signature, subject }
}
