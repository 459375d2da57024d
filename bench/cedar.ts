import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditMigrations } from '../src/audit/index.ts'
import {
  ADMIN_PRINCIPAL,
  assignments,
  createDecide,
  ensureBuiltIn,
  nodes,
  principals,
  scopeText,
  tenantMigrations,
  tenantScope,
  tenantWrites,
} from '../src/identity/index.ts'
import { leaseMigrations, leaseWrites, openSqlite, systemClock } from '../src/kernel/index.ts'
import { micros, report } from './support/report.ts'

const TENANT = ADMIN_PRINCIPAL.tenantId
const ROLES = ['rol_reader', 'rol_contributor', 'rol_acr_push', 'rol_monitoring_reader', 'rol_agent_operator']
const GROUPS = 200
const FEW = 10

/** Decisions of one tenant with so many assignments: of somebody with a few, of somebody who has all, and after each change. */
export async function cedar(quick: boolean): Promise<void> {
  const rounds = quick ? 200 : 1000
  const figures = [await measure(100, rounds), await measure(1000, rounds)]
  const rows = (figures[0] ?? []).map(([name], at) => [
    name,
    ...figures.flatMap(all => {
      const figure = all[at]?.[1]
      return [figure?.p50, figure?.p99, figure?.cpu].map(ms => micros((ms ?? Number.NaN) / 1000))
    }),
  ])
  report(
    'cedar',
    quick,
    [['a decision', '100 policies, p50', 'p99', 'CPU', '1,000 policies, p50', 'p99', 'CPU'], ...rows],
    `A whole decision, with the read of the tenants' versions from a SQLite file. The caller with a few has ${FEW} of the assignments.`,
  )
}

/** Milliseconds a decision. */
type Figure = { p50: number; p99: number; cpu: number }

async function measure(policies: number, rounds: number): Promise<[string, Figure][]> {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-bench-cedar-'))
  const clock = systemClock('bench')
  const store = await openSqlite({
    path: join(dir, 'control.sqlite'),
    clock,
    migrations: [...leaseMigrations, ...auditMigrations, ...tenantMigrations],
    writes: [...leaseWrites, ...tenantWrites],
  })
  const from = { tenantId: TENANT, actor: ADMIN_PRINCIPAL, onBehalfOf: [], region: 'control' }
  const person = (id: string) => {
    const principal = { tenantId: TENANT, id, kind: 'user' as const, name: id, ownerId: '', resourceId: '' }
    return store.write(principals.create, { principal, from })
  }
  const give = (id: string, principalId: string, at: number) => {
    const scope = scopeText({ tenantId: TENANT, kind: 'group', nodeId: `grp_${at % GROUPS}` })
    const roleId = ROLES[Math.floor(at / GROUPS) % ROLES.length] ?? ''
    const who = { tenantId: TENANT, principalTenantId: TENANT, principalId }
    return store.write(assignments.assign, {
      assignment: { ...who, id, roleId, scope, condition: '', source: 'direct' },
      from,
    })
  }
  try {
    await store.write(ensureBuiltIn, { registries: [] })
    await Promise.all([person('prn_few'), person('prn_all'), person('prn_other')])
    for (let at = 0; at < GROUPS; at++) {
      const node = { tenantId: TENANT, id: `grp_${at}`, parentId: TENANT, kind: 'group' as const, name: `g${at}` }
      await store.write(nodes.createGroup, { node, from })
    }
    for (let at = 0; at < FEW; at++) await give(`asg_f${at}`, 'prn_few', at)
    for (let at = FEW; at < policies; at++) await give(`asg_a${at}`, 'prn_all', at)

    const decide = createDecide({ store, clock })
    const ask = (id: string, at: number) =>
      decide({
        caller: { tenantId: TENANT, id, kind: 'user' },
        action: 'group/read',
        scope: { tenantId: TENANT, kind: 'group', nodeId: `grp_${at % GROUPS}` },
      })
    const inGroup = await ask('prn_few', 1)
    const outside = await ask('prn_few', FEW + 1)
    if (!inGroup.allowed || outside.allowed) throw new Error('These are not the decisions that were to be measured')
    const afterChange = async (at: number) => {
      await give(`asg_o${at}`, 'prn_other', at)
      return () => ask('prn_all', at)
    }
    return [
      ['of a caller with a few of them', await time(rounds, async at => () => ask('prn_few', at))],
      ['of the caller who has all others', await time(rounds, async at => () => ask('prn_all', at))],
      ['of the same, right after a change', await time(Math.min(GROUPS, rounds / 5), afterChange)],
      [
        'on the tenant, by default-deny',
        await time(
          rounds,
          async () => () =>
            decide({
              caller: { tenantId: TENANT, id: 'prn_few', kind: 'user' },
              action: 'access/assign',
              scope: tenantScope(TENANT),
            }),
        ),
      ],
    ]
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The first tenth warms up and is thrown away; what `prepare` does is not measured. */
async function time(rounds: number, prepare: (at: number) => Promise<() => Promise<unknown>>): Promise<Figure> {
  const took: number[] = []
  let cpu = 0
  for (let at = 0; at < rounds; at++) {
    const run = await prepare(at)
    const [before, used] = [performance.now(), process.cpuUsage()]
    await run()
    const { user, system } = process.cpuUsage(used)
    if (at < rounds / 10) continue
    took.push(performance.now() - before)
    cpu += (user + system) / 1000
  }
  took.sort((a, b) => a - b)
  const quantile = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN
  return { p50: quantile(0.5), p99: quantile(0.99), cpu: cpu / took.length }
}
