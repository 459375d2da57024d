import type { IncomingMessage } from 'node:http'
import { HeaderTwice } from './failures.ts'

const ONCE = ['host', 'authorization']

/** Throws where who is asked, or who asks, is said twice: Node keeps the first, and a proxy in front may have looked at the other. */
export function checkOnce({ rawHeaders }: IncomingMessage): void {
  for (const name of ONCE) {
    let seen = 0
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const other = rawHeaders[i] ?? ''
      // By length first: every request passes here.
      if (other.length === name.length && other.toLowerCase() === name) seen += 1
    }
    if (seen > 1) throw HeaderTwice(name)
  }
}
