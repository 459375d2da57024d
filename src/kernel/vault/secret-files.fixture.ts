import { simClock } from '../sim/clock.ts'
import { SimDisk } from '../sim/disk.ts'
import { localKey } from './local-key.ts'
import { openSecretFiles, type SecretFiles } from './secret-files.ts'

/** A folder of secrets in memory; `open` is one process after the other. */
export function testSecretFiles(): { open(): SecretFiles; names(): string[] } {
  const clock = simClock('secret files')
  const disk = new SimDisk()
  const key = localKey(clock.bytes(32), clock)
  return {
    open: () => openSecretFiles({ disk: disk.mount(), clock, dir: '/secrets', masterKeys: async () => [key] }),
    names: () => [...disk.files().keys()],
  }
}
