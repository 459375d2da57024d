import type { Tree } from '@vscode/tree-sitter-wasm'
import type { SyntaxNode } from './parsed.ts'

type Growing = Omit<SyntaxNode, 'children' | 'endIndex'> & { endIndex: number; children: Growing[] }

/**
 * The tree as plain nodes, and all of them by type. One walk along a cursor costs two thirds of the parse; asked node by
 * node, each question would cross into wasm again. A loop, since sources of strangers nest deeper than our stack.
 */
export function readSyntax(tree: Tree): { root: SyntaxNode; byType: ReadonlyMap<string, readonly SyntaxNode[]> } {
  const { types, fields } = tree.language
  const named = types.map((_, id) => tree.language.nodeTypeIsNamed(id))
  const byType = new Map<string, SyntaxNode[]>()
  const cursor = tree.walk()
  const enter = (parent: Growing | undefined): Growing => {
    const id = cursor.nodeTypeId
    const node: Growing = {
      // The type of an ERROR has the highest id of all, beyond the table.
      type: types[id] ?? cursor.nodeType,
      named: named[id] ?? true,
      field: fields[cursor.currentFieldId] ?? '',
      startIndex: cursor.startIndex,
      endIndex: cursor.endIndex,
      parent,
      index: parent?.children.length ?? 0,
      children: [],
    }
    parent?.children.push(node)
    const same = byType.get(node.type)
    if (same) same.push(node)
    else byType.set(node.type, [node])
    return node
  }
  try {
    const root = enter(undefined)
    let at = root
    for (;;) {
      if (cursor.gotoFirstChild()) {
        at = enter(at)
        continue
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent() || at.parent === undefined) return { root, byType }
        at = at.parent as Growing
      }
      at = enter(at.parent as Growing)
    }
  } finally {
    cursor.delete()
  }
}
