import type { Login } from './client.ts'
import { until } from './process.ts'
import type { Registry } from './registry.ts'

/** A change through control's API, as the admin. */
export async function api(registry: Registry, method: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(new URL(path, registry.controlUrl), {
    method,
    headers: { ...registry.wire.headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}

/** A token of registry `default` with these actions, once every node knows it. */
export async function makeToken(registry: Registry, name: string, actions: readonly string[]): Promise<Login> {
  const made = (await api(registry, 'POST', '/api/v1/registries/default/tokens', { name, actions })) as {
    passwords: { value: string }[]
  }
  const login = { user: name, password: made.passwords[0]?.value ?? '' }
  const headers = { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` }
  await everywhere(`token ${name}`, async () => (await fetch(`${registry.wire.url}/v2/`, { headers })).status === 200)
  return login
}

/** Ten in a row, each over a connection of its own: no node thinks otherwise any more. */
export async function everywhere(what: string, holds: () => Promise<boolean>): Promise<void> {
  let row = 0
  await until(
    what,
    async () => {
      row = (await holds()) ? row + 1 : 0
      return row >= 10
    },
    { timeoutMs: 10_000 },
  )
}
