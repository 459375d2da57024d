import { rotatedMasterKeyShape } from '../../api/index.ts'
import type { Clock, Config, Store } from '../../kernel/index.ts'
import { auditFrom } from '../audit.ts'
import { rotateMasterKey } from '../rotate-master-key.ts'
import type { PlatformSecrets } from '../secrets.ts'
import { type Route, route } from './route.ts'

type Parts = { config: Config; store: Store; clock: Clock; secrets: PlatformSecrets }

/** What wraps the keys that secrets are sealed under. */
export function masterKeyRoutes(parts: Parts): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/v1/master-key',
      action: 'master-key.rotate',
      allow: 'admin',
      summary: 'Wrap all data keys by a new master key, and seal under a new data key; nothing stops meanwhile',
      answers: { 200: rotatedMasterKeyShape },
      run: ({ raw }) => rotateMasterKey(parts, auditFrom(raw)),
    }),
  ]
}
