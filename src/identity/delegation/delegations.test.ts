import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { principals } from '../principals/principals.ts'
import { readAssignments } from '../roles/assignments.ts'
import { parseScope } from '../tree/scope.ts'
import { customersResources } from './customers.ts'
import { by, CUSTOMER, EDGE, grant, IMAGES, openDelegations, terms, user } from './delegation.fixture.ts'
import { delegations, readDelegatedTo, readDelegations } from './delegations.ts'
import { missingPermissions, smallestRoles } from './missing.ts'
import { offers, readOffers } from './offers.ts'
import { prepareOffer } from './prepare-offer.ts'
import { ACCESS_ADMINISTRATOR } from './rules.ts'

const ann = user('ten_m', 'ann')
const bob = user('ten_m', 'bob')
const eve = user('ten_m', 'eve')
const robot = user('ten_m', 'robot', 'agent')

const fails = (code: string, says: RegExp | string) => (error: unknown) => {
  assert.ok(error instanceof Failure, String(error))
  assert.equal(error.code, code, error.message)
  if (typeof says === 'string') assert.equal(error.message, says)
  else assert.match(error.message, says)
  return true
}

for (const engine of testEngines()) {
  const on = (what: string, run: (world: Awaited<ReturnType<typeof openDelegations>>) => Promise<void>) =>
    test(`${engine.name}: ${what}`, async t => {
      const world = await openDelegations(engine)
      t.after(() => world.store.close())
      await run(world)
    })

  on(
    'what is accepted counts at once, for those who are named, where it was accepted, until it is revoked',
    async world => {
      const { may, accept, revoke } = world
      assert.equal(await may(ann, 'registry/write', IMAGES), false)
      await accept('dlg_1', EDGE, terms(grant('ann', 'rol_contributor'), grant('ops', 'rol_reader')))
      assert.equal(await may(ann, 'registry/write', IMAGES), true)
      assert.equal(await may(bob, 'registry/read', IMAGES), true, 'a member of the group')
      assert.equal(await may(bob, 'registry/write', IMAGES), false)
      assert.equal(await may(eve, 'registry/read', IMAGES), false, 'nobody named eve')
      assert.equal(await may(ann, 'registry/read', '/tenants/ten_c/resources/vault'), false, 'another group')
      assert.equal(await may(ann, 'access/assign', IMAGES), false)
      assert.equal(await may(ann, 'registry/content/read', IMAGES), false)
      await revoke('dlg_1')
      assert.equal(await may(ann, 'registry/write', IMAGES), false)
      await assert.rejects(() => revoke('dlg_1'), fails('DELEGATION_UNKNOWN', /dlg_1/))
    },
  )

  on('one of two overlapping delegations goes, the other stays whole', async ({ may, accept, revoke }) => {
    await accept('dlg_1', CUSTOMER, terms(grant('ann', 'rol_reader')))
    await accept('dlg_2', CUSTOMER, terms(grant('ann', 'rol_reader'), grant('bob', 'rol_reader')))
    await revoke('dlg_1')
    assert.equal(await may(ann, 'registry/read', IMAGES), true)
    assert.equal(await may(bob, 'registry/read', IMAGES), true)
    await revoke('dlg_2')
    assert.equal(await may(ann, 'registry/read', IMAGES), false)
  })

  on(
    'the customer’s locks bind the managing tenant, and its access list shows what came by which delegation',
    async world => {
      const { may, accept, lock, store } = world
      await accept('dlg_1', CUSTOMER, terms(grant('ann', 'rol_contributor')))
      await lock('edge')
      assert.equal(await may(ann, 'registry/write', IMAGES), false)
      assert.equal(await may(ann, 'registry/read', IMAGES), true)
      assert.equal(await may(ann, 'registry/write', '/tenants/ten_c/resources/vault'), true)
      const listed = await readAssignments(store.read, 'ten_c')
      assert.deepEqual(
        listed
          .filter(one => one.source !== 'direct')
          .map(one => [one.principalTenantId, one.principalId, one.roleId, one.source]),
        [['ten_m', 'ann', 'rol_contributor', 'dlg_1']],
      )
    },
  )

  on('both tenants’ audits tell the same story of accepting, assigning and revoking', async world => {
    const { accept, revoke, audit } = world
    await accept('dlg_1', CUSTOMER, terms(grant('ann', ACCESS_ADMINISTRATOR, 'rol_reader')))
    await world.assign(ann, 'rol_reader', 'images_identity', IMAGES)
    await revoke('dlg_1')
    const theirs = await audit('ten_c')
    assert.deepEqual(
      theirs.map(one => [one.actor_id, one.action, one.resource, one.managing_tenant_id]),
      [
        ['carol', 'delegation/write', CUSTOMER, ''],
        ['ann', 'access/assign', IMAGES, 'ten_m'],
        ['carol', 'delegation/delete', CUSTOMER, ''],
      ],
    )
    assert.deepEqual(await audit('ten_m'), theirs)
    assert.match(theirs[0]?.detail ?? '', /"managingTenant":"ten_m"/)
  })

  on(
    'what is accepted under a condition counts only where that holds, also for what is assigned through it',
    async world => {
      const { may, accept, assign } = world
      const offered = terms(grant('ann', 'rol_contributor'), grant('ann', ACCESS_ADMINISTRATOR, 'rol_contributor'))
      await accept('dlg_1', CUSTOMER, offered, 'resource.kind == "registry" // registries alone')
      assert.equal(await may(ann, 'registry/write', IMAGES), true)
      assert.equal(await may(ann, 'group/write', EDGE), false)
      assert.equal(await may(ann, 'access/read', EDGE), false)
      assert.equal(await may(ann, 'access/assign', IMAGES), false)
      await assert.rejects(() => assign(ann, 'rol_contributor', 'robot', EDGE), fails('DELEGATION_ROLES_REQUIRED', /./))
      await assign(ann, 'rol_contributor', 'robot', IMAGES)
      assert.equal(await may(robot, 'registry/write', IMAGES), true)
      await accept('dlg_2', CUSTOMER, terms(grant('ann', ACCESS_ADMINISTRATOR, 'rol_reader')), 'context.now < 0')
      await assert.rejects(() => assign(ann, 'rol_reader', 'robot', IMAGES), fails('DELEGATION_ROLE_NOT_LISTED', /./))
    },
  )

  on('a managing tenant may stop, and both audits have it once', async ({ store, accept, may, audit }) => {
    await accept('dlg_1', CUSTOMER, terms(grant('ann', 'rol_reader')))
    const from = { ...by(ann, 'ten_c'), managingTenantId: 'ten_m' }
    await store.write(delegations.revoke, { tenantId: 'ten_c', id: 'dlg_1', from })
    assert.equal(await may(ann, 'registry/read', IMAGES), false)
    const theirs = await audit('ten_c')
    assert.deepEqual(
      theirs.map(one => [one.actor_id, one.action]),
      [
        ['carol', 'delegation/write'],
        ['ann', 'delegation/delete'],
      ],
    )
    assert.deepEqual(await audit('ten_m'), theirs)
  })

  on('nothing is half accepted: an unknown principal, place or role leaves no row', async ({ accept, store }) => {
    const refused: [string, ReturnType<typeof terms>, string][] = [
      [CUSTOMER, terms(grant('ann', 'rol_reader'), grant('nobody', 'rol_reader')), 'DELEGATION_PRINCIPAL_UNKNOWN'],
      [CUSTOMER, terms(grant('carol', 'rol_reader')), 'DELEGATION_PRINCIPAL_UNKNOWN'],
      ['/tenants/ten_c/groups/nowhere', terms(grant('ann', 'rol_reader')), 'NODE_UNKNOWN'],
      ['/tenants/ten_x', terms(grant('ann', 'rol_reader')), 'NODE_UNKNOWN'],
      [CUSTOMER, terms(grant('ann', 'rol_owner')), 'DELEGATION_ROLE_REFUSED'],
      [CUSTOMER, terms(grant('ann', ACCESS_ADMINISTRATOR)), 'DELEGATION_ROLES_REQUIRED'],
      [CUSTOMER, { ...terms(grant('carol', 'rol_reader')), managingTenantId: 'ten_c' }, 'DELEGATION_TO_ITSELF'],
      [CUSTOMER, { ...terms(grant('ann', 'rol_reader')), managingTenantId: 'ten_none' }, 'TENANT_UNKNOWN'],
    ]
    for (const [scope, offered, code] of refused)
      await assert.rejects(() => accept('dlg_1', scope, offered), fails(code, /./))
    assert.deepEqual(await readDelegations(store.read, 'ten_c'), [])
    assert.equal((await readAssignments(store.read, 'ten_c')).length, 1)
  })

  on(
    'through User Access Administrator only listed roles go to managed identities, and nothing else changes',
    async world => {
      const { store, may, accept, revoke, lock } = world
      const assign = (who: typeof ann, roleId: string, principalId = 'images_identity', scope = IMAGES) =>
        world.assign(who, roleId, principalId, scope)
      const required =
        "The 'delegatedRoleDefinitionIds' property is required when using certain roleDefinitionIds for authorization."
      await assert.rejects(() => assign(ann, 'rol_contributor'), fails('DELEGATION_ROLES_REQUIRED', required))
      await accept('dlg_1', EDGE, terms(grant('ann', 'rol_contributor'), grant('eve', 'rol_reader')))
      await assert.rejects(() => assign(ann, 'rol_contributor'), fails('DELEGATION_ROLES_REQUIRED', required))
      await accept(
        'dlg_2',
        EDGE,
        terms(grant('ops', ACCESS_ADMINISTRATOR, 'rol_contributor', 'rol_log_analytics_contributor')),
      )

      assert.equal(await may(bob, 'access/read', IMAGES), true)
      for (const action of [
        'access/assign',
        'access/delete',
        'lock/write',
        'delegation/write',
        'delegation/delete',
      ] as const)
        assert.equal(await may(bob, action, IMAGES), false, action)
      await assert.rejects(() => assign(bob, 'rol_reader'), fails('DELEGATION_ROLE_NOT_LISTED', /^Reader is not among/))
      await assert.rejects(() => assign(bob, 'rol_owner'), fails('DELEGATION_ROLE_NOT_LISTED', /^Owner/))
      await assert.rejects(() => assign(bob, 'rol_contributor', 'carol'), fails('DELEGATION_NOT_FOR_THAT', /is a user/))
      await assert.rejects(() => assign(bob, 'rol_contributor', 'eve'), fails('DELEGATION_NOT_FOR_THAT', /is a user/))
      await assert.rejects(
        () => assign(bob, 'rol_contributor', 'images_identity', CUSTOMER),
        fails('DELEGATION_ROLES_REQUIRED', required),
        'above what was delegated',
      )

      const identity = user('ten_c', 'images_identity', 'managed')
      const made = await assign(bob, 'b24988ac-6180-42a0-ab88-20f7382dd24c')
      assert.equal(made.roleId, 'rol_contributor')
      assert.equal(await may(identity, 'registry/write', IMAGES), true)
      await assign(bob, 'rol_contributor', 'robot')
      assert.equal(await may(robot, 'registry/write', IMAGES), true)
      await store.write(principals.enable, { tenantId: 'ten_m', id: 'bob', enabled: false, from: by(ann) })
      await assert.rejects(() => assign(bob, 'rol_contributor'), fails('DELEGATION_ROLES_REQUIRED', required))
      await store.write(principals.enable, { tenantId: 'ten_m', id: 'bob', enabled: true, from: by(ann) })
      await lock('edge')
      await assert.rejects(() => assign(bob, 'rol_contributor'), fails('DELEGATION_SCOPE_LOCKED', /lck_edge/))
      assert.equal(await may(identity, 'registry/write', IMAGES), false)

      await revoke('dlg_2')
      await assert.rejects(() => assign(bob, 'rol_contributor'), fails('DELEGATION_ROLES_REQUIRED', required))
      assert.equal(await may(robot, 'registry/read', IMAGES), false, 'what crossed tenants ended with the delegation')
      assert.equal(await may(identity, 'registry/read', IMAGES), true, 'what the customer’s own identity got stays')
    },
  )

  on(
    'a managing tenant’s list has what each caller was delegated, of all customers',
    async ({ store, decide, accept }) => {
      const list = async (caller: typeof ann) =>
        (await customersResources(store.read, decide, caller)).map(one => `${one.tenantName} ${one.kind} ${one.name}`)
      assert.deepEqual(await list(ann), [])
      await accept('dlg_1', EDGE, terms(grant('ann', 'rol_reader'), grant('bob', 'rol_managed_identity_contributor')))
      await accept('dlg_2', '/tenants/ten_c/resources/vault', terms(grant('ann', 'rol_reader')))
      assert.deepEqual(await list(ann), ['c group edge', 'c registry images', 'c registry vault'])
      assert.deepEqual(await list(bob), ['c group edge'], 'that role does not read registries')
      assert.deepEqual(await list(eve), [])
      assert.deepEqual(await list(user('ten_c', 'carol')), [])
    },
  )

  on('what an identity lacks is named one by one, with who can grant it', async ({ store, decide, accept, lock }) => {
    const missing = (scope: string) =>
      missingPermissions({
        db: store.read,
        decide,
        identity: robot,
        scope: parseScope(scope),
        needed: ['registry/read', 'log/read', 'log/write', 'access/assign'],
      })
    await accept('dlg_1', EDGE, terms(grant('robot', 'rol_monitoring_reader')))
    const [logs, access] = await missing(IMAGES)
    assert.equal(
      logs?.says,
      `log/write at ${IMAGES} is missing: an owner of tenant c can grant it by accepting an offer with Contributor.`,
    )
    assert.match(
      access?.says ?? '',
      /^access\/assign .*: no role that can be delegated has it, so only identities of tenant c/,
    )
    await accept(
      'dlg_2',
      CUSTOMER,
      terms(grant('ann', ACCESS_ADMINISTRATOR, 'rol_contributor', 'rol_log_analytics_contributor')),
    )
    const [granted] = await missing(IMAGES)
    assert.equal(
      granted?.says,
      `log/write at ${IMAGES} is missing: ann can grant it by assigning Log Analytics Contributor.`,
    )
    assert.deepEqual(granted?.grantors[0], { id: 'ann', name: 'ann', role: 'Log Analytics Contributor' })
    assert.equal((await missing('/tenants/ten_c/resources/vault')).length, 4)
    await lock('edge')
    const [locked] = await missing(IMAGES)
    assert.match(locked?.says ?? '', /the lock lck_edge of tenant c forbids it/)
  })

  on('offers are kept with the names that the managing tenant knows, and an offer’s end ends nothing', async world => {
    const { store, accept, may } = world
    const offer = { id: 'ofr_1', terms: terms(grant('ann', 'rol_reader')), from: by(ann) }
    const made = await store.write(offers.create, offer)
    assert.equal(made.terms.authorizations[0]?.principalName, 'ann')
    assert.deepEqual(await store.write(offers.create, offer), made, 'sent twice')
    await assert.rejects(
      () => store.write(offers.create, { ...offer, id: 'ofr_2' }),
      fails('DELEGATION_OFFER_NAME_TAKEN', /care/),
    )
    await accept('dlg_1', CUSTOMER, made.terms)
    await store.write(offers.delete, { tenantId: 'ten_m', id: 'ofr_1', from: by(ann) })
    assert.deepEqual(await readOffers(store.read, 'ten_m'), [])
    assert.equal(await may(ann, 'registry/read', IMAGES), true)
    assert.deepEqual(
      (await readDelegatedTo(store.read, 'ten_m')).map(one => one.id),
      ['dlg_1'],
    )
  })

  on(
    'an upload is read, mapped to who is here, placed and put into words before anything is accepted',
    async ({ store }) => {
      const { articleTemplate } = await import('./article-template.fixture.ts')
      const document = JSON.stringify(articleTemplate)
      const look = (more: object) => prepareOffer(store.read, 'ten_c', { document, ...more })
      await assert.rejects(() => look({}), fails('DELEGATION_TENANT_UNKNOWN', /6e03bca1/))
      const map = { '6e03bca1-4300-400d-9e80-000000000000': 'ten_m' }
      await assert.rejects(() => look({ map }), fails('DELEGATION_PRINCIPAL_UNKNOWN', /Pranab Mandal/))
      const all = {
        ...map,
        '504adfc5-da83-47d4-8709-000000000000': 'ann',
        '0374ff5c-5272-49fa-878a-000000000000': 'robot',
      }
      const whole = await look({ map: all })
      assert.equal(whole.scope, CUSTOMER)
      assert.deepEqual(whole.managingTenant, { id: 'ten_m', name: 'm' })
      assert.ok(
        whole.sentences.includes(
          'robot (an agent of m) gets Reader: sees everything but content and secrets, changes nothing.',
        ),
      )
      const part = await look({ map: all, scope: EDGE })
      assert.equal(part.scope, EDGE)
      assert.match(part.sentences[1] ?? '', /the group edge of your tenant c/)
      await assert.rejects(() => look({ map: all, scope: '/tenants/ten_c/groups/images' }), fails('NODE_UNKNOWN', /./))
      await assert.rejects(() => look({ map: all, scope: '/tenants/ten_m' }), fails('NODE_UNKNOWN', /./))
    },
  )
}

test('the smallest roles that give what is missing are taken', () => {
  const both = ['rol_contributor', 'rol_log_analytics_contributor']
  assert.deepEqual(smallestRoles(both, ['log/write']), ['rol_log_analytics_contributor'])
  assert.deepEqual(smallestRoles(both, ['log/write', 'registry/write']), ['rol_contributor'])
  assert.deepEqual(smallestRoles(both, ['access/assign']), [])
  assert.deepEqual(smallestRoles(both, ['access/assign', 'registry/write']), ['rol_contributor'])
  assert.deepEqual(smallestRoles([], ['log/read']), [])
})
