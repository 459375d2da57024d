import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, delimiter, join } from 'node:path'

const home =
  process.env.TOWPATH_TEST_PEERS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'towpath-peers')
const modules = ['../go-peers.txt', '../../nightly/go-peers.txt']
  .flatMap(list => readFileSync(new URL(list, import.meta.url), 'utf8').split('\n'))
  .filter(Boolean)

/** A Go peer at its pinned version, as .ci/peers builds it. */
export function goPeer(name: 'crane' | 'conformance' | 'cosign' | 'versitygw'): string {
  const module = modules.find(line => basename(line.slice(0, line.lastIndexOf('@'))) === name)
  if (module === undefined) throw new Error(`${name} is in no go-peers.txt of test/`)
  const path = join(home, `${name}@${module.slice(module.lastIndexOf('@') + 1)}`, name)
  if (!existsSync(path))
    throw new Error(`${path} is missing: run .ci/peers as root, with the word nightly for what test/nightly needs`)
  return path
}

/** A program of Debian's, by its name or where Debian keeps it off the PATH. */
export function debianPeer(name: string, ...elsewhere: string[]): string {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, name))
    .concat(elsewhere)
    .find(path => existsSync(path))
  if (found === undefined) throw new Error(`${name} is missing: run .ci/peers as root`)
  return found
}
