import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { direction, fileCycles, forPages, known, page, tableCycles } from './direction.ts'
import { type Breach, formatBreach, readHouse } from './house.ts'
import { reach } from './reach.ts'
import { defaultExports, doors, length, names, readmes, tested, unfinished } from './shape.ts'

const house = readHouse(resolve(import.meta.dirname, '..'))

const rules: Record<string, () => Breach[]> = {
  'every folder of src is a room': () => known(house),
  'rooms meet at doors, in the direction of the table': () => direction(house),
  'what pages import needs no Node': () => forPages(house),
  'the console takes only types from the platform, and only those of its API': () => page(house),
  'rooms do not import each other in a circle': () => tableCycles(),
  'files do not import each other in a circle': () => fileCycles(house),
  'no file is longer than 400 lines': () => length(house),
  'names are kebab-case': () => names(house),
  'every room says in half a page what it is for': () => readmes(house),
  'a door is a contents page': () => doors(house),
  'there are no default exports': () => defaultExports(house),
  'time, chance, files and network enter through adapters': () => reach(house),
  'nothing is left to do in a comment': () => unfinished(house),
  'code that runs is tested': () => tested(house),
}

test('the house was read', () => {
  assert.ok(house.sources.length > 50, `only ${house.sources.length} files were found`)
})

for (const [name, rule] of Object.entries(rules)) {
  test(name, () => {
    const breaches = rule().map(formatBreach)
    assert.ok(breaches.length === 0, `\n${breaches.join('\n')}\n`)
  })
}
