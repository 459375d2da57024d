import type { Question } from '../question.ts'
import { inCase } from './case.ts'

/** What is said of a name that is written otherwise than the rest: `what` is named, and `bare` leaves of it what is a name. */
export function renamed(what: string, bare = (name: string) => name): Question['words'] {
  return (norm, at, file) => {
    const sketch = inCase(bare(file.text.slice(at.startIndex, at.endIndex)), norm.answer)
    return {
      nudge: sketch ? `Would \`${sketch}\` read like the names around it?` : `Is this ${what} named like the others?`,
      why: `Golden repositories write a ${what} in ${norm.answer}; a name in another case makes a reader look for a reason.`,
      ...(sketch !== undefined && { sketch }),
    }
  }
}
