import type { ModuleMap } from './module-map.ts'

/** Arrows that few imports stand behind hide the others. */
const MOST_LINKS = 40

/** A flowchart of who imports whom, with how often on the arrow. */
export function mermaid({ modules, links }: ModuleMap): string {
  const ids = new Map(modules.map(({ folder }, at) => [folder, `m${at + 1}`]))
  const boxes = modules.map(({ folder, files }) => `  ${ids.get(folder)}["${label(folder)} (${files})"]`)
  const arrows = links
    .slice(0, MOST_LINKS)
    .map(({ from, to, imports }) => `  ${ids.get(from)} -->|${imports}| ${ids.get(to)}`)
  return ['```mermaid', 'flowchart LR', ...boxes, ...arrows, '```'].join('\n')
}

/** A folder may be called anything; a quote would end the label, and `click` or a tag would be Mermaid's to read. */
function label(folder: string): string {
  return folder.replace(/[^\p{L}\p{M}\p{N}\-._/@+ ]/gu, '_').slice(0, 80)
}
