import type { TestContext } from 'node:test'

export type Step = { readonly step: string; readonly what: unknown }
/** What an editor did and showed, in order. Printed where the test fails. */
export type Transcript = {
  readonly steps: readonly Step[]
  say(step: string, what: unknown): void
  /** What was said at a step; throws where it never came. */
  at(step: string): unknown
}

export function transcriptOf(t: TestContext): Transcript {
  const steps: Step[] = []
  t.after(() => {
    if (!t.passed) for (const { step, what } of steps) console.log(`${step}: ${JSON.stringify(what)}`)
  })
  return {
    steps,
    say: (step, what) => steps.push({ step, what }),
    at(step) {
      const found = steps.find(one => one.step === step)
      if (found === undefined) throw new Error(`The editor never came to "${step}"`)
      return found.what
    },
  }
}
