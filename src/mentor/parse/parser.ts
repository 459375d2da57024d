import type { Language as Grammar, Tree } from '@vscode/tree-sitter-wasm'
import { type Clock, systemClock } from '../../kernel/index.ts'
import { isBearable } from './bearable.ts'
import { editedTree } from './edits.ts'
import { type Grammars, openGrammars } from './grammars.ts'
import { findImports } from './imports.ts'
import { type Language, languageOf } from './language.ts'
import { lineIndex } from './lines.ts'
import { mend } from './mend.ts'
import type { Edit, Parsed, Parser, SyntaxNode } from './parsed.ts'
import { readSyntax } from './syntax.ts'
import { findUnits } from './units/units.ts'

/**
 * A text of quotes or question marks takes time with the square of its length: 60,000 of them a minute. Real code takes
 * 0.2 µs a character, so this is 250 ms and 25 times as long.
 */
const FREE_MS = 250
const MS_A_CHARACTER = 0.005

type Loaded = {
  readonly grammars: Grammars
  readonly parser: ReturnType<Grammars['parser']>
  readonly languages: Map<Language, Grammar>
  /** Trees of this runtime's memory: an address of another's means nothing here. */
  readonly trees: WeakSet<Tree>
  readonly clock: Pick<Clock, 'monotonic'>
}

/** One parser for all languages. It keeps grammars, no trees: whoever gets a `Parsed` disposes of it. */
export async function createParser(clock: Pick<Clock, 'monotonic'> = systemClock('parser')): Promise<Parser> {
  let loaded: Loaded | undefined = await load(clock)
  let loading: Promise<Loaded> | undefined

  return {
    async ready(language) {
      loading ??= loaded ? Promise.resolve(loaded) : load(clock)
      loaded = await loading
      loading = undefined
      loaded.languages.set(language, await loaded.grammars.load(language))
    },
    parse(path, text, before) {
      const language = languageOf(path)
      const grammar = language && loaded?.languages.get(language)
      if (loaded === undefined || language === undefined || grammar === undefined || !isBearable(text)) return undefined
      const tree = grow(loaded, grammar, text, before?.parsed.language === language ? before : undefined)
      const mended = typeof tree === 'object' && tree.rootNode.hasError ? mend(text, language) : text
      const grown = typeof tree === 'object' && mended !== text ? regrow(loaded, grammar, tree, mended) : tree
      if (grown === 'lost') loaded = undefined
      return typeof grown === 'object' ? readParsed(path, language, text, grown) : undefined
    },
  }
}

async function load(clock: Loaded['clock']): Promise<Loaded> {
  const grammars = await openGrammars()
  return { grammars, parser: grammars.parser(), languages: new Map(), trees: new WeakSet(), clock }
}

function grow(
  { parser, trees, clock }: Loaded,
  grammar: Grammar,
  text: string,
  before: { readonly parsed: Parsed; readonly edits: readonly Edit[] } | undefined,
): Tree | 'stopped' | 'lost' {
  const deadline = clock.monotonic() + FREE_MS + text.length * MS_A_CHARACTER
  try {
    parser.setLanguage(grammar)
    const start =
      before && trees.has(before.parsed.tree)
        ? editedTree(before.parsed.tree, before.parsed.text, before.edits, text)
        : undefined
    const tree = parser.parse(text, start, { progressCallback: () => clock.monotonic() > deadline })
    start?.delete()
    if (tree === null) {
      // A parse that was stopped would go on with the next text.
      parser.reset()
      return 'stopped'
    }
    trees.add(tree)
    return tree
  } catch (error) {
    // Its memory ends at 2 GB, and what it then leaves can't be used again.
    if (error instanceof Error && error.name === 'RuntimeError') return 'lost'
    throw error
  }
}

/** The mended text's tree instead, where that alone has no errors. It is the start of no other: its text was never typed. */
function regrow(loaded: Loaded, grammar: Grammar, tree: Tree, mended: string): Tree | 'lost' {
  const other = grow(loaded, grammar, mended, undefined)
  if (other === 'stopped') return tree
  if (other === 'lost') return 'lost'
  const better = !other.rootNode.hasError
  ;(better ? tree : other).delete()
  if (!better) return tree
  loaded.trees.delete(other)
  return other
}

function readParsed(path: string, language: Language, text: string, tree: Tree): Parsed {
  const { root, byType } = readSyntax(tree)
  const syntax = {
    root,
    nodes: (...types: string[]): readonly SyntaxNode[] =>
      types.length === 1 ? (byType.get(types[0] ?? '') ?? []) : types.flatMap(type => byType.get(type) ?? []),
    textOf: (node: SyntaxNode) => text.slice(node.startIndex, node.endIndex),
    lineOf: lineIndex(text),
  }
  return {
    path,
    language,
    text,
    tree,
    ...syntax,
    broken: tree.rootNode.hasError,
    units: findUnits(syntax, language),
    imports: findImports(syntax, language),
    [Symbol.dispose]: () => tree.delete(),
  }
}
