import { type Clock, newId, type Store } from '../../kernel/index.ts'
import type { SignedIn } from '../principals/principal.ts'
import { newSessionSecret } from '../sessions/secret.ts'
import { createThrottle } from '../throttle.ts'
import { newUserCode, readUserCode, userCodeText } from './codes.ts'
import { DEVICE_LIFE, type Device, devices, findDevice, hashOf, PAUSE } from './devices.ts'
import { Denied, DeviceExpired, DeviceUnknown, Pending, RefreshRefused, SlowDown } from './failures.ts'
import { newTurn, readRefreshToken, refreshSession } from './refresh.ts'

export type DeviceFlow = {
  /** For a command line at that address. */
  start(address: string): Promise<{ deviceCode: string; userCode: string; expiresIn: number; interval: number }>
  /** What a person typed, as it waits. Guesses are slowed down by address. */
  find(text: string, address: string): Promise<Device>
  /** Who was allowed in; throws where nobody was, yet or ever. */
  poll(deviceCode: string, requestId: string): Promise<Opened>
  refresh(token: string, requestId: string): Promise<Opened>
}

export type Opened = { readonly signedIn: SignedIn; readonly refreshToken: string; readonly sessionId: string }

const MOST_CHARS = 200

type Parts = { store: Store; clock: Clock; region: string }

/** Sign-in of a command line by a browser elsewhere (RFC 8628), and what keeps it signed in. */
export function createDeviceFlow({ store, clock, region }: Parts): DeviceFlow {
  const starting = createThrottle(clock)
  const guessing = createThrottle(clock)

  return {
    async start(address) {
      // Each counts as a mistake would: ten at once, then one in two seconds.
      await starting.attempt(address, async () => undefined)
      const { secret: deviceCode } = newSessionSecret(clock)
      const userCode = newUserCode(clock)
      await store.write(devices.start, { deviceHash: hashOf(deviceCode), userCode, address })
      return { deviceCode, userCode: userCodeText(userCode), expiresIn: DEVICE_LIFE / 1000, interval: PAUSE / 1000 }
    },

    async find(text, address) {
      const code = readUserCode(text)
      const found = await guessing.attempt(address, async () => code && findDevice(store.read, code, clock.now()))
      if (!found) throw DeviceUnknown()
      return found
    },

    async poll(deviceCode, requestId) {
      const { secret: family, hash: secretHash } = newSessionSecret(clock)
      const turn = newTurn(clock)
      const sessionId = newId(clock, 'ses')
      const deviceHash = hashOf(deviceCode.slice(0, MOST_CHARS))
      const secrets = { secretHash, refreshHash: hashOf(turn) }
      const polled = await store.write(devices.poll, { deviceHash, sessionId, ...secrets, region, requestId })
      if (polled.state === 'waiting') throw Pending()
      if (polled.state === 'hasty') throw SlowDown(polled.pause / 1000)
      if (polled.state === 'denied') throw Denied()
      if (polled.state !== 'signed-in') throw DeviceExpired()
      const { principal, ends } = polled
      const signedIn = { principal, proof: `session:${sessionId}`, ends }
      return { signedIn, refreshToken: `${family}.${turn}`, sessionId }
    },

    async refresh(token, requestId) {
      const given = readRefreshToken(token.slice(0, MOST_CHARS))
      if (!given) throw RefreshRefused('The refresh token has not the form of one')
      const next = newTurn(clock)
      const hashes = { familyHash: hashOf(given.family), turnHash: hashOf(given.turn), nextHash: hashOf(next) }
      const done = await store.write(refreshSession, { ...hashes, region, requestId })
      if (done.state === 'reused')
        throw RefreshRefused('The refresh token was used before: somebody may have a copy, so the login was ended')
      if (done.state !== 'refreshed') throw RefreshRefused('The login has ended or expired')
      const { principal, sessionId, ends } = done
      const signedIn = { principal, proof: `session:${sessionId}`, ends }
      return { signedIn, refreshToken: `${given.family}.${next}`, sessionId }
    },
  }
}
