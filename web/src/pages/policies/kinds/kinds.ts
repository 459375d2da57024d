import type { Policy } from '../../../../../src/api/index.ts'
import { immutable } from './immutable.tsx'
import type { Kind, SettingsOf } from './kind.ts'
import { quota } from './quota.tsx'
import { retention } from './retention.tsx'
import { softDelete } from './soft-delete.tsx'
import { tags } from './tags.tsx'
import { trust } from './trust.tsx'

/** In the order in which they are offered. */
export const KINDS: { readonly [Name in Policy['kind']]: Kind<SettingsOf[Name]> } = {
  tags,
  retention,
  immutable,
  'soft-delete': softDelete,
  trust,
  quota,
}

export const KIND_NAMES = Object.keys(KINDS) as Policy['kind'][]

export function wordsOf<Name extends Policy['kind']>({
  kind,
  settings,
}: {
  kind: Name
  settings: SettingsOf[Name]
}): string {
  return KINDS[kind].words(settings)
}
