// The console out of its sources: installs what web/package-lock.json names and builds into dist/web, each only where
// it is missing or stale. Run by Node 26 (from-clone.mjs): `bin/console.mjs` builds, `bin/console.mjs up` then starts too.
import { globSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readText, withLock } from './lock.mjs'
import { hashOf, installUnderLock, root, runIn } from './modules.mjs'

const built = join(root, 'dist', 'web')
const builtStamp = join(built, '.sources')

/** All that the page is made of. Of src/api only types, but those say whether it still fits. */
function sourcesHash() {
  const own = globSync('web/{*.{json,html,ts},{src,build,public}/**/*}', { cwd: root, withFileTypes: true })
  const shared = globSync('src/api/**/*.ts', { cwd: root, withFileTypes: true })
  const files = [...own, ...shared].filter(entry => entry.isFile())
  return hashOf(files.map(entry => join(entry.parentPath, entry.name).slice(root.length + 1)))
}

const isBuilt = () => readText(builtStamp) === sourcesHash()

async function buildConsole() {
  if (!isBuilt()) await withLock(root, build)
}

async function build() {
  if (isBuilt()) return
  await installUnderLock('web')
  const started = Date.now()
  process.stderr.write('Building the console …\n')
  const sources = sourcesHash()
  // Beside, then moved: whoever starts meanwhile finds the old one or none, never a part.
  const fresh = join(root, 'dist', '.web')
  const vite = join(root, 'web/node_modules/vite/bin/vite.js')
  await runIn('web', [process.execPath, vite, 'build', '--outDir', fresh])
  writeFileSync(join(fresh, '.sources'), sources)
  rmSync(built, { recursive: true, force: true })
  renameSync(fresh, built)
  process.stderr.write(`Built in ${Math.max(1, Math.round((Date.now() - started) / 1000))} s.\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildConsole()
  const args = process.argv.slice(2)
  if (args.length > 0) {
    process.argv = [process.execPath, join(import.meta.dirname, 'towpath.mjs'), ...args]
    await import('./towpath.mjs')
  }
}
