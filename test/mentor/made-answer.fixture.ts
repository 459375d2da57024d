import type { Random } from '../../src/kernel/index.ts'

/** A passage as the model got it: under which number, of which place, and its text. */
export type Seen = { number: number; place: string; text: string }

/** A paragraph of a made answer, and what has to become of it. */
export type Paragraph = {
  text: string
  /** Numbers that it rests on, where all that were given are still there. */
  cites: readonly number[]
  /** What leads nowhere and may not be seen in the end. */
  invented: readonly string[]
}

/** Reads the passages out of a question as a model sees it. */
export function seenIn(message: string): Seen[] {
  return [...message.matchAll(/^<<([0-9a-f]{24}) passage \[(\d+)\] (\S+)\n([\s\S]*?)\n\1>>$/gm)].map(
    ([, , number, place = '', text = '']) => ({ number: Number(number), place, text }),
  )
}

type Kind = (seen: Seen, random: Random) => Omit<Paragraph, 'text'> & { says: string }

const GOOD: Readonly<Record<string, Kind>> = {
  number: ({ number }) => ({ says: `Values are kept [${number}].`, cites: [number], invented: [] }),
  'number behind the full stop': ({ number }) => ({
    says: `Values are kept. [${number}]`,
    cites: [number],
    invented: [],
  }),
  'number behind a word': ({ number }) => ({ says: `Keep values[${number}].`, cites: [number], invented: [] }),
  footnote: ({ number }) => ({ says: `Values are kept [^${number}].`, cites: [number], invented: [] }),
  'other brackets': ({ number }) => ({ says: `Values are kept 【${number}†source】.`, cites: [number], invented: [] }),
  place: ({ number, place }) => ({ says: `Values are kept, see \`${place}\`.`, cites: [number], invented: [] }),
  'bare place': ({ number, place }) => ({
    says: `Values are kept, see ${place} there.`,
    cites: [number],
    invented: [],
  }),
  'index in code': ({ number }) => ({
    says: `Read \`items[7]\` and \`a[99]\` [${number}].`,
    cites: [number],
    invented: [],
  }),
}

const MUTATED: Readonly<Record<string, Kind>> = {
  lines: ({ place }) =>
    mutated(
      place,
      place.replace(/\d+$/, last => String(Number(last) + 1)),
    ),
  'first line': ({ place }) => mutated(place, place.replace(/#L\d+/, '#L999')),
  commit: ({ place }) =>
    mutated(
      place,
      place.replace(/@([0-9a-f])/, (_, digit) => `@${digit === 'f' ? '0' : 'f'}`),
    ),
  'short commit': ({ place }) => mutated(place, place.replace(/@[0-9a-f]{4}/, '@')),
  path: ({ place }) => mutated(place, place.replace('.ts#', '-old.ts#')),
  'way up': ({ place }) => mutated(place, place.replace(':src/', ':../src/')),
  repository: ({ place }) => mutated(place, place.replace(/^[^@]+/, 'team/silver')),
  'good and mutated': ({ number, place }) => {
    const wrong = place.replace(/\d+$/, '4000')
    return { says: `Values are kept [${number}], see ${wrong} too.`, cites: [number], invented: [wrong] }
  },
}

const INVENTED: Readonly<Record<string, Kind>> = {
  number: (_, random) => numbered(random, n => `[${n}]`),
  footnote: (_, random) => numbered(random, n => `[^${n}]`),
  'other brackets': (_, random) => numbered(random, n => `【${n}】`),
  'behind a word': (_, random) => numbered(random, n => `values[${n}]`),
  'named source': (_, random) => numbered(random, n => `[source ${n}]`),
  range: (_, random) => numbered(random, n => `[${n}-${n + 3}]`),
  place: () => invented('team/golden@0123456789ab:src/made-up.ts#L1-L9'),
  'loose place': () => invented('src/made-up.ts:12'),
  'loose place with a hash': () => invented('made-up.ts#L4-L5'),
  link: () => ({
    says: 'Values are lost, [look](https://evil.example/x).',
    cites: [],
    invented: ['https://evil.example/x'],
  }),
  address: () => invented('https://evil.example/y'),
  picture: () => ({ says: 'Values are lost. ![p](https://evil.example/p.png)', cites: [], invented: ['evil.example'] }),
  definition: () => ({
    says: 'Values are lost [77].\n[77]: https://evil.example/d',
    cites: [],
    invented: ['[77]', 'evil.example'],
  }),
  'link on a number': ({ number }) => ({
    says: `Values are kept [${number}](https://evil.example/n).`,
    cites: [number],
    invented: ['evil.example'],
  }),
}

export const KINDS = {
  good: GOOD,
  mutated: MUTATED,
  invented: INVENTED,
  plain: { 'no citation': () => ({ says: 'Values are lost.', cites: [], invented: [] }) },
}

/** An answer of some paragraphs, each of a kind drawn by the seed, and a block of code that cites nothing. */
export function makeAnswer(seen: readonly Seen[], random: Random): { text: string; paragraphs: Paragraph[] } {
  const groups = Object.values(KINDS).map(group => Object.values<Kind>(group))
  const paragraphs = Array.from({ length: 4 + random.int(6) }, (_, n): Paragraph => {
    const { says, ...expected } = random.pick(random.pick(groups))(random.pick(seen), random)
    return { text: `P${n}: ${says}`, ...expected }
  })
  const block = '```ts\nconst x = items[1] + items[88]\n```'
  return { text: [...paragraphs.map(({ text }) => text), block].join('\n\n'), paragraphs }
}

/** In pieces as a network has them: of any length, also within a citation. */
export function inPieces(text: string, random: Random): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; ) {
    const length = 1 + random.int(12)
    pieces.push(text.slice(at, at + length))
    at += length
  }
  return pieces
}

function mutated(place: string, wrong: string): ReturnType<Kind> {
  if (wrong === place) throw new Error(`${place} was not mutated`)
  return { says: `Values are lost, see ${wrong} there.`, cites: [], invented: [wrong] }
}

function invented(what: string): ReturnType<Kind> {
  return { says: `Values are lost, see ${what} there.`, cites: [], invented: [what] }
}

function numbered(random: Random, form: (number: number) => string): ReturnType<Kind> {
  const what = form(100 + random.int(800))
  return { says: `Values are lost ${what}.`, cites: [], invented: [what.replace(/^values/, '')] }
}
