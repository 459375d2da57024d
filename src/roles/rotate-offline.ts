import { rotateAdminPassword } from '../identity/index.ts'
import type { Clock, Config } from '../kernel/index.ts'
import { FROM_MACHINE } from './audit.ts'
import { lockHome } from './home-lock.ts'
import { openControlStore } from './stores.ts'

type Parts = { config: Config; clock: Clock; env: Readonly<Record<string, string | undefined>>; slot: 1 | 2 }

/** A new password written straight into the control database of a platform that does not run. Returns it. */
export async function rotateOffline({ config, clock, env, slot }: Parts): Promise<string> {
  const lock = lockHome(config)
  try {
    const store = await openControlStore({ config, clock, env })
    try {
      return await rotateAdminPassword({ store, clock, slot, from: FROM_MACHINE })
    } finally {
      await store.close()
    }
  } finally {
    lock.release()
  }
}
