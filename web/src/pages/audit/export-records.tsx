import { Download } from 'lucide-react'
import { type AuditFilter, CONTROL, exportPath, FILTERS } from '../../api/audit.ts'
import { useTenant } from '../../app/tenant.ts'
import { buttonLook } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

type Props = { open: boolean; onOpenChange: (open: boolean) => void; filter: AuditFilter }

const FORMATS = [
  {
    format: 'jsonl',
    title: 'JSON lines',
    says: 'Every record as it is, then the signed heads and their public keys. Kept where others can’t write, it shows later whether the chain was cut back: towpath audit verify --anchors.',
  },
  {
    format: 'ocsf',
    title: 'OCSF',
    says: 'As API Activity events of the Open Cybersecurity Schema Framework, for a SIEM.',
  },
] as const

/** Straight to a file: there may be more than a page could hold. */
export function ExportRecords({ open, onOpenChange, filter }: Props) {
  const tenant = useTenant()
  const filtered = FILTERS.some(name => filter[name] !== undefined)
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Export the audit"
      says={`Sealed records, the oldest first, ${filtered ? 'those that fit the filter' : 'all of them'}. It takes the right audit/export.`}
    >
      <ul className="flex flex-col gap-4 pt-2">
        {FORMATS.map(({ format, title, says }) => (
          <li key={format} className="flex flex-col items-start gap-2">
            <p className="text-soft">{says}</p>
            <a
              href={exportPath(tenant.id, filter, format)}
              download={`audit-${tenant.name}-${filter.region ?? CONTROL}-${format}.jsonl`}
              className={buttonLook('plain')}
            >
              <Download aria-hidden />
              {title}
            </a>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
