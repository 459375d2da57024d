export { ociCommand } from './command.ts'
