import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Language as Grammar } from '@vscode/tree-sitter-wasm'
import type { Language } from './language.ts'

const PACKAGE = '@vscode/tree-sitter-wasm'
const FILES: Readonly<Record<Language, string>> = {
  typescript: 'tree-sitter-typescript.wasm',
  tsx: 'tree-sitter-tsx.wasm',
  javascript: 'tree-sitter-javascript.wasm',
  python: 'tree-sitter-python.wasm',
  go: 'tree-sitter-go.wasm',
  csharp: 'tree-sitter-c-sharp.wasm',
  java: 'tree-sitter-java.wasm',
}

export type Grammars = Awaited<ReturnType<typeof openGrammars>>

/** A runtime of its own, with its own memory, and a loader of grammars into it. Loaded when first needed: commands without sources don't pay. */
export async function openGrammars() {
  // The package is a script whose names Node can't see, so an import of it would be empty.
  const load = createRequire(import.meta.url)
  const script = load.resolve(PACKAGE)
  // It keeps its one instance beside its code, so another instance is another load of the code.
  delete load.cache[script]
  const runtime: typeof import('@vscode/tree-sitter-wasm') = load(script)
  await runtime.Parser.init()
  const folder = dirname(script)
  const loading = new Map<Language, Promise<Grammar>>()
  return {
    parser: () => new runtime.Parser(),
    load: (language: Language): Promise<Grammar> => {
      const grammar = loading.get(language) ?? runtime.Language.load(join(folder, FILES[language]))
      loading.set(language, grammar)
      return grammar
    },
  }
}
