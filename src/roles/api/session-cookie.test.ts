import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { csrfTokenOf, newSessionSecret } from '../../identity/index.ts'
import { type Store, systemClock } from '../../kernel/index.ts'
import { createSessionCookies } from './session-cookie.ts'

const NOW = 1_800_000_000_000
const { secret } = newSessionSecret(systemClock('test'))
const other = newSessionSecret(systemClock('test')).secret

/** The cookies of a control that people reach at `origins`, over a session that was last seen at `seenAt`. */
function cookiesAt(origins: string[], { seenAt = NOW, kind = 'browser' } = {}) {
  const written: string[] = []
  const row = { tenant_id: 'ten_a', id: 'ses_1', principal_id: 'prn_1', kind, seen_at: seenAt, principal_name: 'ann' }
  const store: Pick<Store, 'read' | 'write'> = {
    read: { one: async () => row as never, all: async () => [] },
    write: async ({ name }) => {
      written.push(name)
      return null as never
    },
  }
  const clock = { ...systemClock('test'), now: () => NOW }
  return { written, cookies: createSessionCookies({ store: store as Store, clock, origins }) }
}

function reply() {
  const lines: string[] = []
  return { lines, reply: { header: (_: string, value: string) => lines.push(value) } as unknown as FastifyReply }
}

const asks = (headers: Record<string, string>, method = 'GET') => ({ method, headers }) as unknown as FastifyRequest

test('under TLS the cookies are for this very host, and never travel in the clear', () => {
  const { cookies } = cookiesAt(['https://towpath.example', 'http://127.0.0.1:7070'])
  const { lines, reply: to } = reply()
  cookies.set(to, secret)
  cookies.clear(to)
  cookies.setLogin(to, 'v1.sealed')
  cookies.clearLogin(to)
  const flags = 'Path=/; HttpOnly; SameSite=Lax; Secure'
  assert.deepEqual(lines, [
    `__Host-towpath=${secret}; ${flags}`,
    `__Host-towpath=; Max-Age=0; ${flags}`,
    `__Host-towpath-login=v1.sealed; Max-Age=600; ${flags}`,
    `__Host-towpath-login=; Max-Age=0; ${flags}`,
  ])
})

test('the name of plain HTTP opens nothing under TLS, where a neighbour could have set it', async () => {
  const { cookies } = cookiesAt(['https://towpath.example'])
  assert.equal(await cookies.admit(asks({ cookie: `towpath=${secret}` }), reply().reply), undefined)
  const found = await cookies.admit(asks({ cookie: `__Host-towpath=${secret}` }), reply().reply)
  assert.equal(found?.csrfToken, csrfTokenOf(secret))
})

test('a change comes from a page of ours, by whichever of our names it was called', async () => {
  const { cookies } = cookiesAt(['https://towpath.example', 'http://127.0.0.1:7070'])
  const change = (origin: string | undefined, token = csrfTokenOf(secret)) => {
    const headers = { cookie: `__Host-towpath=${secret}`, host: 'behind-the-proxy:7070', 'x-csrf-token': token }
    return cookies.admit(asks(origin === undefined ? headers : { ...headers, origin }, 'DELETE'), reply().reply)
  }
  for (const origin of [undefined, 'https://towpath.example', 'http://127.0.0.1:7070', 'http://behind-the-proxy:7070'])
    assert.ok(await change(origin))
  for (const origin of ['https://evil.example', 'null', '', 'https://towpath.example.evil.example'])
    await assert.rejects(change(origin), { code: 'CSRF_REFUSED', status: 403 }, origin)
  await assert.rejects(change(undefined, csrfTokenOf(other)), { code: 'CSRF_REFUSED' })
})

test('who is seen again within a minute costs no write; the secret of a command line is no cookie', async () => {
  const at = async (seenAt: number) => {
    const { cookies, written } = cookiesAt(['http://127.0.0.1:7070'], { seenAt })
    await cookies.admit(asks({ cookie: `towpath=${secret}` }), reply().reply)
    return written
  }
  assert.deepEqual(await at(NOW - 59_999), [])
  assert.deepEqual(await at(NOW - 60_000), ['identity.see-session'])
  const cli = cookiesAt(['http://127.0.0.1:7070'], { kind: 'cli' })
  const { lines, reply: to } = reply()
  await assert.rejects(cli.cookies.admit(asks({ cookie: `towpath=${secret}` }), to), { code: 'SESSION_ENDED' })
  assert.match(lines[0] ?? '', /^towpath=; Max-Age=0/)
})
