import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { assignmentsQuery } from '../../api/access.ts'
import { useTenant } from '../../app/tenant.ts'
import { Button } from '../../ui/button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/page.tsx'
import { Assign } from './assign.tsx'
import { AssignmentsLoading, AssignmentTable } from './assignment-table.tsx'

/** What one principal was given itself; what its groups have is theirs. */
export function PrincipalRoles({ principalId }: { principalId: string }) {
  const assignments = useQuery(assignmentsQuery(useTenant().id))
  const [assigning, setAssigning] = useState(false)
  return (
    <Panel
      title="Roles"
      actions={
        <Button size="small" onClick={() => setAssigning(true)}>
          <Plus aria-hidden />
          Assign a role
        </Button>
      }
    >
      <Loaded query={assignments} loading={<AssignmentsLoading />}>
        {all => (
          <AssignmentTable
            assignments={all.filter(one => one.principalId === principalId)}
            nothing="It has no role of its own. It may do what its groups may, if it is in any."
          />
        )}
      </Loaded>
      <Assign open={assigning} onOpenChange={setAssigning} principalId={principalId} />
    </Panel>
  )
}
