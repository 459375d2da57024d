import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCitation } from '../citations/format-citation.ts'
import { verifyCitation } from '../citations/verify-citation.ts'
import { golden } from '../search/search.fixture.ts'
import { library } from './documents.fixture.ts'
import { makeDocument } from './make-document.ts'

const files = {
  'README.md':
    '<!--\nLicensed to whom it may concern.\n-->\n# Shop\n\n[![build](x)](y)\n\nA shop that sells *boats* and\n[oars](https://x.example).\n\nMore.\n',
  'src/order/order.ts': {
    text: '/** What a customer wants to have. <b>Bold</b> */\nexport class Order {}\nexport function createOrder() {}\nexport function createCart() {}\n',
    units: [
      {
        kind: 'class' as const,
        name: 'Order',
        startLine: 1,
        endLine: 2,
        doc: 'What a customer wants to have. <b>Bold</b>',
      },
      { name: 'createOrder', startLine: 3, endLine: 3 },
      { name: 'createCart', startLine: 4, endLine: 4 },
    ],
  },
  'src/pay/pay.ts': {
    text: "import { Order } from '../order/order.ts'\n",
    imports: [{ specifier: '../order/order.ts', names: ['Order'], line: 1 }],
  },
  'src/pay/pay.test.ts': { text: "test('pays', () => {})\n", units: [] },
  'bin/shop.mjs': { text: '#!/usr/bin/env node\nrun()\n' },
  'src/index.ts': { text: "export * from './pay/pay.ts'\n" },
}
const { index, reader } = library({ 'acme/shop': files })
const mined = { norms: [], undecided: [], thresholds: { agreement: 0.95, cases: 30, repositories: 2 } }
const sources = {
  index,
  reader,
  golden: golden('acme/shop'),
  mined,
  signal: new AbortController().signal,
  wordsFor: async () => undefined,
}

test('the wiki tells where to begin, who imports whom, how tests lie, and what words mean', async () => {
  const { markdown } = await makeDocument('wiki', sources)
  const at = '`acme/shop@cccccccccccc:'
  for (const line of [
    'It says of itself: A shop that sells \\*boats\\* and oars.',
    `- runs: \`bin/shop.mjs\`, ${at}bin/shop.mjs#L1-L1\``,
    `- a door: \`src/index.ts\`, ${at}src/index.ts#L1-L1\``,
    `| \`src/pay\` | \`src/order\` | 1 | ${at}src/pay/pay.ts#L1-L1\` |`,
    `- 1 beside the source, \`*.test.ts\`: ${at}src/pay/pay.test.ts#L1-L1\``,
    `- \`create\` 2 ×: ${at}src/order/order.ts#L3-L3\``,
    `- \`Order\` (2 files): What a customer wants to have. ${at}src/order/order.ts#L1-L2\``,
  ]) {
    assert.ok(markdown.includes(line), `${line}\n---\n${markdown}`)
  }
})

test('every citation of the wiki leads to bytes that exist', async () => {
  const { markdown, citations } = await makeDocument('wiki', sources)
  const shown = [...markdown.matchAll(/`(acme\/shop@[^`]+)`/g)].map(({ 1: text = '' }) => parseCitation(text))
  assert.equal(new Set(shown.map(place => JSON.stringify(place))).size, citations.length)
  assert.ok(citations.length >= 7)
  for (const citation of citations) assert.deepEqual(await verifyCitation(citation, reader), { state: 'same' })
})

test('what is gone from the repository is not told', async () => {
  const { 'bin/shop.mjs': _, ...left } = files
  const { reader: later } = library({ 'acme/shop': left })
  const { markdown } = await makeDocument('wiki', { ...sources, reader: later })
  assert.ok(!markdown.includes('bin/shop.mjs'))
})

test('the same index gives the same bytes', async () => {
  const again = library({ 'acme/shop': Object.fromEntries(Object.entries(files).reverse()) })
  assert.equal(
    (await makeDocument('wiki', { ...sources, ...again })).markdown,
    (await makeDocument('wiki', sources)).markdown,
  )
})

test('a team’s own format is filled instead, and nothing is a document too', async () => {
  const own = {
    ...sources,
    template: '{{#repositories}}{{repository}}: {{#tests}}{{files}}{{/tests}}{{/repositories}}',
  }
  assert.equal((await makeDocument('wiki', own)).markdown, 'acme/shop: 1\n')
  assert.match(
    (await makeDocument('wiki', { ...sources, golden: golden('acme/none') })).markdown,
    /Nothing is indexed yet/,
  )
})
