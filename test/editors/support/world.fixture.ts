import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { modelServer } from '../../../src/models/testing/model-server.fixture.ts'
import { run } from '../../peers/support/process.ts'
import { PROGRAM } from '../../support/platform.ts'
import { openClient } from './client.ts'

/** What a journey needs: golden repositories, a learner's project, and a mentor that remembers nothing of others. */
export type World = {
  /** The learner's repository: its settings and one file of each language are committed. */
  readonly project: string
  readonly env: NodeJS.ProcessEnv
  /** A program that runs as `towpath`. */
  readonly towpath: string
}

/** What the model says to every question. The first passage that it was given has the number 1. */
export const ANSWER = ['Keep the cause ', 'of an error [1].', '\n\nOr ask a friend.']

/** What a learner adds: as the golden repositories do it, but for the cause. */
export const CODE = `
/** The second of them. */
export function second(): string {
  try {
    return read('quay', 'second')
  } catch (error) {
    throw new Error(\`Cannot read the second: \${error}\`)
  }
}
`

const BOATS = [
  ...['barge', 'tug', 'ferry', 'punt', 'dredger', 'lighter', 'narrowboat', 'launch', 'icebreaker', 'tanker'],
  ...['coaster', 'trawler', 'pilot', 'cutter', 'sloop', 'yawl', 'ketch', 'brig', 'hulk', 'skiff'],
]
/** How the golden repositories do it: 20 files in each of 2, in each language. */
const golden = (boat: string, kind: string) => {
  const Boat = boat[0]?.toUpperCase() + boat.slice(1)
  return kind === '.ts'
    ? `import { read } from './read.ts'

/** The ${boat} of that name, as it was registered. */
export function read${Boat}(name: string): string {
  try {
    return read('${boat}', name)
  } catch (error) {
    throw new Error(\`Cannot read ${boat} \${name}\`, { cause: error })
  }
}
`
    : `import { read } from './read.js'

/** The ${boat} of that name, as it was registered. */
export function read${Boat}(name) {
  try {
    return read('${boat}', name)
  } catch (error) {
    throw new Error(\`Cannot read ${boat} \${name}\`, { cause: error })
  }
}
`
}
const READ = {
  '.ts': `/** What is registered. */
export function read(kind: string, name: string): string {
  return \`\${kind} \${name}\`
}
`,
  '.js': `/** What is registered. */
export function read(kind, name) {
  return \`\${kind} \${name}\`
}
`,
}

/** Ready to be opened in an editor: indexed, and its model allowed. All of it is gone when the test is over. */
export async function makeWorld(t: TestContext): Promise<World> {
  const model = await modelServer(() => ({ pieces: ANSWER }))
  t.after(() => model.close())
  const dir = await mkdtemp(join(tmpdir(), 'towpath-editors-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  const env = {
    ...process.env,
    HOME: join(dir, 'home'),
    XDG_CONFIG_HOME: join(dir, 'home'),
    TOWPATH_MENTOR_CACHE: join(dir, 'cache'),
    TOWPATH_MENTOR_STATE: join(dir, 'state'),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  }
  await mkdir(env.HOME)
  for (const name of ['harbour', 'lock']) {
    const files = Object.entries(READ).flatMap(([kind, read]) => [
      [`src/read${kind}`, read],
      ...BOATS.map(boat => [`src/${name}-${boat}${kind}`, golden(boat, kind)]),
    ])
    await commit(join(dir, 'golden', name), Object.fromEntries(files), env)
  }
  const project = join(dir, 'project')
  const settings = {
    name: 'quay',
    repositories: ['../golden/harbour', '../golden/lock'],
    model: { kind: 'openai', url: `${model.url}/v1`, model: 'recorded' },
  }
  await commit(
    project,
    {
      'archangel.json': `${JSON.stringify(settings, null, 2)}\n`,
      'src/read.ts': READ['.ts'],
      'src/read.js': READ['.js'],
      'src/quay.ts': "import { read } from './read.ts'\n\nexport const first = read('quay', 'first')\n",
      'src/quay.js': "import { read } from './read.js'\n\nexport const first = read('quay', 'first')\n",
    },
    env,
  )
  const towpath = join(dir, 'towpath')
  await writeFile(towpath, `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`)
  await chmod(towpath, 0o755)
  const world = { project, env, towpath }
  await run(towpath, ['mentor', 'allow', '--yes'], { cwd: project, env })
  const client = await openClient(world)
  await client.execute('index')
  await client.close()
  return world
}

async function commit(repository: string, files: Record<string, string>, env: NodeJS.ProcessEnv): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(repository, path)), { recursive: true })
    await writeFile(join(repository, path), text)
  }
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=Keeper', '-c', 'user.email=keeper@example.test', ...args], { cwd: repository, env })
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '.')
  await git('commit', '--quiet', '--message=As it is')
}
