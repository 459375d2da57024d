import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { assignmentsQuery } from '../../api/access.ts'
import { useTenant } from '../../app/tenant.ts'
import { Button } from '../../ui/button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageBody, Panel } from '../../ui/page.tsx'
import { Assign } from './assign.tsx'
import { AssignmentsLoading, AssignmentTable } from './assignment-table.tsx'

export function Assignments() {
  const assignments = useQuery(assignmentsQuery(useTenant().id))
  const [assigning, setAssigning] = useState(false)
  return (
    <PageBody
      title="Role assignments"
      says="Who has which role where, those that come from delegations included."
      actions={
        <Button look="primary" onClick={() => setAssigning(true)}>
          <Plus aria-hidden />
          Assign a role
        </Button>
      }
    >
      <Panel>
        <Loaded query={assignments} loading={<AssignmentsLoading />}>
          {all => <AssignmentTable assignments={all} nothing="Nobody has a role in this tenant yet." />}
        </Loaded>
      </Panel>
      <Assign open={assigning} onOpenChange={setAssigning} />
    </PageBody>
  )
}
