export type { LocalCommands } from './local-commands.ts'
export { runCli } from './run.ts'
