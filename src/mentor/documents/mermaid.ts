import type { ModuleMap } from './module-map.ts'

/** Arrows that few imports stand behind hide the others. */
const MOST_LINKS = 40

/** A flowchart of who imports whom, with how often on the arrow. */
export function mermaid({ modules, links }: ModuleMap): string {
  const ids = new Map(modules.map(({ folder }, at) => [folder, `m${at + 1}`]))
  const root = commonFolder(modules.map(({ folder }) => folder))
  const boxes = modules.map(({ folder, files }) => `  ${ids.get(folder)}["${label(below(folder, root))} (${files})"]`)
  const arrows = links
    .slice(0, MOST_LINKS)
    .map(({ from, to, imports }) => `  ${ids.get(from)} -->|${imports}| ${ids.get(to)}`)
  return ['```mermaid', 'flowchart LR', ...boxes, ...arrows, '```'].join('\n')
}

/** A folder may be called anything; a quote would end the label, and `click` or a tag would be Mermaid's to read. */
function label(folder: string): string {
  return folder.replace(/[^\p{L}\p{M}\p{N}\-._/@+ ]/gu, '_').slice(0, 80)
}

/** What all of them lie in; in their labels it would only be long. */
function commonFolder(folders: readonly string[]): string {
  const [parts = [], ...others] = folders.map(folder => folder.split('/'))
  while (others.some(other => parts.some((part, at) => other[at] !== part))) parts.pop()
  return parts.join('/')
}

function below(folder: string, root: string): string {
  if (root === '' || folder === root) return folder.slice(folder.lastIndexOf('/') + 1)
  return folder.slice(root.length + 1)
}
