import { join } from 'node:path'
import { localMasterKeys, nodeDisk, openSecretFiles, systemClock } from '../../src/kernel/index.ts'

/** What a sealed file of a platform holds, read as the platform itself does. */
export async function openedSecret(home: string, name: string, masterKey?: string): Promise<string> {
  const clock = systemClock('test')
  const masterKeys = localMasterKeys({ config: { home, secrets: { masterKey } }, env: {}, clock })
  const files = openSecretFiles({ disk: nodeDisk(), clock, dir: join(home, 'secrets'), masterKeys })
  const file = await files.find(name)
  if (!file) throw new Error(`There is no secret ${name}`)
  return file.value
}
