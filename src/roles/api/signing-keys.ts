import { signingKeyBody, signingKeyList } from '../../api/index.ts'
import { addSigningKey, readSigningKeys } from '../../identity/index.ts'
import type { Clock, SecretFiles, Store } from '../../kernel/index.ts'
import { auditFrom } from '../audit.ts'
import { rotateSigningKey } from '../token-changes.ts'
import { type Route, route } from './route.ts'

type Parts = {
  store: Store
  clock: Clock
  /** Private keys stay there. */
  files: SecretFiles
}

/** What registry tokens are signed with. */
export function signingKeyRoutes({ store, clock, files }: Parts): Route[] {
  const list = async () => ({ signingKeys: await readSigningKeys(store.read), now: clock.now() })
  return [
    route({
      method: 'GET',
      url: '/api/v1/signing-keys',
      action: 'signing-key.list',
      allow: 'admin',
      summary: 'The keys that registry tokens are signed with, oldest first',
      answers: { 200: signingKeyList },
      run: list,
    }),
    route({
      method: 'POST',
      url: '/api/v1/signing-keys',
      action: 'signing-key.rotate',
      allow: 'admin',
      summary: 'Sign with a new key; the old ones are accepted until their tokens are dead, or are refused immediately',
      body: signingKeyBody,
      answers: { 200: signingKeyList },
      run: async ({ body, raw }) => {
        // The file first: a row whose key nobody has would stop all signing.
        const { kid, x } = await addSigningKey(files)
        await store.write(rotateSigningKey, { kid, x, immediately: body.immediately, from: auditFrom(raw) })
        return list()
      },
    }),
  ]
}
