import { queryOptions } from '@tanstack/react-query'
import type { Status } from '../../../src/api/index.ts'
import { call } from './call.ts'

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => call<Status>('GET', '/api/v1/status', { signal }),
})
