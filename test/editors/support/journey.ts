import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Transcript } from './transcript.ts'
import type { World } from './world.fixture.ts'

/** Longer than all that a script waits for by itself. */
const LATE_MS = 300_000

type Journey = {
  readonly command: string
  readonly args: readonly string[]
  /** Of this repository: what the editor loads. */
  readonly plugin: string
  /** What is typed at the end of the file. */
  readonly code: string
}

/** Runs an editor with a script that writes a line of JSON a step; the rest that it prints is in the transcript too. */
export async function runJourney(
  world: World,
  { say }: Transcript,
  { command, args, plugin, code }: Journey,
): Promise<void> {
  const env = {
    ...world.env,
    PLUGIN: fileURLToPath(new URL(`../../../editors/${plugin}`, import.meta.url)),
    PROJECT: world.project,
    CODE: code,
    TOWPATH: world.towpath,
  }
  const { output, failed } = await new Promise<{ output: string; failed: Error | null }>(done => {
    execFile(
      command,
      args,
      { env, cwd: world.project, timeout: LATE_MS, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => done({ output: `${stdout}\n${stderr}`, failed: error }),
    )
  })
  for (const line of output.split('\n')) {
    if (line.startsWith('{"step"')) {
      const { step, what } = JSON.parse(line)
      say(step, what)
    } else if (line.trim() !== '') say('printed', line)
  }
  if (failed) throw new Error(`${command} did not come to its end: ${failed.message.slice(0, 500)}`, { cause: failed })
}
