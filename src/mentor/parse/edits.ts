import type { Tree } from '@vscode/tree-sitter-wasm'
import type { Edit } from './parsed.ts'

/**
 * A copy of the tree that knows of the edits, for a parse that starts from it; `undefined` where they don't lead from the old
 * text to the new one. A tree shifted wrongly gives a wrong tree and no error, so an editor out of step must not pass here.
 */
export function editedTree(tree: Tree, before: string, edits: readonly Edit[], after: string): Tree | undefined {
  const copy = tree.copy()
  let text = before
  for (const { startIndex, endIndex, text: put } of edits) {
    const changed = text.slice(0, startIndex) + put + text.slice(endIndex)
    const newEndIndex = startIndex + put.length
    copy.edit({
      startIndex,
      oldEndIndex: endIndex,
      newEndIndex,
      startPosition: pointAt(text, startIndex),
      oldEndPosition: pointAt(text, endIndex),
      newEndPosition: pointAt(changed, newEndIndex),
    })
    text = changed
  }
  if (text === after) return copy
  copy.delete()
  return undefined
}

function pointAt(text: string, index: number): { row: number; column: number } {
  let row = 0
  let start = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) {
    row++
    start = at + 1
  }
  return { row, column: index - start }
}
