import type { CancellationToken } from 'vscode-languageserver/node'

/** A request that the editor no longer wants, as the rest of the house knows it. */
export function abortOn(token: CancellationToken): AbortSignal {
  const stop = new AbortController()
  if (token.isCancellationRequested) stop.abort()
  else token.onCancellationRequested(() => stop.abort())
  return stop.signal
}
