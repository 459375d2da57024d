import { failure } from '../../kernel/index.ts'

// Codes of RFC 8628 §3.5 and RFC 6749 §5.2 in capitals: the token endpoint answers with them as they are.

export const Pending = failure('AUTHORIZATION_PENDING', 400, () => ({
  says: 'Nobody has answered yet',
  next: 'Ask again after the interval',
}))

export const SlowDown = failure('SLOW_DOWN', 400, (seconds: number) => ({
  says: 'That was asked too soon',
  next: `Ask each ${seconds} s from now on`,
}))

export const Denied = failure('ACCESS_DENIED', 400, () => ({
  says: 'The sign-in was refused in the browser',
  next: 'Start again where it was a mistake: towpath login',
}))

export const DeviceExpired = failure('EXPIRED_TOKEN', 400, () => ({
  says: 'The code is over, or it was used already',
  next: 'Start again: towpath login',
}))

export const RefreshRefused = failure('INVALID_GRANT', 400, (why: string) => ({
  says: why,
  next: 'Sign in again: towpath login',
}))

export const TooManyDevices = failure('DEVICES_TOO_MANY', 503, (most: number) => ({
  says: `${most} command lines wait for an answer already`,
  next: 'Try again in a few minutes',
  detail: { retryAfter: 60 },
}))

export const DeviceUnknown = failure('DEVICE_UNKNOWN', 404, () => ({
  says: 'No command line waits under this code, or not any more',
  next: 'Compare it with what the command line shows; a code is good for 10 minutes: towpath login',
}))

export const NotByThis = failure('DEVICE_NOT_BY_THIS', 403, () => ({
  says: 'A command line is signed in by a person in a browser, or by the password of the admin',
  next: 'Open the page that the command line names, and sign in there',
}))
