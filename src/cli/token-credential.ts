import { Command } from 'commander'
import { type PasswordBody, type PasswordName, tokenShape } from '../api/index.ts'
import { systemClock } from '../kernel/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { expiryOf, type Named, named, nameOf, UsageWrong } from './az-words.ts'
import { say } from './output.ts'
import { showToken, tokenPath } from './token-shown.ts'

type Options = ApiOptions & Named & { password1?: boolean; password2?: boolean }
type GenerateOptions = Options & { expiration?: string; expirationInDays?: string }

/** The two passwords of a token, each replaced alone. */
export function credentialCommand(): Command {
  return new Command('credential')
    .description('The two passwords of a token.')
    .addCommand(generateCommand())
    .addCommand(deleteCommand())
}

function generateCommand(): Command {
  return slots(new Command('generate').description('Make or replace passwords; they are shown this once.'))
    .option('--expiration-in-days <days>', 'when they end')
    .option('--expiration <time>', 'when they end, as in 2027-01-31T12:00:00Z')
    .action(async (word: string | undefined, options: GenerateOptions) => {
      const path = tokenPath(options, nameOf(word, options, 'token'))
      const body: PasswordBody = { expiresAt: expiryOf(options, systemClock('cli').now()) }
      // As az: both where none is named.
      const names = chosen(options)
      const made = []
      for (const name of names.length > 0 ? names : (['password1', 'password2'] as const)) {
        const call = { method: 'POST', path: `${path}/passwords/${name}`, body, answer: tokenShape } as const
        made.push(await callApi(options, call))
      }
      const [first] = made
      const last = made.at(-1)
      if (!first || !last) return
      const passwords = last.passwords.map(one => ({
        ...one,
        ...first.passwords.find(same => same.name === one.name && same.value !== undefined),
      }))
      await showToken(options, { ...last, passwords })
    })
}

function deleteCommand(): Command {
  return slots(new Command('delete').description('Take passwords away; the other keeps working.'))
    .requiredOption('-y, --yes', 'really: whoever uses it is cut off')
    .action(async (word: string | undefined, options: Options) => {
      const name = nameOf(word, options, 'token')
      const names = chosen(options)
      if (names.length === 0) throw UsageWrong('Which password?', 'Name it: --password1, --password2 or both')
      for (const one of names) {
        const path = `${tokenPath(options, name)}/passwords/${one}`
        await callApi(options, { method: 'DELETE', path, answer: tokenShape })
      }
      say(`${names.join(' and ')} of token "${name}" is refused from now on; regions hear of it within seconds.`)
    })
}

function slots(command: Command): Command {
  return apiOptions(named(command)).option('--password1', 'the first one').option('--password2', 'the second one')
}

function chosen({ password1, password2 }: Options): PasswordName[] {
  return [...(password1 ? (['password1'] as const) : []), ...(password2 ? (['password2'] as const) : [])]
}
