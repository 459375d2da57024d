import { failure } from '../../kernel/index.ts'

/**
 * The filters of `acr purge`: `<repository>:<tag>`, two regular expressions, the first for the whole name, the second
 * for any part of it. Of regular expressions as much as means one thing and costs `expression × name` steps whatever
 * they are; all else is refused, for what is misread here deletes.
 */
export const FilterRefused = failure('PURGE_FILTER_REFUSED', 400, (text: string, why: string) => ({
  says: `Filter ${JSON.stringify(text.slice(0, 200))} is refused: ${why}`,
  next: 'Write <repository>:<tag> as acr purge has it, for example "team/app:^pr-.*"; known are . [a-z] \\d \\w \\. ( ) | ^ $ and * + ? behind what is no plain character',
}))

export type Filter = { repository(name: string): boolean; tag(name: string): boolean }

const LONGEST = 200

export function parseFilter(text: string): Filter {
  const refuse = (why: string) => FilterRefused(text, why)
  if (text.length > LONGEST) throw refuse(`it is longer than ${LONGEST} characters`)
  // The colon of "(?:" is none.
  const parts = text.split(/(?<!\(\?):/)
  const [repository = '', tag = ''] = parts
  if (parts.length !== 2 || repository === '' || tag === '') throw refuse('it is not of the form <repository>:<tag>')
  const whole = compile(parse(repository, refuse))
  const part = compile(parse(tag, refuse))
  return { repository: name => run(whole, name, true), tag: name => run(part, name, false) }
}

type Node =
  | { kind: 'one'; has: (char: string) => boolean }
  | { kind: 'all' | 'any'; nodes: readonly Node[] }
  | { kind: 'repeat'; node: Node; least: 0 | 1; many: boolean }
  | { kind: 'begin' | 'end' }

type Refuse = (why: string) => Error

const isDigit = (char: string) => /^[0-9]$/.test(char)
const isWord = (char: string) => /^[A-Za-z0-9_]$/.test(char)

function parse(text: string, refuse: Refuse): Node {
  let at = 0
  const node = either()
  if (at < text.length) throw refuse('a ")" closes nothing')
  return node

  function either(): Node {
    const nodes = [sequence()]
    while (text[at] === '|') {
      at++
      nodes.push(sequence())
    }
    return { kind: 'any', nodes }
  }

  function sequence(): Node {
    const nodes: Node[] = []
    while (at < text.length && text[at] !== '|' && text[at] !== ')') nodes.push(repeated())
    return { kind: 'all', nodes }
  }

  function repeated(): Node {
    const from = at
    const node = atom()
    const sign = text[at] ?? ''
    if (!'*+?'.includes(sign) || sign === '') return node
    const taken = text.slice(from, at)
    // As in "pr-*": who writes patterns means any text, a regular expression any number of "-".
    if (/^(?:\\.|[^.[(\\])$/.test(taken) && !/^\\[dw]$/.test(taken)) {
      throw refuse(`"${taken}${sign}" repeats "${taken}"; for any text write "${taken}.*", else "[${taken}]${sign}"`)
    }
    at++
    // Lazy or not, it matches the same names.
    if (text[at] === '?') at++
    if ('*+?{'.includes(text[at] ?? '-')) throw refuse('one sign of repetition follows another')
    return { kind: 'repeat', node, least: sign === '+' ? 1 : 0, many: sign !== '?' }
  }

  function atom(): Node {
    const char = text[at++] ?? ''
    if (char === '^') return { kind: 'begin' }
    if (char === '$') return { kind: 'end' }
    if (char === '.') return { kind: 'one', has: () => true }
    if (char === '(') return group()
    if (char === '[') return charClass()
    if (char === '\\') return { kind: 'one', has: escaped() }
    if ('*+?'.includes(char)) throw refuse(`"${char}" repeats nothing; for any text write ".*"`)
    if (!/^[A-Za-z0-9_./-]$/.test(char)) throw refuse(`"${char}" is not known here`)
    return { kind: 'one', has: other => other === char }
  }

  function group(): Node {
    if (text[at] === '?') {
      if (text[at + 1] !== ':') throw refuse('of "(?…" only "(?:" is known here')
      at += 2
    }
    const node = either()
    if (text[at++] !== ')') throw refuse('a "(" is not closed')
    return node
  }

  function escaped(): (char: string) => boolean {
    const char = text[at++] ?? ''
    if (char === 'd') return isDigit
    if (char === 'w') return isWord
    if (!/^[.\-/_]$/.test(char)) throw refuse(`"\\${char}" is not known here`)
    return other => other === char
  }

  function charClass(): Node {
    const isOther = text[at] === '^'
    if (isOther) at++
    const tests: ((char: string) => boolean)[] = []
    while (at < text.length && text[at] !== ']') tests.push(member())
    if (text[at++] !== ']' || tests.length === 0) throw refuse('a "[" is empty or not closed')
    return { kind: 'one', has: char => tests.some(test => test(char)) !== isOther }
  }

  function member(): (char: string) => boolean {
    const from = text[at++] ?? ''
    if (from === '\\') return escaped()
    if (!/^[A-Za-z0-9_./-]$/.test(from)) throw refuse(`"${from}" is not known in "[…]"`)
    const to = text[at + 1] ?? ''
    if (text[at] !== '-' || !/^[A-Za-z0-9]$/.test(to)) return char => char === from
    at += 2
    if (!/^[A-Za-z0-9]$/.test(from) || from > to) throw refuse(`"${from}-${to}" is no range`)
    return char => char >= from && char <= to
  }
}

/** States by number; each `to` leads on. */
type State =
  | { kind: 'one'; has: (char: string) => boolean; to: number }
  | { kind: 'jump'; to: number[]; when?: 'begin' | 'end' }
type Machine = { readonly states: readonly State[]; readonly start: number; readonly end: number }

function compile(root: Node): Machine {
  const states: State[] = []
  const add = (state: State) => states.push(state) - 1
  const end = add({ kind: 'jump', to: [] })
  return { states, start: before(root, end), end }

  /** The state from which `node` leads to `next`. */
  function before(node: Node, next: number): number {
    switch (node.kind) {
      case 'one':
        return add({ kind: 'one', has: node.has, to: next })
      case 'all':
        return node.nodes.reduceRight((to, one) => before(one, to), next)
      case 'any':
        return add({ kind: 'jump', to: node.nodes.map(one => before(one, next)) })
      case 'begin':
      case 'end':
        return add({ kind: 'jump', to: [next], when: node.kind })
      case 'repeat': {
        const to: number[] = [next]
        const again = add({ kind: 'jump', to })
        const once = before(node.node, node.many ? again : next)
        to.push(once)
        return node.least === 1 ? once : again
      }
    }
  }
}

/** All states at once, a character a step: no name makes it go back. */
function run({ states, start, end }: Machine, name: string, isWhole: boolean): boolean {
  let now = new Set<number>()
  for (let at = 0; ; at++) {
    if (at === 0 || !isWhole) reach(start, at, now)
    if (now.has(end) && (!isWhole || at === name.length)) return true
    if (at === name.length) return false
    const next = new Set<number>()
    for (const id of now) {
      const state = states[id]
      if (state?.kind === 'one' && state.has(name[at] ?? '')) reach(state.to, at + 1, next)
    }
    now = next
  }

  function reach(id: number, at: number, into: Set<number>): void {
    const state = states[id]
    if (!state || into.has(id)) return
    if (state.kind === 'jump' && state.when === 'begin' && at > 0) return
    if (state.kind === 'jump' && state.when === 'end' && at < name.length) return
    into.add(id)
    if (state.kind === 'jump') for (const to of state.to) reach(to, at, into)
  }
}
