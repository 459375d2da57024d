import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { selfSigned } from '../../src/kernel/http/certificate.fixture.ts'
import { pusher } from '../support/content.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

type Schema = {
  type?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minItems?: number
  minimum?: number
}
type Operation = {
  security?: unknown[]
  summary?: string
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[]
  requestBody?: { content?: { 'application/json'?: { schema: Schema } } }
}
type Try = { method: string; path: string; url: string; body: unknown }
type Made = { id: string }

let platform: Platform
/** Of the tenant that is looked at: what stands after which word of a path, and in which field of a body. */
const mine: Record<string, string> = {}
/** What lies in the registry, by the field that names it. */
const content: Record<string, string> = {}
/** The same, of what regions hold and control has no row of. */
const inRegion: Record<string, string> = {}
let stranger = ''
let strangersTenant = ''

const make = <T = Made>(path: string, body: unknown, method = 'POST') => platform.make<T>(path, body, method)

before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
  const home = '/api/v1/tenants/ten_default'
  const id = async (path: string, body: unknown) => (await make(`${home}/${path}`, body)).id
  mine.tenants = 'ten_default'
  mine.groups = await id('groups', { name: 'hidden-group' })
  mine.resources = mine.groups
  mine.principals = await id('principals', { kind: 'group', name: 'hidden-team' })
  mine.members = await id('principals', { kind: 'user', name: 'hidden-user' })
  await make(`${home}/principals/${mine.principals}/members/${mine.members}`, undefined, 'PUT')
  const robot = await id('principals', { kind: 'service', name: 'hidden-robot' })
  mine.secrets = (await make(`${home}/principals/${robot}/secrets`, {})).id
  const trust = { issuer: 'https://hidden.example', audience: 'hidden-audience', subject: 'hidden-subject' }
  mine.federations = (await make(`${home}/principals/${robot}/federations`, trust)).id
  const { cert } = selfSigned('hidden-certificate')
  mine.certificates = (await make(`${home}/principals/${robot}/certificates`, { certificate: cert })).id
  const form = new URLSearchParams({ client_id: 'towpath-cli' })
  const begun = await fetch(`${platform.control}/oauth2/device_authorization`, { method: 'POST', body: form })
  mine.device = ((await begun.json()) as { user_code: string }).user_code.replace('-', '')
  mine.roles = await id('roles', { name: 'Hidden Role', actions: ['group/read'] })
  const scope = `/tenants/ten_default/groups/${mine.groups}`
  mine.assignments = await id('assignments', { principalId: mine.members, roleId: mine.roles, scope })
  mine.locks = await id('locks', { nodeId: mine.groups, kind: 'no-delete', note: 'hidden-note' })
  const grants = [{ principal: 'hidden-user', role: 'Reader' }]
  mine.offers = await id('offers', { name: 'hidden-offer', grants })
  await make('/api/v1/registries', { name: 'hidden-registry', hosts: ['hidden.example'], groupId: mine.groups })
  mine.registries = 'hidden-registry'
  await pushHidden()
  const maps = '/api/v1/registries/hidden-registry/scope-maps'
  await make(maps, { name: 'hidden-map', actions: ['repositories/a/content/read'] })
  mine['scope-maps'] = 'hidden-map'
  await make('/api/v1/registries/hidden-registry/tokens', { name: 'hidden-token', scopeMap: 'hidden-map' })
  mine.tokens = 'hidden-token'
  const hook = { name: 'hiddenhook', serviceUri: 'https://hidden.example/path', actions: ['push'] }
  await make('/api/v1/registries/hidden-registry/webhooks', hook)
  mine.webhooks = 'hiddenhook'
  const keep = { name: 'hidden-policy', kind: 'immutable', settings: { tags: ['hidden*'] } }
  await make('/api/v1/registries/hidden-registry/policies', keep)
  mine.policies = 'hidden-policy'
  const source = { source: 'hidden.invalid/hidden-source:v1', username: 'hidden-robot', password: 'hidden-password' }
  inRegion.imports = (await make('/api/v1/registries/hidden-registry/imports', source)).id
  const client = { clientId: 'hidden-client', clientSecret: 'hidden-secret' }
  await make(`${home}/sign-in-providers`, {
    name: 'hidden-idp',
    title: 'hidden',
    issuer: 'https://hidden.example',
    ...client,
  })
  mine['sign-in-providers'] = 'hidden-idp'

  // Everything, in another tenant.
  strangersTenant = (await make('/api/v1/tenants', { name: 'elsewhere' })).id
  const there = `/api/v1/tenants/${strangersTenant}`
  const owner = await make(`${there}/principals`, { kind: 'service', name: 'stranger' })
  const role = { principalId: owner.id, roleId: 'rol_owner', scope: `/tenants/${strangersTenant}` }
  await make(`${there}/assignments`, role)
  const { clientId, secret } = await make<{ clientId: string; secret: string }>(
    `${there}/principals/${owner.id}/secrets`,
    {},
  )
  stranger = `Basic ${btoa(`${clientId}:${secret}`)}`
})
after(() => platform.stop())

/** What is pushed before the region heard of the registry is in another one. */
async function pushHidden(): Promise<void> {
  for (let total = 0; total === 0; ) {
    const { digest } = await pusher(platform, 'hidden.example').image('hidden-app', 'hidden-tag')
    const report = await pusher(platform, 'hidden.example').image('hidden-app', '', {
      ...{ artifactType: 'application/sarif+json', layerType: 'application/sarif+json' },
      layers: [JSON.stringify({ version: '2.1.0', runs: [] })],
      subject: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 2 },
    })
    Object.assign(content, { repository: 'hidden-app', tag: 'hidden-tag', digest, report: report.digest })
    const at = '/api/v1/registries/hidden-registry/repositories'
    total = (await make<{ total: number }>(at, undefined, 'GET')).total
  }
}

/** Every route that asks for a sign-in, as a request that its schema takes and that means something of ours. */
async function tries(): Promise<Try[]> {
  const document = (await (await fetch(`${platform.control}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>
  }
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => operation.security)
      .map(([method, operation]) => {
        const query = (operation.parameters ?? [])
          .filter(one => one.in === 'query' && (one.required || one.name === 'tenant'))
          .map(one => `${one.name}=${encodeURIComponent(String(value(one.name, one.schema)))}`)
        const schema = operation.requestBody?.content?.['application/json']?.schema
        const url = `${filled(path)}${query.length > 0 ? `?${query.join('&')}` : ''}`
        return { method: method.toUpperCase(), path, url, body: schema && bodyOf(path, schema) }
      }),
  )
}

function filled(path: string): string {
  const words = path.split('/')
  return words
    .map((word, at) => {
      if (!word.startsWith('{')) return word
      if (path.startsWith('/api/v1/admin/')) return '2'
      if (words[at - 1] === 'passwords') return 'password1'
      if (words[at - 1] === 'events') return '1'
      return { ...mine, ...inRegion }[words[at - 1] ?? ''] ?? 'unknown'
    })
    .join('/')
}

/** What a schema can not say by itself. */
const EXAMPLES: Record<string, Record<string, unknown>> = {
  '/api/v1/registries': { tenant: 'ten_default' },
  '/api/v1/registries/{name}/tokens': { scopeMap: 'hidden-map' },
  '/api/v1/registries/{name}/imports': { source: 'taken.example/over:v1' },
  '/api/v1/registries/{name}/webhooks': { name: 'takenover', serviceUri: 'https://taken.example' },
  '/api/v1/tenants/{tenant}/sign-in-providers': { issuer: 'https://taken.example' },
  '/api/v1/tenants/{tenant}/principals': { kind: 'user' },
  '/api/v1/tenants/{tenant}/principals/{id}/federations': { issuer: 'https://taken-over.example' },
  '/api/v1/tenants/{tenant}/roles': { actions: ['group/read'] },
}

function bodyOf(path: string, schema: Schema): unknown {
  const made = value('', schema)
  return typeof made === 'object' ? { ...made, ...EXAMPLES[path] } : made
}

function value(name: string, schema: Schema): unknown {
  const named: Record<string, string | undefined> = {
    ...{ name: 'taken-over', nodeId: mine.groups, parentId: mine.groups, groupId: mine.groups, tenant: 'ten_default' },
    ...content,
    ...{ principalId: mine.members, principal: mine.members, roleId: 'rol_owner', scope: '/tenants/ten_default' },
  }
  if (named[name] !== undefined && (schema.type === 'string' || schema.anyOf)) return named[name]
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const [first] = schema.anyOf ?? schema.oneOf ?? []
  if (first) return value(name, first)
  if (schema.type === 'object') {
    const asked = Object.entries(schema.properties ?? {}).filter(([key]) => schema.required?.includes(key))
    return Object.fromEntries(asked.map(([key, inner]) => [key, value(key, inner)]))
  }
  if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => value('', schema.items ?? {}))
  if (schema.type === 'boolean') return true
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1
  return 'taken-over'
}

function ask({ method, url, body }: Try, authorization?: string): Promise<Response> {
  return fetch(`${platform.control}${url}`, {
    method,
    headers: {
      ...(authorization ? { authorization } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

/** Every row of control, but for what only tells of requests. */
function rows(): Map<string, string[]> {
  const database = new DatabaseSync(join(platform.home, 'control', 'control.sqlite'), { readOnly: true, timeout: 5000 })
  try {
    const tables = database.prepare(`select name from sqlite_schema where type = 'table' order by name`).all()
    const names = tables.map(one => String(one.name)).filter(name => !/^(audit|lease|sqlite)/.test(name))
    return new Map(
      names.map(name => [
        name,
        database
          .prepare(`select * from ${name}`)
          .all()
          // The stranger's own tenant is his to change.
          .filter(row => ![row.tenant_id, row.id].includes(strangersTenant))
          .map(row => JSON.stringify(row))
          .sort(),
      ]),
    )
  } finally {
    database.close()
  }
}

test('every route of the description, tried by another tenant’s owner: nothing is read, nothing is changed', async () => {
  const all = await tries()
  assert.ok(all.length > 40, `only ${all.length} routes were found`)
  const secrets = [...new Set(Object.values(mine)), 'hidden'].filter(text => text !== 'ten_default')
  const held = rows()
  const kept = JSON.stringify([...held.values()])
  for (const secret of secrets) assert.ok(kept.includes(secret), `${secret} is nowhere: the sweep would find nothing`)

  secrets.push(...Object.values(inRegion))
  const wrong: string[] = []
  for (const one of all) {
    const answer = await ask(one, stranger)
    const text = await answer.text()
    const what = `${one.method} ${one.url} answered ${answer.status}`
    // Lists show what the caller may see, which is nothing of ours; all else is refused after it was understood.
    const isList = answer.status === 200 && one.method === 'GET' && one.body === undefined
    const understood =
      [403, 404].includes(answer.status) || (answer.status === 400 && !text.includes('REQUEST_INVALID'))
    if (!isList && !understood) wrong.push(`${what}: ${text.slice(0, 200)}`)
    // What customers gave is decided place by place.
    const decided = !isList && !one.path.startsWith('/api/v1/customers')
    if (decided && !answer.headers.get('x-towpath-policy')) wrong.push(`${what} and names no policy`)
    const told = secrets.filter(secret => text.includes(secret) && !JSON.stringify(one).includes(secret))
    if (told.length > 0) wrong.push(`${what} and tells ${told.join(', ')}`)
    if (isList && secrets.some(secret => text.includes(secret))) wrong.push(`${what} and shows what is ours`)
  }
  assert.deepEqual(wrong, [])
  assert.deepEqual(rows(), held)
})

test('the same requests mean something: the owner may read them all, and nobody gets in without a sign-in', async () => {
  for (const one of await tries()) {
    assert.equal((await ask(one)).status, 401, `${one.method} ${one.url} asks nobody to sign in`)
    if (one.method !== 'GET') continue
    const answer = await platform.api(one.url)
    // A stream of events ends by itself only after a minute.
    const text = answer.headers.get('content-type') === 'text/event-stream' ? '' : await answer.text()
    if (text === '') await answer.body?.cancel()
    assert.ok(answer.status === 200, `GET ${one.url} answered the owner ${answer.status}: ${text}`)
  }
})

test('in its own tenant the stranger is at home, until the secret goes', async () => {
  const there = `/api/v1/tenants/${strangersTenant}`
  const made = await ask({ method: 'POST', path: '', url: `${there}/groups`, body: { name: 'own' } }, stranger)
  assert.equal(made.status, 201)
  assert.match(made.headers.get('x-towpath-policy') ?? '', /^asg_/)
  const tenants = await ask({ method: 'GET', path: '', url: '/api/v1/tenants', body: undefined }, stranger)
  assert.deepEqual(
    ((await tenants.json()) as { tenants: { name: string }[] }).tenants.map(one => one.name),
    ['elsewhere'],
  )
  const { principals } = await make<{ principals: { id: string; kind: string }[] }>(
    `${there}/principals`,
    undefined,
    'GET',
  )
  const [{ id } = { id: '' }] = principals
  await make(`${there}/principals/${id}`, { enabled: false }, 'PATCH')
  const refused = await ask({ method: 'GET', path: '', url: '/api/v1/tenants', body: undefined }, stranger)
  assert.equal(refused.status, 401)
})
