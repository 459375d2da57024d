import type { Edit, Parsed, SyntaxNode } from '../../parse/parsed.ts'
import type { RepositoryFacts, Site } from '../question.ts'

/** A place that holds to its norm. */
export type Held = { readonly file: Parsed; readonly site: Site; readonly facts: RepositoryFacts }

/** New text, by edits that don't overlap, or another place for the text, which may change with it. */
export type Change = readonly Edit[] | { readonly path: string; readonly edits?: readonly Edit[] }

/** How a question is shown to see: a source with a place that it asks, and what makes such a place answer otherwise. */
export type Breaking = {
  readonly example: string
  /** Where the source lies, if that matters. */
  readonly path?: string
  /** `undefined` where it can't be done to this place. */
  breaks(held: Held): Change | undefined
}

export type Breakings = Readonly<Record<string, Breaking>>

/** Path and text after the change. */
export function changed({ path, text }: Parsed, change: Change): { path: string; text: string } {
  const edits = 'path' in change ? (change.edits ?? []) : change
  const last = [...edits].sort((a, b) => b.startIndex - a.startIndex)
  const after = last.reduce((now, edit) => now.slice(0, edit.startIndex) + edit.text + now.slice(edit.endIndex), text)
  return { path: 'path' in change ? change.path : path, text: after }
}

/** A file of the other folder that imports from this one: both names change places, in the path and in what is imported. */
export const turnedImport: Breaking['breaks'] = ({ file, site }) => {
  const [ours = '', , theirs = ''] = site.answer.split(' ')
  const parts = file.path.split('/')
  parts[parts.indexOf(ours)] = theirs
  const text = file.text.slice(site.startIndex, site.endIndex)
  return { path: parts.join('/'), edits: [edit(site.startIndex, site.endIndex, text.replace(theirs, ours))] }
}

/** The same where the source itself says where it lies, in a node of the types. */
export function turnedPackage(...types: string[]): Breaking['breaks'] {
  return ({ file, site }) => {
    const [ours = '', , theirs = ''] = site.answer.split(' ')
    const declared = file.nodes(...types)[0]
    const name = declared?.children.find(one => one.named)
    if (!name) return undefined
    const text = file.text.slice(site.startIndex, site.endIndex)
    return [
      edit(name.startIndex, name.endIndex, file.textOf(name).replace(ours, theirs)),
      edit(site.startIndex, site.endIndex, text.replace(theirs, ours)),
    ]
  }
}

/** The site's own text, rewritten. */
export function rewrite(to: (text: string, held: Held) => string | undefined): Breaking['breaks'] {
  return held => {
    const { file, site } = held
    const before = file.text.slice(site.startIndex, site.endIndex)
    const text = to(before, held)
    return text === undefined || text === before ? undefined : [edit(site.startIndex, site.endIndex, text)]
  }
}

/** By the answer that the place gives now. */
export function swap(texts: Readonly<Record<string, string>>): Breaking['breaks'] {
  return rewrite((_, { site }) => texts[site.answer])
}

/** The innermost node of the types around the site, rewritten. */
export function rewriteAround(
  types: readonly string[],
  to: (text: string, held: Held, node: SyntaxNode) => string | undefined,
): Breaking['breaks'] {
  return held => {
    const node = aroundSite(held, types)
    const text = node && to(held.file.textOf(node), held, node)
    return node === undefined || text === undefined || text === held.file.textOf(node)
      ? undefined
      : [edit(node.startIndex, node.endIndex, text)]
  }
}

export function aroundSite({ file, site }: Held, types: readonly string[]): SyntaxNode | undefined {
  return file
    .nodes(...types)
    .filter(node => node.startIndex <= site.startIndex && node.endIndex >= site.endIndex)
    .sort((a, b) => a.endIndex - a.startIndex - (b.endIndex - b.startIndex))[0]
}

export function edit(startIndex: number, endIndex: number, text: string): Edit {
  return { startIndex, endIndex, text }
}

/** The spaces at the begin of the line. */
export function indentAt(text: string, index: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', index - 1) + 1))?.[0] ?? ''
}

/** The comment lines right above the site's declaration, gone. */
export function withoutDoc(comment: RegExp): Breaking['breaks'] {
  return ({ file, site }) => {
    const lines = file.text.slice(0, file.text.lastIndexOf('\n', site.startIndex - 1) + 1).split('\n')
    let from = lines.length - 1
    while (from > 0 && comment.test(lines[from - 1] ?? '')) from--
    const start = lines.slice(0, from).join('\n').length + (from > 0 ? 1 : 0)
    return from === lines.length - 1 ? undefined : [edit(start, lines.join('\n').length, '')]
  }
}
