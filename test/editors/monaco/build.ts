// Run by Node 26: the page and all it is made of, into the folder that is named.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'rolldown'

const [dir = ''] = process.argv.slice(2)
await build({
  input: join(import.meta.dirname, 'page.ts'),
  platform: 'browser',
  resolve: {
    // The extension's own sources find these here too.
    alias: {
      vscode: join(import.meta.dirname, 'node_modules/@codingame/monaco-vscode-extension-api/extension.api.js'),
      'vscode-languageclient$': join(import.meta.dirname, 'node_modules/vscode-languageclient/lib/browser/main.js'),
    },
  },
  plugins: [
    {
      name: 'styles',
      load: {
        filter: { id: /\.css$/ },
        handler: id => ({
          code: `document.head.append(Object.assign(document.createElement('style'), { textContent: ${JSON.stringify(readFileSync(id, 'utf8'))} }))\nexport default ''`,
          moduleType: 'js',
        }),
      },
    },
  ],
  moduleTypes: { '.ttf': 'empty', '.svg': 'empty', '.png': 'empty' },
  logLevel: 'silent',
  output: { dir, format: 'esm' },
})
