import type { SecretAge } from '../../api/secrets.ts'
import { kindOf } from './kinds.ts'
import { useOwners } from './use-owners.tsx'

/** What to do with one that is late. */
export function SecretNext({ secret }: { secret: SecretAge }) {
  const owners = useOwners()
  const { next, command } = kindOf(secret)
  const owned = secret.tenantId !== '' || secret.registryId !== ''
  return (
    <>
      <p className="mt-1 max-w-prose">{next(secret)}</p>
      {command ? (
        <code className="mt-1.5 inline-block rounded border border-line bg-sunk px-2 py-0.5">{command(secret)}</code>
      ) : null}
      {owned ? <p className="mt-1">{owners(secret)}</p> : null}
    </>
  )
}
