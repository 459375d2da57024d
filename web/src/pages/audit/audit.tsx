import { Download } from 'lucide-react'
import { useState } from 'react'
import { CONTROL } from '../../api/audit.ts'
import { Button } from '../../ui/button.tsx'
import { PageBody } from '../../ui/page.tsx'
import { ChainBadge } from './chain-badge.tsx'
import { ExportRecords } from './export-records.tsx'
import { Filters } from './filters.tsx'
import { Records } from './records.tsx'
import { useFilter } from './use-filter.ts'

/** Who did what to what, the newest first, and whether anybody changed that afterwards. */
export function Audit() {
  const [filter, setFilter] = useFilter()
  const [exporting, setExporting] = useState(false)
  return (
    <PageBody
      title="Audit"
      says="Who did what to what, for whom, and how it ended. New records appear by themselves."
      actions={
        <Button onClick={() => setExporting(true)}>
          <Download aria-hidden />
          Export
        </Button>
      }
    >
      <ChainBadge region={filter.region ?? CONTROL} />
      <Filters filter={filter} onChange={setFilter} />
      <Records filter={filter} onFilter={setFilter} />
      <ExportRecords open={exporting} onOpenChange={setExporting} filter={filter} />
    </PageBody>
  )
}
