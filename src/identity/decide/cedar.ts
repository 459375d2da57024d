import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs'
import { LRUCache } from 'lru-cache'
import { failure } from '../../kernel/index.ts'
import { CEDAR_SCHEMA } from './schema.ts'

export type PolicySet = Cedar.PolicySet
export type CedarCall = Pick<
  Cedar.StatefulAuthorizationCall,
  'principal' | 'action' | 'resource' | 'context' | 'entities'
>

/** Nothing of ours makes such a call: 500, and nothing is allowed. */
export const CedarFailed = failure('IDENTITY_DECISION_FAILED', 500, (why: string) => ({
  says: `The policies could not be asked: ${why}`,
  next: 'Report this: nothing was allowed by it',
}))

/** Cedar with our schema: 13 MB that only who decides loads. */
export type Engine = {
  /** What is wrong with a template or policy, or undefined. */
  complaint(policy: string): string | undefined
  /** Parses under a name of the caller's; the same name again replaces it. */
  prepare(name: string, set: PolicySet): void
  ask(name: string, call: CedarCall): { allowed: boolean; policies: string[]; errors: string[] }
}

const SCHEMA_NAME = 'towpath'
// A check costs 12 ms, since every action is tried; of the texts that roles and conditions make few differ.
const CHECKED = 2000

let loading: Promise<Engine> | undefined

export function loadCedar(): Promise<Engine> {
  loading ??= import('@cedar-policy/cedar-wasm/nodejs').then(engineOf)
  return loading
}

function engineOf(cedar: typeof Cedar): Engine {
  const checked = new LRUCache<string, { wrong: string | undefined }>({ max: CHECKED })
  must(cedar.preparseSchema(SCHEMA_NAME, CEDAR_SCHEMA))

  function check(policy: string): string | undefined {
    const set = policy.includes('?principal') || policy.includes('?resource') ? 'templates' : 'staticPolicies'
    const answer = cedar.validate({ schema: CEDAR_SCHEMA, policies: { [set]: { policy } } })
    if (answer.type === 'failure') return answer.errors.map(error => error.message).join('; ')
    // Each action complains anew: the first says it.
    const [first] = answer.validationErrors
    return first && [first.error.message, first.error.help].filter(Boolean).join(': ')
  }

  return {
    complaint(policy) {
      const held = checked.get(policy)
      if (held) return held.wrong
      const wrong = check(policy)
      checked.set(policy, { wrong })
      return wrong
    },
    prepare: (name, set) => must(cedar.preparsePolicySet(name, set)),
    ask(name, call) {
      const answer = cedar.statefulIsAuthorized({
        ...call,
        preparsedPolicySetId: name,
        preparsedSchemaName: SCHEMA_NAME,
        validateRequest: true,
      })
      if (answer.type === 'failure') throw CedarFailed(answer.errors.map(error => error.message).join('; '))
      const { decision, diagnostics } = answer.response
      return {
        allowed: decision === 'allow',
        policies: [...diagnostics.reason].sort(),
        errors: diagnostics.errors.map(error => error.policyId),
      }
    },
  }
}

function must(answer: Cedar.CheckParseAnswer): void {
  if (answer.type === 'failure') throw CedarFailed(answer.errors.map(error => error.message).join('; '))
}
