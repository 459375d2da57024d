import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { z } from 'zod'

const root = resolve(import.meta.dirname, '..')
const run = promisify(execFile)
const documents = globSync(['*.md', 'docs/**/*.md', 'src/*/README.md', 'house/*.md', 'bench/*.md'], {
  cwd: root,
}).sort()
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(textOf('package.json')))

/** Lines of the documents' shell blocks, continued ones joined, without comments. */
function shellLines(text: string): string[] {
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map(line => line.replace(/(^|\s)#.*$/, '').trim())
    .filter(line => line !== '')
}

/** `TOWPATH_HOME=/x npx towpath backup --to ./b` → its words after `towpath`. */
function commandOf(line: string): string[] | undefined {
  const words = line.split(/\s+/).filter(word => !/^[A-Z_]+=/.test(word))
  if (words[0] === 'npx') words.shift()
  return words[0] === 'towpath' ? words.slice(1) : undefined
}

const everyLine = documents.flatMap(path => shellLines(textOf(path)).map(line => ({ path, line })))

test('the documents are there', () => {
  for (const path of [
    'README.md',
    'ARCHITECTURE.md',
    'AGENTS.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'LICENSE',
  ]) {
    assert.ok(existsSync(join(root, path)), path)
  }
  assert.ok(everyLine.filter(({ path }) => path === 'README.md').length > 10, 'README.md shows what to type')
})

test('every command in a shell block is one, with options that it has', async () => {
  const helps = new Map<string, Promise<string>>()
  const helpOf = (names: string[]) => {
    const key = names.join(' ')
    const asked =
      helps.get(key) ??
      run(process.execPath, ['bin/towpath.mjs', ...names, '--help'], { cwd: root }).then(out => out.stdout)
    helps.set(key, asked)
    return asked
  }
  const wrong: string[] = []
  for (const { path, line } of everyLine) {
    const words = commandOf(line)
    if (words === undefined) continue
    const [first = '', second = ''] = words
    const top = await helpOf([])
    if (first.startsWith('-') ? !top.includes(first) : !new RegExp(`^  ${first} `, 'm').test(top)) {
      wrong.push(`${path}: "${line}": there is no ${first}`)
      continue
    }
    if (first.startsWith('-')) continue
    const outer = await helpOf([first])
    const isSub = new RegExp(`^  ${second}( |$)`, 'm').test(outer) && /^[a-z]+(-[a-z]+)*$/.test(second)
    // `towpath import --source …` is a command of its own beside `towpath import list`.
    if (/^Commands:/m.test(outer) && !isSub && !second.startsWith('-'))
      wrong.push(`${path}: "${line}": ${first} has no ${second}`)
    const help = isSub ? await helpOf([first, second]) : outer
    for (const option of words.filter(word => word.startsWith('-'))) {
      if (!help.includes(option.replace(/=.*/, ''))) wrong.push(`${path}: "${line}": no option ${option}`)
    }
  }
  assert.ok(helps.size > 5, 'commands were found')
  assert.deepEqual(wrong, [])
})

test('every npm script in a shell block or between backticks is one', () => {
  const wrong: string[] = []
  for (const path of documents) {
    const text = textOf(path)
    const named = [...text.matchAll(/\bnpm (start|test|run ([a-z:]+))/g)].map(([, word = '', script]) => script ?? word)
    for (const name of named) if (!(name in scripts)) wrong.push(`${path}: npm run ${name}`)
  }
  assert.deepEqual(wrong, [])
})

test('every link and every path between backticks leads somewhere', () => {
  const wrong: string[] = []
  for (const path of documents) {
    const text = textOf(path).replaceAll(/^```.*?^```/gms, '')
    for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (!/^https?:/.test(target) && !existsSync(join(root, dirname(path), target))) wrong.push(`${path}: ${target}`)
    }
    for (const [, place = ''] of text.matchAll(/`((?:src|house|test|docs|bench|bin|\.ci)\/[\w./-]*)`/g)) {
      if (!existsSync(join(root, place))) wrong.push(`${path}: ${place}`)
    }
  }
  assert.deepEqual(wrong, [])
})
