import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../peers/support/process.ts'
import type { Origin } from './golden-list.ts'

type Bringing = { readonly version: string; readonly scratch: string; readonly into: string }
type From<Name extends Origin['from']> = Extract<Origin, { from: Name }>

/** Unpacks the sources into the folder `into`, once what came has the checksum that is pinned. Nothing of theirs is run. */
export async function bringSources(origin: Origin, bringing: Bringing): Promise<void> {
  mkdirSync(bringing.scratch, { recursive: true })
  mkdirSync(bringing.into, { recursive: true })
  if (origin.from === 'npm') return fromNpm(origin, bringing)
  if (origin.from === 'pypi') return fromPyPi(origin, bringing)
  if (origin.from === 'go') return fromGo(origin, bringing)
  return fromDebian(origin, bringing)
}

async function fromNpm(origin: From<'npm'>, { version, scratch, into }: Bringing): Promise<void> {
  await run('npm', ['pack', `${origin.package}@${version}`, '--silent', '--pack-destination', scratch], {
    cwd: scratch,
  })
  const file = join(scratch, fileIn(scratch, '.tgz'))
  same(origin.integrity, `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`, file)
  await run('tar', ['-xf', file, '-C', into, '--strip-components=1'])
}

/** A wheel: it has the tests of packages that keep them inside, and unpacking it runs nothing. */
async function fromPyPi(origin: From<'pypi'>, { version, scratch, into }: Bringing): Promise<void> {
  const wanted = join(scratch, 'wanted.txt')
  writeFileSync(wanted, `${origin.package}==${version} --hash=sha256:${origin.sha256}\n`)
  const how = ['--quiet', '--no-deps', '--only-binary', ':all:', '--require-hashes']
  await run('python3', ['-m', 'pip', 'download', ...how, '--dest', scratch, '--requirement', wanted])
  const file = join(scratch, fileIn(scratch, '.whl'))
  same(origin.sha256, sha256(file), file)
  await run('python3', ['-m', 'zipfile', '--extract', file, into])
}

async function fromGo(origin: From<'go'>, { version, scratch, into }: Bringing): Promise<void> {
  const env = { ...process.env, GOMODCACHE: scratch, GOFLAGS: '-mod=mod -modcacherw', GONOSUMDB: '*', GOWORK: 'off' }
  const told = await run('go', ['mod', 'download', '-json', `${origin.package}@${version}`], { cwd: scratch, env })
  const { Sum, Dir } = JSON.parse(told)
  same(origin.sum, Sum, origin.package)
  cpSync(Dir, into, { recursive: true })
}

/** By an apt with lists of its own, from where the machine has its packages: the machine’s lists are left as they are. */
async function fromDebian(origin: From<'debian'>, { version, scratch, into }: Bringing): Promise<void> {
  const list = join(scratch, 'sources.list')
  const line = 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)'
  writeFileSync(
    list,
    await run('apt-get', ['indextargets', '--format', line, 'Created-By: Packages', 'Origin: Debian']),
  )
  for (const folder of ['lists/partial', 'archives/partial']) mkdirSync(join(scratch, folder), { recursive: true })
  const own = {
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '-',
    'Dir::State': scratch,
    'Dir::Cache': scratch,
    'APT::Sandbox::User': 'root',
  }
  const options = Object.entries(own).flatMap(([key, value]) => ['-o', `${key}=${value}`])
  await run('apt-get', [...options, '-qq', 'update'])
  const get = [...options, '-qq', 'source', '--tar-only', '--only-source', `${origin.package}=${version}`]
  const file = join(scratch, origin.file)
  // Mirrors that hold a part only may lack what belongs to the package beside its sources.
  await run('apt-get', get, { cwd: scratch }).catch(error => {
    if (!existsSync(file)) throw error
  })
  same(origin.sha256, sha256(file), file)
  await run('tar', ['-xf', file, '-C', into, '--strip-components=1'])
}

function fileIn(dir: string, ending: string): string {
  const found = readdirSync(dir).find(name => name.endsWith(ending))
  if (found === undefined) throw new Error(`No ${ending} came into ${dir}`)
  return found
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

function same(pinned: string, found: string, what: string): void {
  if (pinned !== found) throw new Error(`${what} is not what is pinned: its checksum is ${found}, pinned is ${pinned}`)
}
