import assert from 'node:assert/strict'
import { test } from 'node:test'
import { golden } from '../search/search.fixture.ts'
import { library } from './documents.fixture.ts'
import { readMaterial } from './material.ts'
import { mermaid } from './mermaid.ts'
import { moduleMap } from './module-map.ts'

const imports = (...specifiers: string[]) => ({
  text: specifiers.join('\n'),
  imports: specifiers.map((specifier, at) => ({ specifier, names: [], line: at + 1 })),
})

function mapOf(files: Parameters<typeof library>[0][string], goModule?: string) {
  const { index } = library({ 'acme/a': files })
  const material = readMaterial(index, golden('acme/a')[0]?.name ?? '')
  assert.ok(material)
  return moduleMap(material, goModule)
}
const arrows = (map: ReturnType<typeof mapOf>) => map.links.map(({ from, to, imports }) => `${from} > ${to} ${imports}`)

test('the folder that holds everything is opened, and tests stay out', () => {
  const map = mapOf({
    'src/web/a.ts': imports('../store/rows.ts', './b.ts', 'zod'),
    'src/web/b.ts': imports('../store', '../store/rows.ts'),
    'src/store/rows.ts': imports(),
    'src/store/index.ts': imports(),
    'src/store/rows.test.ts': imports('../web/a.ts'),
  })
  assert.deepEqual(
    map.modules.map(({ folder, files }) => [folder, files]),
    [
      ['src/store', 2],
      ['src/web', 2],
    ],
  )
  assert.deepEqual(arrows(map), ['src/web > src/store 3'])
  assert.deepEqual([map.links[0]?.example.path, map.links[0]?.example.startLine], ['src/web/a.ts', 1])
})

test('imports are followed as each language means them', () => {
  assert.deepEqual(
    arrows(
      mapOf({
        'src/acme/web/__init__.py': imports(),
        'src/acme/__init__.py': imports(),
        'src/acme/web/app.py': imports('..db.rows', 'acme.db', 'json'),
        'src/acme/db/__init__.py': imports(),
        'src/acme/db/rows.py': imports(),
      }),
    ),
    ['src/acme/web > src/acme/db 2'],
  )
  assert.deepEqual(
    arrows(
      mapOf(
        { 'cmd/main.go': imports('example.com/a/pkg/db', 'net/http', 'example.com/ab/pkg'), 'pkg/db/db.go': imports() },
        'example.com/a',
      ),
    ),
    ['cmd > pkg 1'],
  )
  assert.deepEqual(
    arrows(
      mapOf({
        'src/main/java/com/acme/web/App.java': imports('com.acme.db.Rows', 'java.util.List'),
        'src/main/java/com/acme/db/Rows.java': imports(),
      }),
    ),
    ['src/main/java/com/acme/web > src/main/java/com/acme/db 1'],
  )
  assert.deepEqual(
    arrows(mapOf({ 'src/Acme.Web/App.cs': imports('Acme.Db.Rows', 'System'), 'src/Acme.Db/Rows/Row.cs': imports() })),
    ['src/Acme.Web > src/Acme.Db 1'],
  )
})

test('a picture has few boxes, and what a folder is called is only text in it', () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`m${at}/a.ts`, imports()]))
  const map = mapOf({
    ...files,
    'x"];click m1 "javascript:alert(1)/a.ts': imports(),
    'x"];click m1 "javascript:alert(1)/b.ts': imports(),
  })
  assert.deepEqual([map.modules.length, map.more], [16, 15])
  assert.match(mermaid(map), /\["x___click m1 _javascript_alert_1_ \(2\)"\]/)
  assert.equal(mermaid(map).split('"').length - 1, 32)
})
