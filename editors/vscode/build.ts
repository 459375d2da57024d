// `npm run build`: the extension and its chat page into dist/, one file each, and the licence beside.
import { copyFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'rolldown'

const root = import.meta.dirname
const dist = join(root, 'dist')
rmSync(dist, { recursive: true, force: true })
await build({
  input: join(root, 'src/extension.ts'),
  external: ['vscode'],
  platform: 'node',
  // The oldest VS Code of `engines` runs Node 20.
  transform: { target: 'node20' },
  output: { file: join(dist, 'extension.cjs'), format: 'cjs', minify: true },
})
await build({
  input: join(root, 'page/chat.ts'),
  platform: 'browser',
  output: { file: join(dist, 'chat.js'), format: 'iife', minify: true },
})
copyFileSync(join(root, 'page/chat.css'), join(dist, 'chat.css'))
copyFileSync(resolve(root, '../../LICENSE'), join(root, 'LICENSE'))
