import { queryOptions } from '@tanstack/react-query'
import type { Device } from '../../../src/api/index.ts'
import { call, path } from './call.ts'

export const deviceQuery = (userCode: string) =>
  queryOptions({
    queryKey: ['device', userCode],
    queryFn: ({ signal }) => call<Device>('GET', path`/api/v1/device/${userCode}`, { signal }),
    retry: false,
  })

export function answerDevice(userCode: string, allow: boolean): Promise<void> {
  return call('POST', path`/api/v1/device/${userCode}`, { body: { allow } })
}
