import { queryOptions } from '@tanstack/react-query'
import { call, path } from './call.ts'

/** A command line somewhere that waits to be signed in. */
export type DeviceRequest = { userCode: string; expiresAt: number }

export const deviceQuery = (userCode: string) =>
  queryOptions({
    queryKey: ['device', userCode],
    queryFn: ({ signal }) => call<DeviceRequest>('GET', path`/api/v1/device/${userCode}`, { signal }),
    retry: false,
  })

export function answerDevice(userCode: string, allow: boolean): Promise<void> {
  return call('POST', path`/api/v1/device/${userCode}`, { body: { allow } })
}
