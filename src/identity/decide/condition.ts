import { failure } from '../../kernel/index.ts'
import { ACTIONS } from '../roles/actions.ts'
import { loadCedar } from './cedar.ts'
import { rolePolicy } from './policies.ts'

export const ConditionRefused = failure('ASSIGNMENT_CONDITION_REFUSED', 400, (why: string) => ({
  says: `The condition can't be used: ${why}`,
  next: 'Write a Cedar expression over principal, resource, context.now and context.address, as in resource.kind == "registry"',
}))

const LONGEST = 1000

/** Checked before it is kept: what does not parse, or names what is not there, is refused. */
export async function checkCondition(text: string): Promise<void> {
  if (text === '') return
  if (text.length > LONGEST) throw ConditionRefused(`it is longer than ${LONGEST} characters`)
  // A slot of a template means something else there, and braces could end the clause that it stands in.
  if (/[?{}]/.test(text)) throw ConditionRefused('it holds one of ? { }')
  const cedar = await loadCedar()
  const wrong = cedar.complaint(rolePolicy(ACTIONS, text))
  if (wrong !== undefined) throw ConditionRefused(wrong.slice(0, 500))
}
