// `npm run package`: towpath-mentor.vsix, by the program that VS Code's own marketplace takes packages from.
import { join } from 'node:path'
import { createVSIX } from '@vscode/vsce'
import './build.ts'

const cwd = import.meta.dirname
// Everything is bundled: nothing of node_modules goes in.
await createVSIX({
  cwd,
  packagePath: join(cwd, 'towpath-mentor.vsix'),
  dependencies: false,
  allowMissingRepository: true,
})
