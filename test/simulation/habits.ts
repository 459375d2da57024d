import type { Ms, Random } from '../../src/kernel/index.ts'

const ACTS = [
  'push image',
  'pull',
  'retag',
  'mount',
  'push blob',
  'leave upload',
  'delete tag',
  'delete image',
  'delete blob',
  'delete repository',
  'restore image',
  'purge image',
] as const
export type Act = (typeof ACTS)[number]

/** What clients do, and with how much. */
export type Habits = {
  readonly repositories: readonly string[]
  readonly tags: readonly string[]
  /** One of them at a time; one that is here twice is done twice as often. */
  readonly acts: readonly Act[]
  /** How many contents there are that many push. */
  readonly common: number
  /** Of an image: how likely it has a layer of its own. */
  readonly own: number
  readonly size: (random: Random) => number
  /** Before each act, and between an image's blobs and its manifest. */
  readonly pause: (random: Random) => Ms
  readonly linger: (random: Random) => Ms
}
