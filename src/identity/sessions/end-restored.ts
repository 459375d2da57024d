import { sql, write } from '../../kernel/index.ts'
import { recordAllEnded } from '../registry-access/ended.ts'

/**
 * Of a control database that comes out of a backup: who signed out since would be in again, with all that a session
 * bought. Everybody signs in anew. No audit has it: nobody did it, and the sessions may be over long since.
 */
export const endRestored = write('identity.end-restored', async (tx, _input: null): Promise<null> => {
  await tx.run(sql`delete from sign_in_session`)
  await tx.run(sql`delete from device_request`)
  await recordAllEnded(tx)
  return null
})
