import { relative, sep } from 'node:path'

/**
 * Why a glob is not taken: `*`, `**`, `?`, `[a-z]` and one level of `{a,b}` are. A configuration may come with a
 * stranger's repository, so what would be expensive is not in the language at all.
 */
export function globFault(glob: string): string | undefined {
  if (glob.length > 256) return 'is longer than 256 letters'
  if (glob.startsWith('/') || glob.split('/').includes('..')) return 'leads out of its folder'
  if (/[()!\0\\]/.test(glob)) return 'has one of ( ) ! \\, which are not taken'
  if (/\{[^}]*(\{|\.\.|\/)|\{[^}]*$/.test(glob))
    return 'has a { } that is nested, a range, has a "/" in it or is not closed'
  return expand(glob).length > MOST_WORDS ? `has { } that give more than ${MOST_WORDS} globs` : undefined
}

const MOST_WORDS = 64

export type Matcher = (path: string) => boolean

/**
 * Whether one of the globs matches, in time proportional to glob and path. As `.gitignore` has it, a glob without a
 * slash means the name wherever it is, and one of a folder all in it; unlike a shell's, `*` takes names with a dot in
 * front: `secrets` must not miss `.config/secrets`. Node's `matchesGlob` does miss it.
 */
export function createMatcher(globs: readonly string[]): Matcher {
  const all = globs.flatMap(expand).map(compile)
  return path => {
    const names = path.split('/')
    return all.some(wanted => fits(wanted, names))
  }
}

/** A path under `folder`, as globs see it; undefined where it lies elsewhere. */
export function pathUnder(folder: string, path: string): string | undefined {
  const under = relative(folder, path)
  if (under === '' || under === '..' || under.startsWith(`..${sep}`) || /^[A-Za-z]:/.test(under)) return undefined
  return under.replaceAll(sep, '/')
}

function expand(glob: string): string[] {
  const found = /\{([^{}]*)\}/.exec(glob)
  if (!found) return [glob]
  const [whole, inner = ''] = found
  const [before, after] = [glob.slice(0, found.index), glob.slice(found.index + whole.length)]
  const rest = expand(after)
  return inner.split(',').flatMap(word => rest.slice(0, MOST_WORDS + 1).map(tail => `${before}${word}${tail}`))
}

type Name = (name: string) => boolean
type Letter = (letter: string) => boolean
/** Any number of names, or of letters. */
type Any = 'any'

function compile(glob: string): (Name | Any)[] {
  const bare = glob.replace(/\/$/, '')
  const names = bare.split('/').map(part => (part === '**' ? 'any' : nameMatcher(part)))
  // Only files are asked for, so a folder that matches stands above one.
  return [...(bare.includes('/') ? [] : (['any'] as const)), ...names, 'any']
}

function nameMatcher(part: string): Name {
  const letters = [...part.matchAll(/\*+|\?|\[([^\]]+)\]|[\s\S]/gu)].map(([token, set]): Letter | Any => {
    if (token.startsWith('*')) return 'any'
    if (token === '?') return () => true
    return set === undefined ? letter => letter === token : letterIn(set)
  })
  return name => fits(letters, [...name])
}

function letterIn(set: string): Letter {
  const ranges = [...set.matchAll(/([\s\S])-([\s\S])|[\s\S]/gu)].map(
    ([one, from, to]) => [from ?? one, to ?? one] as const,
  )
  return letter => ranges.some(([from, to]) => letter >= from && letter <= to)
}

/** The last "any" takes one more where the rest does not fit: no earlier one has to be tried again. */
function fits(wanted: readonly (Name | Any)[], given: readonly string[]): boolean {
  let at = 0
  let back: { wanted: number; given: number } | undefined
  for (let i = 0; i < given.length; ) {
    const one = wanted[at]
    if (one === 'any') back = { wanted: ++at, given: i }
    else if (one?.(given[i] ?? '')) {
      at++
      i++
    } else if (back) {
      at = back.wanted
      i = ++back.given
    } else return false
  }
  while (wanted[at] === 'any') at++
  return at === wanted.length
}
