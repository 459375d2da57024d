import assert from 'node:assert/strict'
import { test } from 'node:test'
import { selectFiles } from './select-files.ts'

const tree = {
  root: '/work/project',
  files: async () => ['README.md', 'src/a.ts', 'src/b/c.ts', 'srcs/d.ts'],
  changedFiles: async () => ['src/b/c.ts', 'srcs/d.ts'],
}
const select = async (folder: string, all: boolean, ...paths: string[]) =>
  (await selectFiles(tree, folder, { all, paths })).files

test('what changed, or all; the whole repository, or what is named from the working folder', async () => {
  assert.deepEqual(await select('/work/project', false), ['src/b/c.ts', 'srcs/d.ts'])
  assert.deepEqual(await select('/work/project/src', false), ['src/b/c.ts', 'srcs/d.ts'])
  assert.deepEqual(await select('/work/project', true, 'src'), ['src/a.ts', 'src/b/c.ts'])
  assert.deepEqual(await select('/work/project/src', true, 'b/c.ts', '../README.md'), ['README.md', 'src/b/c.ts'])
  assert.deepEqual(await select('/work/project/src', true, '..'), await tree.files())
  assert.deepEqual(await select('/work/project', false, 'src/a.ts'), [], 'named, and not changed')
})

test('a path that is not in it is no reason to check nothing in silence', async () => {
  for (const path of ['nothing', '../elsewhere', '/etc/passwd', 'sr']) {
    await assert.rejects(select('/work/project', true, path), { code: 'MENTOR_PATH_UNKNOWN' }, path)
  }
})

test('all paths are known, whatever is looked at', async () => {
  const { known } = await selectFiles(tree, '/work/project', { all: false, paths: ['src'] })
  assert.deepEqual([...known], await tree.files())
})
