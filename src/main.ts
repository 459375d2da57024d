import { type LocalCommands, runCli } from './cli/index.ts'
import * as roles from './roles/index.ts'

const local: LocalCommands = roles

/** Runs one command line to its end. The program is bin/towpath.mjs. */
export async function main(args: readonly string[]): Promise<void> {
  const code = await runCli(args, local)
  process.exitCode = code
  // The channel to a supervisor would keep the process.
  if (process.connected) process.disconnect?.()
}
