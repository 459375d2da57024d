import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HoldingPolicies } from './holding.ts'
import type { ServedPolicy } from './policy.ts'

const softDelete = (repositories: string, days: number, registryId = 'reg_1'): ServedPolicy => ({
  ...{ registryId, id: `pol_${days}`, name: `p${days}`, repositories },
  ...{ kind: 'soft-delete', settings: { days } },
})

test('of the soft-delete policies of its registry the one that says most of the repository’s name counts, as it is now', () => {
  let served: ServedPolicy[] = [
    softDelete('*', 7),
    softDelete('team/*', 30),
    softDelete('team/app', 90, 'reg_2'),
    { ...softDelete('team/app', 1), kind: 'retention', settings: { days: 1 } },
  ]
  const holding = new HoldingPolicies(() => served)
  const days = (repository: string, registryId = 'reg_1') =>
    holding.trashFor({ registryId, repository }) / (24 * 3600_000)
  assert.deepEqual([days('team/app'), days('other'), days('team/app', 'reg_2'), days('other', 'reg_2')], [30, 7, 90, 0])
  served = []
  assert.equal(days('team/app'), 0)
})
