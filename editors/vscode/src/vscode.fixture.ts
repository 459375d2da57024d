import { registerHooks } from 'node:module'

/**
 * What the extension asks of VS Code, answered by the test. VS Code itself can't be had here; its own code runs in
 * test/editors, with monaco.
 */
export const editor = {
  /** What the user was shown and asked, in order. */
  seen: [] as string[],
  /** What the user answers next; undefined: turns away. */
  answers: [] as unknown[],
  commands: new Map<string, (...args: unknown[]) => unknown>(),
  items: [] as { text: string; command?: string }[],
}

export function freshEditor(): typeof editor {
  editor.seen.length = 0
  editor.answers.length = 0
  editor.items.length = 0
  editor.commands.clear()
  return editor
}

const ask = async (what: string) => {
  editor.seen.push(what)
  return editor.answers.shift()
}

const disposable = { dispose: () => undefined }

export const stub = {
  StatusBarAlignment: { Left: 1, Right: 2 },
  CancellationTokenSource: class {
    token = { isCancellationRequested: false }
    cancel() {
      this.token.isCancellationRequested = true
    }
    dispose() {}
  },
  Uri: {
    joinPath: (base: string, ...parts: string[]) => [base, ...parts].join('/'),
  },
  window: {
    showWarningMessage: (words: string, ..._: unknown[]) => ask(words),
    showInputBox: async (box: { value?: string; validateInput(text: string): string | undefined }) => {
      const answer = await ask(`input: ${box.value}`)
      if (typeof answer !== 'string') return undefined
      const wrong = box.validateInput(answer)
      if (wrong !== undefined) throw new Error(wrong)
      return answer
    },
    showQuickPick: async (items: { label: string }[]) => {
      const label = await ask(`pick: ${items.map(item => item.label)}`)
      return items.find(item => item.label === label)
    },
    createStatusBarItem: () => {
      const item = { text: '', show: () => undefined, ...disposable }
      editor.items.push(item)
      return item
    },
    registerWebviewViewProvider: () => disposable,
  },
  commands: {
    registerCommand: (name: string, run: (...args: unknown[]) => unknown) => {
      editor.commands.set(name, run)
      return disposable
    },
    executeCommand: async (name: string, ...args: unknown[]) => {
      editor.seen.push(`${name} ${JSON.stringify(args)}`)
      return editor.commands.get(name)?.(...args)
    },
  },
}

const names = Object.keys(stub).map(name => `export const ${name} = stub.${name}`)
const source = `import { stub } from ${JSON.stringify(import.meta.url)}\n${names.join('\n')}\n`

registerHooks({
  resolve(specifier, context, next) {
    return specifier === 'vscode' ? { url: 'stub:vscode', shortCircuit: true } : next(specifier, context)
  },
  load(url, context, next) {
    return url === 'stub:vscode' ? { format: 'module', source, shortCircuit: true } : next(url, context)
  },
})
