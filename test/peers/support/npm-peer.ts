import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run } from './process.ts'

const home =
  process.env.TOWPATH_TEST_PEERS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'towpath-peers')

/** The entry of an npm package at this very version, installed beside the other peers: none of its scripts runs. */
export async function npmPeer(name: string, version: string, entry: string): Promise<string> {
  const dir = join(home, `${name.replace(/^@/, '').replaceAll('/', '-')}@${version}`)
  const path = join(dir, 'node_modules', name, entry)
  if (existsSync(path)) return path
  const draft = `${dir}.${process.pid}.draft`
  mkdirSync(draft, { recursive: true })
  writeFileSync(join(draft, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }))
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: draft })
  rmSync(dir, { recursive: true, force: true })
  renameSync(draft, dir)
  return path
}
