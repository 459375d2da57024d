import { WorkDoneProgressReporter } from 'vscode-languageserver/node'
import type { Progress } from '../index/types.ts'
import type { Context } from './commands.ts'

type ProgressBar = {
  report(progress: Progress): void
  /** The user pressed its button. */
  readonly cancelled: AbortSignal
  done(): void
}

/** The one that the editor brought with its request, else one of our own where it can show it. */
export async function openBar({ session, progress }: Context, title: string): Promise<ProgressBar> {
  const cancelled = new AbortController()
  const reporter = WorkDoneProgressReporter.isNullInstance(progress) ? await ownBar(session, cancelled) : progress
  reporter?.begin(title, 0, undefined, reporter !== progress)
  return {
    report({ repository, phase, done, total }) {
      const counted = total === 0 ? '' : ` ${done}/${total}`
      reporter?.report(total === 0 ? 0 : Math.floor((100 * done) / total), `${repository} ${phase}${counted}`.trim())
    },
    cancelled: cancelled.signal,
    done: () => reporter?.done(),
  }
}

async function ownBar({ client, connection }: Context['session'], cancelled: AbortController) {
  if (!client.progress) return undefined
  const reporter = await connection.window.createWorkDoneProgress()
  reporter.token.onCancellationRequested(() => cancelled.abort(new Error('the user cancelled it')))
  return reporter
}
