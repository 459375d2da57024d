/** Chance that comes out the same for the same seed. */
export type Random = {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform in 0 … `below` - 1. */
  int(below: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  bytes(length: number): Uint8Array
  /** A stream of its own: what one part draws doesn't move what another one gets. */
  fork(label: string): Random
}

/** sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, a few additions a number. */
export function createRandom(seed: string | number): Random {
  const text = String(seed)
  let [a, b, c, counter] = [mix(text, 1), mix(text, 2), mix(text, 3), 1]

  const bits = () => {
    const out = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + out
    c |= 0
    return out >>> 0
  }
  for (let i = 0; i < 15; i++) bits()

  const next = () => bits() / 2 ** 32
  const int = (below: number) => Math.floor(next() * below)
  return {
    next,
    int,
    chance: probability => next() < probability,
    pick: items => {
      if (items.length === 0) throw new RangeError('There is nothing to pick from')
      return items[int(items.length)] as (typeof items)[number]
    },
    bytes: length => {
      const bytes = new Uint8Array(length)
      for (let i = 0; i < length; i += 4) {
        const word = bits()
        for (let j = 0; j < 4 && i + j < length; j++) bytes[i + j] = word >>> (8 * j)
      }
      return bytes
    },
    fork: label => createRandom(`${text}/${label}`),
  }
}

/** FNV-1a over the text, 32 bits, once for each word of the state. */
function mix(text: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) | 0
}
