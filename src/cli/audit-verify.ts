import { readFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { z } from 'zod'
import { type AuditCheck, auditChainList, auditCheckShape, auditHeadShape, tenantShape } from '../api/index.ts'
import { Failure } from '../kernel/index.ts'
import { callApi } from './api-client.ts'
import { EXIT, exitCodeOf } from './exit-codes.ts'
import { AnchorsUnreadable } from './failures.ts'
import { type TenantOptions, tenantOptions } from './in-tenant.ts'
import { say, show, timeText } from './output.ts'

export const PATH = '/api/v1/audit'

export function regionOption(): Option {
  return new Option('--region <name>', 'of the database of this region; control has one too').default('control')
}

type VerifyOptions = TenantOptions & { region: string; allRegions?: boolean; anchors?: string }
/** A chain that was looked at, or why that could not be. */
type Looked = { region: string; check?: AuditCheck; anchors: readonly string[]; failure?: Failure }

export function verifyCommand(): Command {
  return tenantOptions(
    new Command('verify').description(
      'Find what was altered, removed or added before the last signed head, and a chain that was cut back.',
    ),
  )
    .addOption(regionOption())
    .addOption(new Option('--all-regions', 'every chain of the tenant').conflicts('region'))
    .option('--anchors <file>', 'an export that was kept elsewhere: the chain must still hold what its heads say')
    .action(async (options: VerifyOptions) => {
      const kept = options.anchors === undefined ? undefined : await readAnchors(options.anchors, options)
      const looked: Looked[] = []
      for (const region of await regionsOf(options)) looked.push(await look(options, region, kept?.get(region) ?? []))
      const checks = looked.flatMap(({ check }) => (check ? [check] : []))
      await show(options, options.allRegions ? checks : checks[0], {
        rows: looked,
        empty: '',
        columns: [
          { title: 'REGION', text: row => row.region },
          { title: 'CHECKED', text: row => String(row.check?.checked ?? 'not') },
          { title: 'HEAD', text: row => String(row.check?.head?.sequence ?? 'none') },
          { title: 'SIGNED', text: row => timeText(row.check?.head?.signedAt) },
          { title: 'UNSEALED', text: row => String(row.check?.unsealed ?? '') },
          { title: 'ANCHORED', text: anchored },
          { title: 'PROBLEMS', text: row => String(row.check?.problems.length ?? '') },
        ],
      })
      for (const one of looked) tell(one)
      const problems = checks.some(check => check.problems.length > 0)
      const failed = looked.find(one => one.failure)?.failure
      if (problems) process.exitCode = EXIT.failed
      else if (failed) process.exitCode = exitCodeOf(failed.status)
    })
}

async function regionsOf(options: VerifyOptions): Promise<string[]> {
  const { tenant, region, allRegions } = options
  if (!allRegions) return [region]
  const query = new URLSearchParams({ tenant })
  const { chains } = await callApi(options, { path: `${PATH}/chains?${query}`, answer: auditChainList })
  return chains.map(chain => chain.region)
}

/** Of several one that can't be asked keeps no other from being verified. */
async function look(options: VerifyOptions, region: string, anchors: readonly string[]): Promise<Looked> {
  try {
    return { region, anchors, check: await verifyAll(options, region, anchors) }
  } catch (error) {
    if (!options.allRegions || !(error instanceof Failure)) throw error
    return { region, anchors, failure: error }
  }
}

/** Up to which record another database, or the export at hand, vouches for the chain. */
function anchored({ check, anchors }: Looked): string {
  if (!check) return ''
  const given = anchors.map(anchor => Number(anchor.split(':')[0]))
  const upTo = Math.max(0, ...given, ...(check.anchors ?? []).map(place => place.upTo ?? 0))
  return upTo === 0 ? 'no' : `to ${upTo}`
}

function tell({ region, check, failure }: Looked): void {
  if (failure) say(`${region}: ${failure.message}. ${failure.next}.`)
  if (!check) return
  for (const { kind, says } of check.problems) say(`${region}: ${kind}: ${says}`)
  for (const { at, why } of check.anchors ?? []) {
    if (why !== undefined) say(`${region}: "${at}" could not be asked which heads it keeps: ${why}`)
  }
  if (check.problems.length > 0) return
  const unsealed = check.unsealed > 0 ? `; nothing can be said of ${check.unsealed} unsealed` : ''
  say(`${region}: no problem found${unsealed}.`)
}

/** Part after part: a chain may be long, and an answer must not be. */
async function verifyAll(options: VerifyOptions, region: string, anchors: readonly string[]): Promise<AuditCheck> {
  let whole: AuditCheck | undefined
  for (let after: string | undefined; ; ) {
    const query = new URLSearchParams({ tenant: options.tenant, region })
    for (const anchor of anchors) query.append('anchor', anchor)
    if (after !== undefined) query.set('after', after)
    const part = await callApi(options, { path: `${PATH}/verify?${query}`, answer: auditCheckShape })
    const before: Pick<AuditCheck, 'checked' | 'problems'> = whole ?? { checked: 0, problems: [] }
    const problems = [...before.problems, ...part.problems]
    whole = { ...part, checked: before.checked + part.checked, problems, next: undefined }
    if (part.next === undefined) return whole
    after = part.next
  }
}

const anchorLine = z.object({
  head: auditHeadShape.pick({ tenantId: true, region: true, sequence: true, hash: true }),
})

/** The heads of the tenant's chains at the end of an export, by region. */
async function readAnchors(path: string, options: VerifyOptions): Promise<ReadonlyMap<string, string[]>> {
  const { tenant, region, allRegions } = options
  const text = await readFile(path, 'utf8').catch(error => {
    throw AnchorsUnreadable(path, 'it can not be read').from(error)
  })
  const { id } = await callApi(options, { path: `/api/v1/tenants/${encodeURIComponent(tenant)}`, answer: tenantShape })
  const found = text.split('\n').flatMap(line => {
    if (!line.startsWith('{"head":')) return []
    const { head } = anchorLine.parse(JSON.parse(line))
    const wanted = head.tenantId === id && (allRegions || head.region === region)
    return wanted ? [{ region: head.region, anchor: `${head.sequence}:${head.hash}` }] : []
  })
  const where = allRegions ? '' : ` in region "${region}"`
  if (found.length === 0) throw AnchorsUnreadable(path, `it has no head of ${tenant}${where}`)
  return new Map(
    [...Map.groupBy(found, one => one.region)].map(([name, heads]) => [name, heads.map(({ anchor }) => anchor)]),
  )
}
