export { createConsole } from './answer.ts'
export { type ConsoleFile, readConsole } from './files.ts'
