import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type AuditFilter, FILTERS } from '../../api/audit.ts'

/** The API takes no longer ones. */
const LONGEST = 2048

/** The filter is kept in the page's address: it can be shared, and the way back leads through it. */
export function useFilter(): [filter: AuditFilter, set: (filter: AuditFilter) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const text = JSON.stringify(readFilter(search))
  const filter: AuditFilter = useMemo(() => JSON.parse(text), [text])
  return [filter, next => navigate({ to: '.', search: readFilter(next) as never })]
}

function readFilter(from: Record<string, unknown>): AuditFilter {
  const found = ['region', ...FILTERS].flatMap(name => {
    const value = from[name]
    // The address `?actor=12` comes as a number.
    const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
    return text === '' || text.length > LONGEST ? [] : [[name, text]]
  })
  return Object.fromEntries(found)
}
