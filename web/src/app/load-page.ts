const AGAIN_MS = 1_000

/**
 * Loads a page's module. Control serves modules too: while it is away the page waits, for as long as somebody looks at
 * it. A module that is missing although control answers is one of an earlier version: then the router loads all anew.
 */
export async function loadPage<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch {
    while (!(await controlAnswers())) await new Promise(done => setTimeout(done, AGAIN_MS))
    return load()
  }
}

async function controlAnswers(): Promise<boolean> {
  const answer = await fetch('/readyz', { signal: AbortSignal.timeout(AGAIN_MS) }).catch(() => undefined)
  return answer?.ok === true
}
