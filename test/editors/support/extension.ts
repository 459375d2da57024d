import { fileURLToPath } from 'node:url'
import { run } from '../../peers/support/process.ts'

/** The folder of the VS Code extension. */
export const EXTENSION = fileURLToPath(new URL('../../../editors/vscode', import.meta.url))

const MODULES = fileURLToPath(new URL('../../../bin/modules.mjs', import.meta.url))

/** What the lockfile of a folder of this repository names. */
export async function install(folder: string): Promise<void> {
  await run(process.execPath, [MODULES, folder])
}

/** Built anew from its sources, as it is packaged. */
export async function buildExtension(): Promise<void> {
  await install('editors/vscode')
  await run(process.execPath, ['build.ts'], { cwd: EXTENSION })
}
