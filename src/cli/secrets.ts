import { Command } from 'commander'
import { rotatedMasterKeyShape, type SecretList, secretList } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { ago, say, show, timeText } from './output.ts'

type Secret = SecretList['secrets'][number]

/** How old every secret is. */
export function secretsCommand(): Command {
  return apiOptions(new Command('secrets').description('Every secret by age, and what is due to be replaced.')).action(
    async (options: ApiOptions) => {
      const { secrets, now } = await readAll(options)
      await show(options, secrets, {
        rows: secrets,
        empty: 'There is none.',
        columns: [
          { title: 'NAME', text: row => row.name },
          { title: 'KIND', text: row => row.kind },
          { title: 'TENANT/REGISTRY', text: row => row.tenantId || row.registryId },
          { title: 'AGE', text: row => ago(now - row.createdAt) },
          { title: 'EXPIRES', text: row => dayOf(row.expiresAt) },
          { title: 'DUE', text: row => dayOf(row.dueAt) },
          { title: 'STATE', text: row => row.state },
        ],
      })
      const late = secrets.filter(({ state }) => state !== 'fine').length
      if (late > 0) say(`${late} of ${secrets.length} should be replaced.`)
    },
  )
}

async function readAll(options: ApiOptions): Promise<{ secrets: Secret[]; now: number }> {
  const secrets: Secret[] = []
  for (let after = ''; ; ) {
    const path = `/api/v1/secrets?limit=1000&after=${encodeURIComponent(after)}`
    const page = await callApi(options, { path, answer: secretList })
    secrets.push(...page.secrets)
    if (page.next === undefined) return { secrets, now: page.now }
    after = page.next
  }
}

/** What wraps the keys that secrets are sealed under. */
export function masterKeyCommand(): Command {
  const rotate = new Command('rotate').description('A new master key wraps all data keys; nothing stops meanwhile.')
  return new Command('master-key')
    .description('The master key wraps the keys that secrets are sealed under.')
    .addHelpText(
      'after',
      `
The platform makes it in secrets/master.key of its home, unless secrets.masterKey
of towpath.yaml names another place. There, put the new key on the first line and
the old one behind it, then rotate. The old one may go once no backup needs it.`,
    )
    .addCommand(
      apiOptions(rotate).action(async (options: ApiOptions) => {
        const made = await callApi(options, {
          method: 'POST',
          path: '/api/v1/master-key',
          answer: rotatedMasterKeyShape,
        })
        await show(options, made, {
          rows: [made],
          empty: '',
          columns: [
            { title: 'MASTER KEY', text: row => row.masterKeyId },
            { title: 'WRAPPED ANEW', text: row => String(row.rewrapped) },
            { title: 'LEFT', text: row => String(row.left) },
          ],
        })
        if (made.left > 0)
          say('Those left are wrapped by master keys that are not here: what they sealed stays closed.')
      }),
    )
}

function dayOf(time: number | null): string {
  return timeText(time).slice(0, 10)
}
