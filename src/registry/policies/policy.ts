import { z } from 'zod'
import { failure } from '../../kernel/index.ts'
import { immutable } from './kinds/immutable.ts'
import { quota } from './kinds/quota.ts'
import { retention } from './kinds/retention.ts'
import { softDelete } from './kinds/soft-delete.ts'
import { tags } from './kinds/tags.ts'
import { trust } from './kinds/trust.ts'
import { pattern } from './pattern.ts'

/** Another kind is another file in `kinds/`, and a word here. */
const rule = z.discriminatedUnion('kind', [retention, tags, immutable, trust, softDelete, quota])
export type PolicyRule = z.output<typeof rule>
export type PolicyKind = PolicyRule['kind']

type Named = {
  readonly registryId: string
  /** `pol_…` */
  readonly id: string
  readonly name: string
  /** A pattern. */
  readonly repositories: string
}
export type Policy = Named & PolicyRule & { readonly enabled: boolean; readonly createdAt: number }

/** As regions hear it: those that are enabled. */
export type ServedPolicy = Named & PolicyRule

export const servedPolicy = z
  .object({ registryId: z.string(), id: z.string(), name: z.string(), repositories: z.string() })
  .and(rule)
const kindAlone = z.object({ kind: z.string() })
const KINDS: readonly string[] = rule.options.map(one => one.shape.kind.value)

/** A kind of a later version does nothing here; one that is known and not understood is an error. */
export const servedPolicies = z
  .array(kindAlone.loose())
  .transform(all => all.filter(one => KINDS.includes(one.kind)))
  .pipe(z.array(servedPolicy))

/** What people give, checked once. */
export function parseRule(given: { kind: string; settings: unknown; repositories: string }): PolicyRule {
  const checked = rule.and(z.object({ repositories: pattern })).safeParse(given)
  if (checked.success) {
    const { kind, settings } = checked.data
    return { kind, settings } as PolicyRule
  }
  const [issue] = checked.error.issues
  throw PolicyRefused(issue?.path.join('.') ?? '', issue?.message ?? 'not understood')
}

export const PolicyRefused = failure('POLICY_REFUSED', 400, (where: string, why: string) => ({
  says: `The policy is refused: ${where === '' ? why : `${where}: ${why}`}`,
  next: 'Correct it; towpath policy create --help has examples of each kind',
}))

export const PolicyUnknown = failure('POLICY_UNKNOWN', 404, (name: string) => ({
  says: `There is no policy "${name}"`,
  next: 'List them: towpath policy list',
}))

export const PolicyNameTaken = failure('POLICY_NAME_TAKEN', 409, (name: string) => ({
  says: `There is a policy "${name}" already`,
  next: 'Choose another name, or update that one',
}))

export const TooManyPolicies = failure('POLICY_LIMIT', 409, (most: number) => ({
  says: `The registry has ${most} policies, which is the most`,
  next: 'Delete one that nobody needs, or let one pattern stand for several repositories',
}))
