import { Command } from 'commander'
import { signingKeyList as answer, type SigningKeyBody, type SigningKeyList } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { say, show, timeText } from './output.ts'

const PATH = '/api/v1/signing-keys'

/** What registry tokens are signed with. */
export function signingKeysCommand(): Command {
  return apiOptions(new Command('signing-keys').description('The keys that registry tokens are signed with.'))
    .option('--rotate', 'sign with a new one; what the old ones signed is accepted until it ends')
    .option('--immediately', 'with --rotate: refuse at once all that the old ones signed')
    .action(async (options: ApiOptions & { rotate?: boolean; immediately?: boolean }) => {
      const body: SigningKeyBody = { immediately: options.immediately === true }
      const call = options.rotate ? ({ method: 'POST', path: PATH, body, answer } as const) : { path: PATH, answer }
      const found = await callApi(options, call)
      await show(options, found.signingKeys, {
        rows: found.signingKeys,
        empty: 'There is none.',
        columns: [
          { title: 'KID', text: row => row.kid },
          { title: 'STATE', text: row => stateOf(row, found) },
          { title: 'SIGNS FROM', text: row => timeText(row.signsFrom) },
          { title: 'ENDS', text: row => timeText(row.endsAt) },
        ],
      })
      if (options.rotate) say('Regions hear of it within seconds; nobody restarts.')
    })
}

function stateOf(
  { kid, signsFrom, endsAt }: SigningKeyList['signingKeys'][number],
  { signingKeys, now }: SigningKeyList,
): string {
  if (endsAt !== null && endsAt <= now) return 'over'
  if (signsFrom > now) return 'announced'
  const newer = signingKeys.some(one => one.kid !== kid && one.signsFrom <= now && one.signsFrom > signsFrom)
  return newer ? 'accepted' : 'signing'
}
