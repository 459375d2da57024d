import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { modelDecision, type World } from '../decide/model.fixture.ts'
import type { PrincipalRef } from '../principals/principal.ts'
import { ACTIONS, DATA_ACTIONS } from '../roles/actions.ts'
import { readAssignments } from '../roles/assignments.ts'
import { BUILT_IN_ROLES } from '../roles/built-in.ts'
import { parseScope } from '../tree/scope.ts'
import { CUSTOMER, EDGE, IMAGES, openDelegations, terms, user } from './delegation.fixture.ts'
import { ACCESS_ADMINISTRATOR } from './rules.ts'

/**
 * The rules once more, by name and without anything that decides in earnest: what may be offered, what an accepted
 * offer is worth, and who may assign what through it.
 */
const OFFERED = [
  'Reader',
  'Contributor',
  'Monitoring Reader',
  'Log Analytics Contributor',
  'Managed Identity Contributor',
]
const NEVER = ['Owner', 'AcrPull', 'AcrPush', 'AcrDelete']
const idOf = (name: string) => BUILT_IN_ROLES.find(role => role.name === name)?.id ?? 'rol_none'

const PLACES: Record<string, { id: string; inside: string[] }> = {
  [CUSTOMER]: { id: 'ten_c', inside: ['ten_c', 'edge', 'core', 'images', 'vault'] },
  [EDGE]: { id: 'edge', inside: ['edge', 'images'] },
  [IMAGES]: { id: 'images', inside: ['images'] },
  '/tenants/ten_c/groups/core': { id: 'core', inside: ['core', 'vault'] },
  '/tenants/ten_c/resources/vault': { id: 'vault', inside: ['vault'] },
}
const place = fc.constantFrom(...Object.keys(PLACES))
const THEIRS = ['ann', 'bob', 'eve', 'robot']
const roleName = fc.constantFrom(...OFFERED, ...OFFERED, ...NEVER)
const authorization = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ who: fc.constantFrom(...THEIRS, 'ops'), role: roleName, listed: fc.constant<string[]>([]) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      who: fc.constantFrom('ann', 'ops'),
      role: fc.constant('User Access Administrator'),
      listed: fc.array(fc.constantFrom(...OFFERED, ...OFFERED, ...OFFERED, 'Owner'), { maxLength: 2 }),
    }),
  },
)
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      place,
      auths: fc.array(authorization, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), which: fc.nat({ max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lock' as const), place }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('assign' as const),
      place: fc.constantFrom(EDGE, IMAGES, IMAGES, CUSTOMER, '/tenants/ten_c/resources/vault'),
      who: fc.constantFrom('ann', 'ann', 'bob', 'bob', 'eve'),
      role: fc.constantFrom(...OFFERED, 'Owner'),
      to: fc.constantFrom('images_identity', 'images_identity', 'robot', 'robot', 'carol', 'eve'),
    }),
  },
)
// Else few draws would come to an assignment at all.
const opening = fc.record({
  do: fc.constant('accept' as const),
  place: fc.constantFrom(CUSTOMER, EDGE),
  auths: fc
    .record({ who: fc.constantFrom('ann', 'ops'), listed: fc.subarray(OFFERED, { minLength: 4 }) })
    .map(one => [{ ...one, role: 'User Access Administrator' }]),
})
const story = fc.tuple(opening, fc.array(step, { minLength: 3, maxLength: 8 })).map(([first, rest]) => [first, ...rest])
type Auth = typeof authorization extends fc.Arbitrary<infer T> ? T : never
type Accepted = { id: string; place: string; auths: Auth[] }

function legal(auths: readonly Auth[]): boolean {
  const pairs = auths.map(one => `${one.who} ${one.role}`)
  if (new Set(pairs).size !== pairs.length) return false
  return auths.every(({ role, listed }) =>
    role === 'User Access Administrator'
      ? listed.length > 0 && listed.every(one => OFFERED.includes(one))
      : OFFERED.includes(role),
  )
}

const has = (who: string, named: string) => who === named || (who === 'bob' && named === 'ops')
const actor = (id: string): PrincipalRef =>
  id === 'carol'
    ? user('ten_c', id)
    : id === 'images_identity'
      ? user('ten_c', id, 'managed')
      : user('ten_m', id, id === 'robot' ? 'agent' : 'user')

test('with delegations, a decision is what a model says, and so is who may assign what', async () => {
  const [engine] = testEngines()
  assert.ok(engine)
  const seen = { accepted: 0, refused: 0, revoked: 0, assigned: 0, notAssigned: 0, allowed: 0, denied: 0 }
  const questions = fc.array(
    fc.record({
      who: fc.constantFrom(...THEIRS, 'images_identity', 'carol'),
      place,
      action: fc.constantFrom(...ACTIONS, ...DATA_ACTIONS),
    }),
    { minLength: 15, maxLength: 25 },
  )
  await fc.assert(
    fc.asyncProperty(story, questions, async (steps, questions) => {
      const world = await openDelegations(engine)
      try {
        let accepted: Accepted[] = []
        const locked: string[] = []
        const given: { by: string; place: string; role: string; to: string }[] = []
        for (const [at, one] of steps.entries()) {
          if (one.do === 'accept') {
            const id = `dlg_${at}`
            const offered = terms(
              ...one.auths.map(({ who, role, listed }) => ({
                principalId: who,
                principalName: '',
                roleId: idOf(role),
                delegatedRoleIds: listed.map(idOf),
              })),
            )
            const done = await succeeds(world.accept(id, one.place, offered))
            assert.equal(done, legal(one.auths), JSON.stringify(one))
            if (done) accepted.push({ id, place: one.place, auths: one.auths })
            seen[done ? 'accepted' : 'refused'] += 1
          } else if (one.do === 'revoke') {
            const gone = accepted[one.which % Math.max(accepted.length, 1)]
            if (!gone) continue
            await world.revoke(gone.id)
            accepted = accepted.filter(other => other !== gone)
            seen.revoked += 1
          } else if (one.do === 'lock') {
            await world.lock(PLACES[one.place]?.id ?? '')
            locked.push(one.place)
          } else {
            const at = PLACES[one.place]?.id ?? ''
            const through = accepted.find(
              ({ place, auths }) =>
                PLACES[place]?.inside.includes(at) &&
                auths.some(
                  auth =>
                    auth.role === 'User Access Administrator' &&
                    has(one.who, auth.who) &&
                    auth.listed.includes(one.role),
                ),
            )
            const free = !locked.some(place => PLACES[place]?.inside.includes(at))
            const fits = one.to === 'images_identity' || one.to === 'robot'
            const done = await succeeds(world.assign(actor(one.who), idOf(one.role), one.to, one.place))
            assert.equal(done, through !== undefined && free && fits, JSON.stringify({ one, accepted, locked }))
            if (done && through) given.push({ by: through.id, place: one.place, role: one.role, to: one.to })
            seen[done ? 'assigned' : 'notAssigned'] += 1
          }
        }
        const model = modelOf(accepted, locked, given)
        const sources = new Map((await readAssignments(world.store.read, 'ten_c')).map(one => [one.id, one.source]))
        for (const { who, place, action } of questions) {
          const caller = actor(who)
          const node = PLACES[place]?.id ?? ''
          const at = { tenant: 'ten_c', node }
          const [expected] = modelDecision(model, { tenant: caller.tenantId, principal: who, action, at })
          const { allowed, policies } = await world.decide({ caller, action, scope: parseScope(place) })
          assert.equal(allowed, expected, JSON.stringify({ who, place, action, accepted, locked, given }))
          if (allowed && caller.tenantId === 'ten_m')
            for (const id of policies)
              assert.ok(
                accepted.some(one => one.id === sources.get(id)),
                `${id} is of no delegation that stands`,
              )
          seen[allowed ? 'allowed' : 'denied'] += 1
        }
      } finally {
        await world.store.close()
      }
    }),
    { numRuns: 60 },
  )
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 5, `${what}: ${count}`)
})

function modelOf(
  accepted: Accepted[],
  locked: string[],
  given: { by: string; place: string; role: string; to: string }[],
): World {
  const grant = (id: string, principal: string, role: string, at: string): World['grants'][number] => ({
    id,
    tenant: 'ten_c',
    principalTenant: actor(principal).tenantId,
    principal,
    role,
    node: PLACES[at]?.id ?? '',
  })
  return {
    nodes: [
      { tenant: 'ten_c', id: 'ten_c', parent: '', kind: 'tenant' },
      { tenant: 'ten_c', id: 'edge', parent: 'ten_c', kind: 'group' },
      { tenant: 'ten_c', id: 'core', parent: 'ten_c', kind: 'group' },
      { tenant: 'ten_c', id: 'images', parent: 'edge', kind: 'registry' },
      { tenant: 'ten_c', id: 'vault', parent: 'core', kind: 'registry' },
    ],
    principals: [...THEIRS, 'images_identity', 'carol'].map(id => {
      const { tenantId, kind } = actor(id)
      return { tenant: tenantId, id, kind, enabled: true, administrator: false }
    }),
    members: [{ tenant: 'ten_m', group: 'ops', member: 'bob' }],
    roles: BUILT_IN_ROLES.map(({ id, actions, notActions, dataActions }) => ({
      id,
      // Delegated, it sees and changes nothing.
      actions: id === ACCESS_ADMINISTRATOR ? ACTIONS.filter(one => readsOfAdministrator.includes(one)) : [...actions],
      notActions: [...notActions],
      dataActions: [...dataActions],
    })),
    grants: [
      grant('carol', 'carol', 'rol_owner', CUSTOMER),
      ...accepted.flatMap(({ id, place, auths }) => auths.map(one => grant(id, one.who, idOf(one.role), place))),
      ...given
        // Of the customer's own identities it stays; of others it ends with its delegation.
        .filter(one => one.to === 'images_identity' || accepted.some(({ id }) => id === one.by))
        .map((one, i) => grant(`given_${i}`, one.to, idOf(one.role), one.place)),
    ],
    locks: locked.map((place, i) => ({
      id: `lck_${i}`,
      tenant: 'ten_c',
      node: PLACES[place]?.id ?? '',
      kind: 'read-only' as const,
    })),
  }
}

const readsOfAdministrator: readonly string[] = [
  ...['tenant', 'group', 'registry', 'pipeline', 'cluster', 'agent', 'identity', 'principal'].map(one => `${one}/read`),
  ...['role', 'lock', 'delegation', 'access', 'approval', 'token'].map(one => `${one}/read`),
]

async function succeeds(done: Promise<unknown>): Promise<boolean> {
  try {
    await done
    return true
  } catch (error) {
    assert.ok(error instanceof Failure && error.status < 500, String(error))
    return false
  }
}
