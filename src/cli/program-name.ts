import { relative } from 'node:path'

/** How this program was called, to be typed again: `towpath` where it is installed, else `node bin/towpath.mjs`. */
export function programName(): string {
  const path = process.argv[1] ?? ''
  if (!path.endsWith('.mjs')) return path.includes('node_modules') ? 'npx towpath' : 'towpath'
  const near = relative(process.cwd(), path)
  if (path.includes('node_modules')) return 'npx towpath'
  return `node ${near.startsWith('..') ? path : near}`
}
