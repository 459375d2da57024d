import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { articleTemplate } from '../../src/identity/delegation/article-template.fixture.ts'
import { runTowpath } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

const REQUIRED =
  "The 'delegatedRoleDefinitionIds' property is required when using certain roleDefinitionIds for authorization."

type Signed = { id: string; name: string; secret: string }
type Answer = { status: number; body: Record<string, unknown> }

let platform: Platform
let dir = ''
/** The managing tenant, its owner ann and its agent robot; the customer, its owner carol and a group. */
let provider = ''
let customer = ''
let ann: Signed
let robot: Signed
let carol: Signed
let edge = ''

before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
  dir = await mkdtemp(join(tmpdir(), 'towpath-offer-'))
  provider = await made('/api/v1/tenants', { name: 'provider' })
  customer = await made('/api/v1/tenants', { name: 'customer' })
  ann = await owner(provider, 'ann')
  carol = await owner(customer, 'carol')
  const lead = await made(`/api/v1/tenants/${provider}/principals`, { kind: 'user', name: 'lead' })
  robot = await signed(provider, { kind: 'agent', name: 'robot', ownerId: lead })
  const group = await call(carol, 'POST', `/api/v1/tenants/${customer}/groups`, { name: 'edge' })
  assert.equal(group.status, 201, JSON.stringify(group.body))
  edge = String(group.body.scope)
})
after(async () => {
  await platform.stop()
  await rm(dir, { recursive: true, force: true })
})

async function made(path: string, body: unknown): Promise<string> {
  const answer = await platform.api(path, { method: 'POST', body })
  const found = (await answer.json()) as { id: string }
  assert.equal(answer.status, 201, JSON.stringify(found))
  return found.id
}

async function signed(tenant: string, principal: { name: string; kind: string; ownerId?: string }): Promise<Signed> {
  const id = await made(`/api/v1/tenants/${tenant}/principals`, principal)
  const answer = await platform.api(`/api/v1/tenants/${tenant}/principals/${id}/secrets`, { method: 'POST', body: {} })
  const { secret } = (await answer.json()) as { secret: string }
  return { id, name: principal.name, secret }
}

async function owner(tenant: string, name: string): Promise<Signed> {
  const who = await signed(tenant, { kind: 'service', name })
  const scope = `/tenants/${tenant}`
  await made(`/api/v1/tenants/${tenant}/assignments`, { principalId: who.id, roleId: 'rol_owner', scope })
  return who
}

async function call(who: Signed, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${platform.control}${path}`, {
    method,
    headers: {
      authorization: `Basic ${btoa(`${who.id}:${who.secret}`)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
}

const towpath = (who: Signed, ...args: string[]) =>
  runTowpath(platform, args, { env: { TOWPATH_USERNAME: who.id, TOWPATH_PASSWORD: who.secret } })

type Audited = {
  actor: { id: string; tenantId: string }
  action: string
  resource: string
  managingTenantId: string
  result: string
  detail: Record<string, unknown>
}

/** What the audit of a tenant has of delegations and of what was assigned through them, oldest first. */
async function story(who: Signed, tenant: string): Promise<Audited[]> {
  const { status, body } = await call(who, 'GET', `/api/v1/audit?tenant=${tenant}&limit=500`)
  assert.equal(status, 200, JSON.stringify(body))
  return (body.records as Audited[])
    .filter(one => one.detail.delegation !== undefined)
    .map(({ actor, action, resource, managingTenantId, result, detail }) => ({
      ...{ actor, action, resource, managingTenantId, result, detail },
    }))
    .reverse()
}

/** Who was refused an assignment at the delegated place, as the audit of a tenant has it. */
async function denials(who: Signed, tenant: string): Promise<string[]> {
  const asked = new URLSearchParams({ tenant, resource: edge, action: 'access/assign', result: 'denied' })
  const { status, body } = await call(who, 'GET', `/api/v1/audit?${asked}`)
  assert.equal(status, 200, JSON.stringify(body))
  return (body.records as Audited[]).map(one => one.actor.id)
}

test('an offer is built, downloaded, reviewed, accepted, used, listed and revoked, and both audits tell it', async () => {
  const file = join(dir, 'care.json')
  const built = await towpath(
    ann,
    ...['offer', 'create', 'care', '--tenant', 'provider', '--group', 'edge', '--description', 'We look after it'],
    ...['--grant', 'ann=Reader', '--assigner', 'ann=Contributor,Log Analytics Contributor', '-o', 'json'],
  )
  assert.equal(built.code, 0, built.stderr)
  assert.match((await towpath(ann, 'offer', 'list', '--tenant', 'provider')).stdout, /care +group edge +ann: Reader/)
  const written = await towpath(ann, 'offer', 'export', 'care', '--tenant', 'provider', '--to', file)
  assert.equal(written.code, 0, written.stderr)
  const template = JSON.parse(await readFile(file, 'utf8')) as { $schema: string; variables: Record<string, unknown> }
  assert.match(template.$schema, /subscriptionDeploymentTemplate/)
  assert.equal(template.variables.managedByTenantId, provider)

  const reviewed = await towpath(carol, 'delegation', 'review', file, '--tenant', 'customer')
  assert.equal(reviewed.code, 0, reviewed.stderr)
  assert.match(
    reviewed.stdout,
    /^"care" \(We look after it\) is offered by tenant provider\.\nIt reaches the group edge/,
  )
  assert.match(
    reviewed.stdout,
    /ann \(a program of provider\) may give Contributor and Log Analytics Contributor, and no other role/,
  )
  assert.equal(
    (await towpath(carol, 'delegation', 'accept', file, '--tenant', 'customer')).code,
    2,
    'not without --yes',
  )
  assert.deepEqual((await call(ann, 'GET', '/api/v1/customers/resources')).body, { resources: [] })

  const accepted = await towpath(carol, 'delegation', 'accept', file, '--tenant', 'customer', '--yes', '-o', 'json')
  assert.equal(accepted.code, 0, accepted.stderr)
  const { id, scope } = JSON.parse(accepted.stdout) as { id: string; scope: string }
  assert.equal(scope, edge)
  const list = ['delegation', 'list', '-o', 'tsv', '--tenant']
  const lists = [towpath(carol, ...list, 'customer'), towpath(ann, ...list, 'provider', '--side', 'managing')]
  for (const { stdout, stderr } of await Promise.all(lists))
    assert.ok(stdout.includes(`${id}\tcustomer\tprovider\tcare\t${edge}`), stdout + stderr)
  assert.match(
    (await towpath(carol, 'delegation', 'providers', '--tenant', 'customer')).stdout,
    new RegExp(`provider +${id}`),
  )
  const access = await call(carol, 'GET', `/api/v1/tenants/${customer}/assignments`)
  const fromIt = (access.body.assignments as { source: string; principalId: string }[]).filter(one => one.source === id)
  assert.deepEqual(
    fromIt.map(one => one.principalId),
    [ann.id, ann.id],
  )
  const listed = await towpath(carol, 'access', 'list', '--tenant', 'customer')
  assert.match(listed.stdout, new RegExp(`^ann +Reader +edge +${id} +asg_`, 'm'), listed.stderr)

  assert.match((await towpath(ann, 'delegation', 'customers')).stdout, /customer +group +edge/)
  const checked = await towpath(ann, 'delegation', 'check', 'robot', edge, '--needs', 'log/write', '-o', 'json')
  assert.match(checked.stdout, /log\/write at .* is missing: ann can grant it by assigning Log Analytics Contributor\./)
  assert.equal((await call(robot, 'GET', '/api/v1/customers/resources')).status, 200)
  assert.deepEqual((await call(robot, 'GET', '/api/v1/customers/resources')).body, { resources: [] })
  const picked = await towpath(ann, 'delegation', 'pick', 'robot', edge, '--needs', 'log/write')
  assert.match(picked.stderr, /robot got Log Analytics Contributor\..*Nothing is missing/s)
  assert.match(JSON.stringify((await call(robot, 'GET', '/api/v1/customers/resources')).body), /"edge"/)
  const refused = await towpath(ann, 'delegation', 'assign', robot.id, 'Reader', edge)
  assert.equal(refused.code, 3)
  assert.match(refused.stderr, /Reader is not among the delegatedRoleDefinitionIds/)
  const direct = { principalId: robot.id, roleId: 'rol_contributor', scope: edge }
  assert.equal((await call(ann, 'POST', `/api/v1/tenants/${customer}/assignments`, direct)).status, 403)
  const turnedAway = await denials(carol, customer)
  assert.deepEqual(turnedAway, [ann.id, ann.id], 'the role that was not listed, and the assignment past the delegation')
  assert.deepEqual(await denials(ann, provider), turnedAway)

  const revoked = await towpath(carol, 'delegation', 'revoke', id, '--tenant', 'customer', '--yes')
  assert.equal(revoked.code, 0, revoked.stderr)
  for (const who of [ann, robot])
    assert.deepEqual((await call(who, 'GET', '/api/v1/customers/resources')).body, { resources: [] })
  assert.equal((await towpath(carol, 'delegation', 'revoke', id, '--tenant', 'customer', '--yes')).code, 4)
  const late = await towpath(ann, 'delegation', 'assign', robot.id, 'Contributor', edge)
  assert.ok(late.stderr.includes(REQUIRED), late.stderr)

  const theirs = await story(carol, customer)
  assert.deepEqual(
    theirs.map(one => [one.actor.id, one.action, one.resource, one.result]),
    [
      [carol.id, 'delegation/write', edge, 'done'],
      [ann.id, 'access/assign', edge, 'done'],
      [carol.id, 'delegation/delete', edge, 'done'],
    ],
  )
  assert.equal(theirs[1]?.managingTenantId, provider)
  assert.deepEqual(await story(ann, provider), theirs)
})

test('an offer with User Access Administrator and no roles fails with the words of the article, wherever it comes in', async () => {
  const body = { name: 'faulty', grants: [{ principal: 'ann', role: 'User Access Administrator' }] }
  const built = await call(ann, 'POST', `/api/v1/tenants/${provider}/offers`, body)
  assert.equal(built.status, 400)
  assert.equal(built.body.title, REQUIRED)
  assert.match(String(built.body.detail), /18d7d88d-d35e-4fb5-a5c3-7773c20a72d9/)

  const right = { ...body, grants: [{ ...body.grants[0], delegatedRoles: ['Contributor'] }] }
  assert.equal((await call(ann, 'POST', `/api/v1/tenants/${provider}/offers`, right)).status, 201)
  const exported = await towpath(ann, 'offer', 'export', 'faulty', '--tenant', 'provider')
  const template = JSON.parse(exported.stdout) as { variables: { authorizations: Record<string, unknown>[] } }
  for (const one of template.variables.authorizations) delete one.delegatedRoleDefinitionIds
  const file = join(dir, 'faulty.json')
  await writeFile(file, JSON.stringify(template))
  const refused = await towpath(carol, 'delegation', 'accept', file, '--tenant', 'customer', '--yes')
  assert.equal(refused.code, 1)
  assert.ok(refused.stderr.includes(REQUIRED), refused.stderr)
  assert.match(refused.stderr, /delegatedRoleDefinitionIds: the roles that it may assign/)
  const assigned = await towpath(ann, 'delegation', 'assign', robot.id, 'Contributor', edge)
  assert.ok(assigned.stderr.includes(REQUIRED), assigned.stderr)
})

test('only who may give access away accepts, only what was reviewed is accepted, and other tenants see nothing', async () => {
  const yaml = await towpath(ann, 'offer', 'export', 'faulty', '--tenant', 'provider', '--form', 'yaml')
  const upload = { document: yaml.stdout }
  const at = `/api/v1/tenants/${customer}/delegations`
  for (const [path, sent] of [
    [`${at}/review`, upload],
    [at, { ...upload, digest: 'x' }],
  ] as const)
    assert.equal((await call(ann, 'POST', path, sent)).status, 404, path)
  assert.equal((await call(ann, 'GET', at)).status, 404)
  assert.equal((await call(ann, 'GET', `/api/v1/tenants/${customer}/service-providers`)).status, 404)
  assert.equal((await call(carol, 'GET', `/api/v1/tenants/${provider}/offers`)).status, 404)
  const other = await call(carol, 'POST', at, { ...upload, digest: 'x' })
  assert.deepEqual([other.status, other.body.code], [409, 'DELEGATION_REVIEW_CHANGED'])
  assert.equal((await fetch(`${platform.control}${at}`)).status, 401)

  const review = await call(carol, 'POST', `${at}/review`, { ...upload, scope: edge })
  assert.equal(review.status, 200, JSON.stringify(review.body))
  const elsewhere = await call(carol, 'POST', at, { ...upload, digest: review.body.digest })
  assert.equal(elsewhere.status, 409, 'reviewed for a group, sent for the tenant')
  const done = await call(carol, 'POST', at, { ...upload, scope: edge, digest: review.body.digest })
  assert.equal(done.status, 201, JSON.stringify(done.body))
  assert.equal((await call(ann, 'DELETE', `${at}/${String(done.body.id)}`)).status, 403, 'it is the customer’s to end')
  assert.equal((await call(carol, 'DELETE', `${at}/${String(done.body.id)}`)).status, 204)

  const condition = 'resource.kind == "registry"'
  assert.equal((await call(carol, 'POST', `${at}/review`, { ...upload, condition: 'resource.kind ==' })).status, 400)
  const narrow = await call(carol, 'POST', `${at}/review`, { ...upload, condition })
  assert.ok((narrow.body.sentences as string[]).includes(`All of it counts only where ${condition}.`))
  assert.equal((await call(carol, 'POST', at, { ...upload, digest: narrow.body.digest })).status, 409)
  const again = await call(carol, 'POST', at, { ...upload, condition, digest: narrow.body.digest })
  assert.equal(again.body.condition, condition)
  assert.deepEqual((await call(ann, 'GET', '/api/v1/customers/resources')).body, { resources: [] })
  const mine = `/api/v1/tenants/${provider}/delegations/${String(again.body.id)}`
  assert.equal((await call(robot, 'DELETE', mine)).status, 403)
  assert.equal((await call(ann, 'DELETE', mine)).status, 204, 'who may do something for others may stop')
  assert.equal((await call(ann, 'DELETE', mine)).status, 404)
})

test('the template that the article prints is accepted, once its ids are said to be somebody here', async () => {
  const file = join(dir, 'article.json')
  await writeFile(file, JSON.stringify(articleTemplate))
  const accept = ['delegation', 'accept', file, '--tenant', 'customer', '--yes', '-o', 'json']
  const unknown = await towpath(carol, ...accept)
  assert.match(unknown.stderr, /6e03bca1-4300-400d-9e80-000000000000.*--map/s)
  const map = [
    ...['--map', `6e03bca1-4300-400d-9e80-000000000000=${provider}`],
    ...['--map', `504adfc5-da83-47d4-8709-000000000000=${ann.id}`],
    ...['--map', `0374ff5c-5272-49fa-878a-000000000000=${robot.id}`],
  ]
  const accepted = await towpath(carol, ...accept, ...map, '--parameter', 'mspOfferName=from the article')
  assert.equal(accepted.code, 0, accepted.stderr)
  assert.match(accepted.stderr, /robot \(an agent of provider\) gets Reader/)
  const { id, offer } = JSON.parse(accepted.stdout) as { id: string; offer: string }
  assert.equal(offer, 'from the article')
  const seen = (await call(robot, 'GET', '/api/v1/customers/resources')).body.resources as { scope: string }[]
  assert.deepEqual(
    seen.map(one => one.scope),
    [`/tenants/${customer}`, edge],
  )
  assert.equal((await call(carol, 'DELETE', `/api/v1/tenants/${customer}/delegations/${id}`)).status, 204)
})
