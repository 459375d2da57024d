import type { TestContext } from 'node:test'
import { type Clock, createHttpClient, systemClock } from '../../kernel/index.ts'
import { createOciClient, type OciClient } from '../client/client.ts'
import { httpSend } from '../client/http-send.ts'
import type { ClientOptions } from '../client/session.ts'
import { type FakeRegistry, fakeRegistry } from './fake-registry.fixture.ts'

/** A clock that never waits, and keeps how long it was asked to. */
export function hastyClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = []
  let now = 0
  return {
    ...systemClock('test'),
    slept,
    now: () => now,
    monotonic: () => now,
    random: () => 0.5,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      slept.push(ms)
      now += ms
    },
  }
}

/** A client and a registry for one test, closed after it. */
export async function setUp(
  t: TestContext,
  registry: Parameters<typeof fakeRegistry>[0] = {},
  own: Partial<ClientOptions> = {},
): Promise<{
  registry: FakeRegistry
  client: OciClient
  repo: { host: string; repository: string }
  clock: ReturnType<typeof hastyClock>
}> {
  const fake = await fakeRegistry(registry)
  // Its deadlines need a clock that waits.
  const http = createHttpClient({ clock: systemClock('test'), allowPrivate: true })
  t.after(() => {
    http.close()
    return fake.close()
  })
  const clock = hastyClock()
  const client = createOciClient({ send: httpSend(http), clock, ...own })
  return { registry: fake, client, clock, repo: { host: fake.host, repository: 'team/app' } }
}
