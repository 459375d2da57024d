import type { Language } from '../language.ts'
import type { Unit } from '../parsed.ts'
import { csharpUnits, javaUnits } from './csharp-java.ts'
import { docWords, type Found, type Syntax } from './found.ts'
import { goUnits } from './go.ts'
import { pythonUnits } from './python.ts'
import { typescriptUnits } from './typescript.ts'

const FIND: Readonly<Record<Language, (file: Syntax) => Found[]>> = {
  typescript: typescriptUnits,
  tsx: typescriptUnits,
  javascript: typescriptUnits,
  python: pythonUnits,
  go: goUnits,
  csharp: csharpUnits,
  java: javaUnits,
}

/** In the order of the text, a class before its methods. */
export function findUnits(file: Syntax, language: Language): Unit[] {
  return FIND[language](file)
    .sort((a, b) => a.whole.startIndex - b.whole.startIndex || b.whole.endIndex - a.whole.endIndex)
    .map(({ kind, name, container, exported, named, whole, doc }) => ({
      kind,
      name,
      container,
      exported,
      startLine: file.lineOf(Math.min(whole.startIndex, doc[0]?.startIndex ?? whole.startIndex)),
      endLine: file.lineOf(lastIndex(file, whole)),
      nameLine: file.lineOf(named.startIndex),
      doc: docWords(doc.map(node => file.textOf(node))),
    }))
}

/** Where the last character of it is that can be seen: some nodes take the newline behind them along. */
function lastIndex(file: Syntax, whole: Found['whole']): number {
  return whole.startIndex + Math.max(0, file.textOf(whole).trimEnd().length - 1)
}
