/** Words of a golden repository as plain text: no markup of theirs takes effect in our document. */
export function plain(text: string, longest: number): string {
  const line = text.replace(/[\s\p{C}]+/gu, ' ').trim()
  const cut =
    line.length > longest
      ? `${line
          .slice(0, longest)
          .toWellFormed()
          .replace(/\s*\S*$/u, '')} …`
      : line
  return cut.replace(/[\\`*_[\]<>|#~!&]/g, '\\$&')
}

/** Words of ours that may have code in them. */
export function withCode(text: string, longest: number): string {
  const line = text.replace(/\s+/g, ' ').slice(0, longest)
  return line.replace(/(`[^`]+`)|[\\`*_[\]<>|#~!&]/g, (piece, span) => span ?? `\\${piece}`)
}

/** In backticks, whatever is in it; a bar would end a table's cell even there. */
export function code(text: string): string {
  return `\`${text.replace(/[`|\s\p{C}]+/gu, ' ').trim()}\``
}

/** Lines of a source, in a fence that nothing in them closes. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(({ 0: run }) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${dedented(text.replace(/\n+$/, ''))}\n${fence}`
}

/** Without the indentation that all lines share. */
function dedented(text: string): string {
  const lines = text.split('\n')
  const shared = Math.min(
    ...lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length),
  )
  return Number.isFinite(shared) ? lines.map(line => line.slice(shared)).join('\n') : text
}

/** The first sentence of a doc comment or a README's paragraph. */
export function firstSentence(text: string): string {
  const paragraph = text.trim().split(/\n\s*\n|\n\s*[@:]\w/, 1)[0] ?? ''
  const flat = paragraph
    .replace(/\{@\w+\s+([^}|]*)[^}]*\}/g, '$1')
    .replace(/:[a-z]+:`[~!]?([^`]*)`/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim()
  // Tags alone, as `@param`, say nothing of the whole.
  if (/^[@:]\w/.test(flat)) return ''
  return /^.*?[.!?](?=\s|$)/.exec(flat)?.[0] ?? flat
}

/** "3 files", "1 file". */
export function count(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`
}
