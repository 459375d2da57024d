import { dirname, join } from 'node:path'
import type { Clock, Ms } from '../clock.ts'
import type { Disk } from '../disk.ts'
import { KEY_BYTES } from './cipher.ts'
import { KeyDamaged } from './failures.ts'
import { type MasterKeys, unwrapKey, type WrappedKey, wrapKey } from './key-management.ts'
import { createWhole, readWhole, replaceWhole } from './whole-file.ts'

/** The data key of a folder of secrets: a file, since the processes that read it share no database. */
export type HomeKey = {
  /** Unwrapped once, then in memory. Made where there is none. */
  get(): Promise<Uint8Array>
  facts(): Promise<HomeKeyFacts | undefined>
  /** Under the first master key; nobody who has it unwrapped notices. */
  rewrap(): Promise<void>
}

export type HomeKeyFacts = WrappedKey & {
  readonly madeAt: Ms
  /** Since when its master key wraps it. */
  readonly wrappedAt: Ms
}

export const HOME_KEY = 'data.key'
const WHAT = 'The data key of the folder secrets/'
const TEXT = /^towpath-key\.v1\.([0-9]{1,15})\.([0-9]{1,15})\.([A-Za-z0-9_-]{1,200})\.([A-Za-z0-9_-]{1,20000})\n?$/
/** A key management that is away is not asked again by each request. */
const REST_MS = 1_000

type Parts = { disk: Disk; clock: Clock; dir: string; masterKeys: MasterKeys }

export function createHomeKey({ disk, clock, dir, masterKeys }: Parts): HomeKey {
  const place = { disk, clock, path: join(dir, HOME_KEY) }
  const keys = { masterKeys, clock }
  let held: Uint8Array | undefined
  let asking: Promise<Uint8Array> | undefined
  let failed: { error: unknown; until: Ms } | undefined

  async function facts(): Promise<HomeKeyFacts | undefined> {
    const text = await readWhole(disk, place.path)
    if (text === undefined) return undefined
    const [, madeAt, wrappedAt, masterKeyId, wrapped] = TEXT.exec(text) ?? []
    if (masterKeyId === undefined || wrapped === undefined) throw KeyDamaged(WHAT)
    return { madeAt: Number(madeAt), wrappedAt: Number(wrappedAt), masterKeyId, wrapped }
  }

  async function unwrapped(): Promise<Uint8Array> {
    const found = await facts()
    if (found) return unwrapKey(keys, found, WHAT)
    const made = { madeAt: clock.now(), ...(await wrapKey(keys, clock.bytes(KEY_BYTES), WHAT)) }
    await disk.makeDir(dir)
    // The folder's own name too, or a power cut takes all that was told to be durable in it.
    await disk.syncDir(dirname(dir))
    await createWhole(place, written({ ...made, wrappedAt: made.madeAt }))
    // Of two processes both go on with the first one's.
    return unwrapped()
  }

  return {
    facts,
    async get() {
      if (held) return held
      if (failed && clock.monotonic() < failed.until) throw failed.error
      asking ??= unwrapped().finally(() => {
        asking = undefined
      })
      try {
        held = await asking
        return held
      } catch (error) {
        failed = { error, until: clock.monotonic() + REST_MS }
        throw error
      }
    },
    async rewrap() {
      const found = await facts()
      if (!found) return
      const to = await wrapKey(keys, await unwrapKey(keys, found, WHAT), WHAT)
      await replaceWhole(place, written({ ...to, madeAt: found.madeAt, wrappedAt: clock.now() }))
    },
  }
}

function written({ madeAt, wrappedAt, masterKeyId, wrapped }: HomeKeyFacts): string {
  return `towpath-key.v1.${madeAt}.${wrappedAt}.${masterKeyId}.${wrapped}\n`
}
