import type { AuditRecord } from '../../../../src/api/index.ts'
import type { Names } from './names.ts'

/** Who it is, what kind, and from which tenant. */
export function ActorText({ actor, names }: { actor: AuditRecord['actor']; names: Names }) {
  const name = names.who(actor)
  const { id, kind, tenantId } = actor
  return (
    <>
      {name}
      <span className="block text-sm text-soft">
        {kind}
        {name === id || id === '' ? null : (
          <>
            {' '}
            <code>{id}</code>
          </>
        )}
        {names.isOwn(tenantId) || tenantId === '' ? null : ` of tenant ${names.tenant(tenantId)}`}
      </span>
    </>
  )
}
