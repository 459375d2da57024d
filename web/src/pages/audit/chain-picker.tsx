import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { CONTROL, chainsQuery } from '../../api/audit.ts'
import { useTenant } from '../../app/tenant.ts'

type Props = { region: string | undefined; onChange: (region: string) => void }

/** Whose records: control's, or those that a region wrote itself. Each is a chain of its own. */
export function ChainPicker({ region = CONTROL, onChange }: Props) {
  const tenant = useTenant()
  const { data = [CONTROL] } = useQuery(chainsQuery(tenant.id))
  const id = useId()
  const known = data.includes(region) ? data : [...data, region]
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="text-soft max-sm:sr-only">
        Recorded at
      </label>
      <select
        id={id}
        value={region}
        onChange={event => onChange(event.target.value === CONTROL ? '' : event.target.value)}
        className="h-9 w-36 rounded-md border border-edge bg-raised px-2 text-ink"
      >
        {known.map(name => (
          <option key={name} value={name}>
            {name === CONTROL ? 'Control' : `Region ${name}`}
          </option>
        ))}
      </select>
    </div>
  )
}
