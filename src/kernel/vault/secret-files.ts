import { join } from 'node:path'
import type { Clock, Ms } from '../clock.ts'
import type { Disk } from '../disk.ts'
import { Failure, failure } from '../failure.ts'
import { decrypt, encrypt } from './cipher.ts'
import { VaultLocked } from './failures.ts'
import { createHomeKey, HOME_KEY, type HomeKeyFacts } from './home-key.ts'
import type { MasterKeys } from './key-management.ts'
import { createWhole, readWhole, replaceWhole } from './whole-file.ts'

export type SecretFile = {
  readonly value: string
  /** UTC milliseconds; of a file from before there was a vault, when it was last written. */
  readonly madeAt: Ms
}

/** The platform's own secrets: one sealed file each, in one folder that the processes of a machine share. */
export type SecretFiles = {
  /** Made by `make` where there is none. Sealed on disk and durable on return; of two that make it, both get the first one's. */
  ensure(name: string, make: () => string): Promise<SecretFile>
  find(name: string): Promise<SecretFile | undefined>
  /** Opens nothing. */
  madeAt(name: string): Promise<Ms | undefined>
  /** Of the data key that seals them; undefined while nothing was sealed here. */
  keyFacts(): Promise<HomeKeyFacts | undefined>
  /** Under the first master key. */
  rewrap(): Promise<void>
}

export const SecretFileDamaged = failure('VAULT_FILE_DAMAGED', 500, (path: string) => ({
  says: `${path} was changed, or is not sealed under secrets/${HOME_KEY}`,
  next: 'Bring back the whole folder secrets/ as it was, or move it away: new keys are made, and clients sign in anew',
}))

export const SecretFileEmpty = failure('VAULT_FILE_EMPTY', 500, (path: string) => ({
  says: `${path} is empty`,
  next: 'Bring it back, or remove it: a new one is made',
}))

const SEALED = 'towpath-sealed.'
const TEXT = /^towpath-sealed\.v1\.([0-9]{1,15})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,300000})\n?$/
const NAME = /^[a-z][A-Za-z0-9_.-]{0,120}$/

type Parts = { disk: Disk; clock: Clock; dir: string; masterKeys: MasterKeys }

export function openSecretFiles({ disk, clock, dir, masterKeys }: Parts): SecretFiles {
  const key = createHomeKey({ disk, clock, dir, masterKeys })
  const placeOf = (name: string) => {
    if (!NAME.test(name)) throw new Error(`"${name}" is no name of a secret file`)
    return { disk, clock, path: join(dir, name) }
  }

  async function sealed(name: string, { value, madeAt }: SecretFile): Promise<string> {
    const { nonce, cipher } = encrypt(clock, await key.get(), Buffer.from(value), boundTo(name, madeAt))
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
    return `${SEALED}v1.${madeAt}.${text(nonce)}.${text(cipher)}\n`
  }

  async function opened(name: string, text: string): Promise<SecretFile> {
    const { path } = placeOf(name)
    const [, time, nonce, cipher] = TEXT.exec(text) ?? []
    // Sealed, and the key is gone: a new one would only hide that.
    if (nonce === undefined || cipher === undefined || !(await key.facts())) throw SecretFileDamaged(path)
    const madeAt = Number(time)
    const parts = { nonce: Buffer.from(nonce, 'base64url'), cipher: Buffer.from(cipher, 'base64url') }
    const plain = decrypt(await key.get(), parts, boundTo(name, madeAt))
    if (!plain) throw SecretFileDamaged(path)
    return { value: Buffer.from(plain).toString('utf8'), madeAt }
  }

  /** Of an earlier version. Locked, it stays as it is and is used: the next start seals it. */
  async function adopted(name: string, text: string): Promise<SecretFile> {
    const { path } = placeOf(name)
    const value = text.replace(/\r?\n$/, '')
    if (value === '') throw SecretFileEmpty(path)
    const found = { value, madeAt: Math.floor((await disk.stat(path))?.modified ?? clock.now()) }
    try {
      await replaceWhole(placeOf(name), await sealed(name, found))
    } catch (error) {
      if (!(error instanceof Failure && error.is(VaultLocked))) throw error
    }
    return found
  }

  async function find(name: string): Promise<SecretFile | undefined> {
    const text = await readWhole(disk, placeOf(name).path)
    if (text === undefined) return undefined
    return text.startsWith(SEALED) ? opened(name, text) : adopted(name, text)
  }

  async function ensure(name: string, make: () => string): Promise<SecretFile> {
    const found = await find(name)
    if (found) return found
    const made = { value: make(), madeAt: clock.now() }
    if (await createWhole(placeOf(name), await sealed(name, made))) return made
    return ensure(name, make)
  }

  return {
    find,
    ensure,
    async madeAt(name) {
      const { path } = placeOf(name)
      const text = await readWhole(disk, path)
      if (text === undefined) return undefined
      const [, time] = TEXT.exec(text) ?? []
      return time === undefined ? (await disk.stat(path))?.modified : Number(time)
    },
    keyFacts: key.facts,
    rewrap: key.rewrap,
  }
}

function boundTo(name: string, madeAt: Ms): string {
  return `file ${name} ${madeAt}`
}
