#!/usr/bin/env node
// The `towpath` command: finds Node 26 and runs the program, from the sources in a clone, else compiled.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'
import { become, fail, findNode26, NODE_MAJOR, platform, runsNode26 } from './node26.mjs'

if (runsNode26()) {
  // Node strips types in a clone; inside node_modules it refuses to, so the package ships JavaScript.
  const sources = new URL('../src/main.ts', import.meta.url)
  const compiled = new URL('../dist/main.js', import.meta.url)
  // Starts in 0.26 s instead of 0.64 s from sources, 25 MB less a process. In our own folder: one that others can write to would let them choose what runs.
  const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
  if (existsSync(modules)) module.enableCompileCache(`${modules}/.cache/towpath`)
  const { main } = await import((existsSync(sources) ? sources : compiled).href)
  await main(process.argv.slice(2))
} else {
  const node = findNode26(import.meta.url)
  if (node === undefined) {
    fail(
      `needs Node ${NODE_MAJOR}; this is ${process.version} on ${platform}, and the bundled Node ${NODE_MAJOR} is not installed.`,
      `Install again without --omit=optional, or run it with your own Node ${NODE_MAJOR}: node bin/towpath.mjs`,
    )
  } else {
    // By the name it was called by, so that it can tell people how to call it again.
    become(node, process.argv.slice(1))
  }
}
