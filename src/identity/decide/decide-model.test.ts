import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import type { Action } from '../roles/actions.ts'
import { openTenants } from '../tenants.fixture.ts'
import type { Scope } from '../tree/scope.ts'
import { createDecide } from './decide.ts'
import { modelDecision, type Question } from './model.fixture.ts'
import { buildWorld, drawnWorld, pick } from './worlds.fixture.ts'

function scopeOf({ at }: Question, kind: string): Scope {
  const place = kind === 'tenant' || kind === 'group' ? kind : 'resource'
  return { tenantId: at.tenant, kind: place, nodeId: at.node }
}

test('a decision is what a model without Cedar says, in any world', async () => {
  const [engine] = testEngines()
  assert.ok(engine)
  const seen = { allowed: 0, forbidden: 0, denied: 0, foreign: 0 }
  await fc.assert(
    fc.asyncProperty(drawnWorld, async draw => {
      const db = await openTenants(engine)
      try {
        const world = await buildWorld(db, draw)
        const decide = createDecide({ store: db.store, clock: db.clock })
        for (const { who, node, action } of draw.questions) {
          const caller = pick(world.principals, who)
          const target = pick(world.nodes, node)
          const question = {
            tenant: caller.tenant,
            principal: caller.id,
            action,
            at: { tenant: target.tenant, node: target.id },
          }
          const asked = {
            tenantId: caller.tenant,
            id: caller.id,
            kind: caller.kind === 'group' ? 'group' : 'user',
          } as const
          const { allowed, policies } = await decide({
            caller: asked,
            action: action as Action,
            scope: scopeOf(question, target.kind),
          })
          const expected = modelDecision(world, question)
          assert.deepEqual([allowed, [...policies]], expected, JSON.stringify({ question, world }))
          if (allowed && caller.tenant !== target.tenant) seen.foreign += 1
          if (allowed) seen.allowed += 1
          else if (policies[0] === 'default-deny') seen.denied += 1
          else seen.forbidden += 1
        }
      } finally {
        await db.store.close()
      }
    }),
    { numRuns: 60 },
  )
  // Worlds in which nothing is ever allowed would prove little.
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 10, `${what}: ${count}`)
})
