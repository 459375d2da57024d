import type { Tree } from '@vscode/tree-sitter-wasm'
import type { Language } from './language.ts'

/** What has a name and a body of its own. Lines are 1-based and inclusive, with doc comment, decorators and `export`. */
export type Unit = {
  readonly kind: 'function' | 'method' | 'class' | 'type'
  readonly name: string
  /** The class or type around it, '' at the top. */
  readonly container: string
  readonly startLine: number
  readonly endLine: number
  readonly nameLine: number
  /** The doc comment's words, without its marks; '' where there is none. */
  readonly doc: string
  readonly exported: boolean
}

export type Import = { readonly specifier: string; readonly names: readonly string[]; readonly line: number }

/**
 * A node of the syntax tree as a plain value, so that asking it costs nothing: each question put to the wasm
 * tree crosses a border. Indexes are UTF-16 offsets in the text.
 */
export type SyntaxNode = {
  /** The grammar's word: `catch_clause`, `identifier`, or the text of a token as `=>`. */
  readonly type: string
  readonly named: boolean
  /** What the parent calls it (`body`, `name` …), '' where it has no word for it. */
  readonly field: string
  readonly startIndex: number
  readonly endIndex: number
  readonly parent: SyntaxNode | undefined
  /** Its place among the parent's children. */
  readonly index: number
  /** Tokens and comments too. */
  readonly children: readonly SyntaxNode[]
}

export type Parsed = {
  /** From the root of the repository, with `/`. */
  readonly path: string
  readonly language: Language
  readonly text: string
  readonly tree: Tree
  readonly root: SyntaxNode
  /** All nodes of these types, in the order of the text where one type is asked for. */
  nodes(...types: string[]): readonly SyntaxNode[]
  textOf(node: SyntaxNode): string
  /** The 1-based line of an offset. */
  lineOf(index: number): number
  /** The tree has errors: what is asked of it may be wrong. */
  readonly broken: boolean
  readonly units: readonly Unit[]
  readonly imports: readonly Import[]
  /** Frees the tree, which lies outside the garbage collector's reach. Nodes, units and imports stay usable. */
  [Symbol.dispose](): void
}

/** One change as an editor tells it: offsets in the text as it was before this change. */
export type Edit = { readonly startIndex: number; readonly endIndex: number; readonly text: string }

export type Parser = {
  /**
   * Loads the grammar of a language; at once where it is loaded. Await it before each `parse`: a text that ran the parser
   * out of memory took all grammars with it, and here they come back.
   */
  ready(language: Language): Promise<void>
  /**
   * `undefined` where the language is none of ours or not `ready`, or the text is more than a parser can bear. `before` and the edits since,
   * in their order, make it quicker, and never change what comes out; `before.parsed` stays as it is.
   */
  parse(
    path: string,
    text: string,
    before?: { readonly parsed: Parsed; readonly edits: readonly Edit[] },
  ): Parsed | undefined
}
