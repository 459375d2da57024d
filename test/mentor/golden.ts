import type { Machine } from './mentor.ts'

/** Three small repositories that agree on how an error is caught; one place does otherwise. */
export function writeGolden({ write, commit }: Machine): void {
  for (const folder of ['remote/acme/payments', 'remote/acme/orders', 'golden']) {
    const files = Array.from({ length: 20 }, (_, i) => [`${folder}/src/load-${i}.ts`, loader(i)])
    const odd = folder === 'golden' ? { [`${folder}/src/odd.ts`]: BREACH.replace('save', 'keep') } : {}
    write({ ...Object.fromEntries(files), ...odd })
    commit(folder)
  }
}

function loader(i: number): string {
  return `import { read } from './read.ts'

/** Retries a request number ${i} with growing pauses. */
export function retryRequest${i}(path: string): string {
  try {
    return read(path)
  } catch (error) {
    throw new Error('Could not load it', { cause: error })
  }
}
`
}

/** Does otherwise at line 5. */
export const BREACH = `/** Saves it. */
export function save(path: string): void {
  try {
    write(path)
  } catch {}
}
`
