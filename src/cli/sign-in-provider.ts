import { text } from 'node:stream/consumers'
import { Command, Option } from 'commander'
import {
  nothing,
  type SignInProvider,
  type SignInProviderBody,
  type SignInProviderChange,
  signInProviderList,
  signInProviderShape,
} from '../api/index.ts'
import { callApi } from './api-client.ts'
import { ClientSecretMissing, OptionMalformed } from './failures.ts'
import { pathIn, principalBy, type TenantOptions, tenantOptions } from './in-tenant.ts'
import { say, show } from './output.ts'
import { repeated } from './repeated.ts'

type ProviderOptions = TenantOptions & {
  title?: string
  scope: string[]
  groupsClaim?: string
  provisioning?: 'invited' | 'automatic'
  invitedBy?: 'mail' | 'username'
  group: string[]
}
type CreateOptions = ProviderOptions & { issuer: string; clientId: string }

export function signInProviderCommand(): Command {
  return new Command('sign-in-provider')
    .description('OpenID providers by which the people of a tenant sign in.')
    .addHelpText(
      'after',
      `
The client secret is read from standard input, and is never shown.

Examples:
  towpath sign-in-provider create corp --title "Corp account" \\
    --issuer https://login.corp.example --client-id towpath < secret.txt
  towpath sign-in-provider list      with the redirect URI to register there
  towpath principal create ann@corp.example --kind user
                                     invites who has that verified mail address
  towpath sign-in-provider update corp --provisioning automatic \\
    --groups-claim groups --group "platform-team=ops"
  towpath sign-in-provider update corp --client-secret < secret.txt`,
    )
    .addCommand(
      tenantOptions(new Command('list').description('All of a tenant.')).action(async (options: TenantOptions) => {
        const { providers } = await callApi(options, { path: pathTo(options), answer: signInProviderList })
        await showProviders(options, providers, providers)
      }),
    )
    .addCommand(createCommand())
    .addCommand(updateCommand())
    .addCommand(
      tenantOptions(new Command('delete').description('Delete one.'))
        .argument('<name>')
        .requiredOption('-y, --yes', 'really: whom it signed in is out, and is not known when it is made again')
        .action(async (name: string, options: TenantOptions) => {
          await callApi(options, { method: 'DELETE', path: pathTo(options, name), answer: nothing })
          say(`Sign-in provider "${name}" is deleted.`)
        }),
    )
}

function createCommand(): Command {
  return providerOptions(new Command('create').description('Let people sign in by an OpenID provider.'))
    .requiredOption('--issuer <url>', 'as its /.well-known/openid-configuration names it')
    .requiredOption('--client-id <id>', 'what this platform is called there')
    .action(async (name: string, options: CreateOptions) => {
      const { issuer, clientId, title = name } = options
      const body: SignInProviderBody = {
        ...(await settings(options)),
        ...{ name, title, issuer, clientId, clientSecret: await secretFromStdin(options) },
      }
      const made = await callApi(options, { method: 'POST', path: pathTo(options), body, answer: signInProviderShape })
      await showProviders(options, made, [made])
    })
}

function updateCommand(): Command {
  return providerOptions(new Command('update').description('Change one; what is left out stays.'))
    .option('--client-secret', 'read a new client secret from standard input')
    .action(async (name: string, options: ProviderOptions & { clientSecret?: true }) => {
      const body: SignInProviderChange = {
        ...(await settings(options)),
        ...(options.clientSecret ? { clientSecret: await secretFromStdin(options) } : {}),
      }
      const path = pathTo(options, name)
      const changed = await callApi(options, { method: 'PATCH', path, body, answer: signInProviderShape })
      await showProviders(options, changed, [changed])
    })
}

function providerOptions(command: Command): Command {
  return tenantOptions(command)
    .argument('<name>')
    .option('--title <text>', 'what people read on its button')
    .addOption(repeated('--scope <scope>', 'what to ask for (else openid, profile and email)'))
    .option('--groups-claim <claim>', 'the claim that lists groups')
    .addOption(repeated('--group <value=group>', 'who has that value is in this group, by name or id'))
    .addOption(
      new Option(
        '--provisioning <how>',
        'invited: only users who were made before; automatic: everybody becomes a user without a role',
      ).choices(['invited', 'automatic']),
    )
    .addOption(
      new Option(
        '--invited-by <what>',
        'mail: the invited user has that verified mail address as name; username: that user name, for a provider where nobody can choose his own, such as Entra ID',
      ).choices(['mail', 'username']),
    )
}

async function settings(options: ProviderOptions): Promise<Omit<SignInProviderChange, 'clientSecret'>> {
  const { title, scope, groupsClaim, provisioning, invitedBy, group } = options
  const groups: { value: string; groupId: string }[] = []
  for (const one of group) {
    // The last "=": values are also names such as cn=ops,ou=groups.
    const at = one.lastIndexOf('=')
    if (at < 1 || at === one.length - 1) throw OptionMalformed('--group', one)
    groups.push({ value: one.slice(0, at), groupId: (await principalBy(options, one.slice(at + 1))).id })
  }
  return {
    ...(title === undefined ? {} : { title }),
    ...(scope.length === 0 ? {} : { scopes: scope }),
    ...(groupsClaim === undefined ? {} : { groupsClaim }),
    ...(provisioning === undefined ? {} : { provisioning }),
    ...(invitedBy === undefined ? {} : { invitedBy }),
    ...(groups.length === 0 ? {} : { groups }),
  }
}

/** Never from an argument: other users see those. */
async function secretFromStdin({ passwordStdin }: TenantOptions): Promise<string> {
  if (passwordStdin) throw ClientSecretMissing('standard input holds the password')
  if (process.stdin.isTTY) say('Type the client secret, then Enter and Ctrl-D.')
  const secret = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (secret === '') throw ClientSecretMissing('standard input is empty')
  return secret
}

function pathTo(options: TenantOptions, name?: string): string {
  return pathIn(options, `sign-in-providers${name === undefined ? '' : `/${encodeURIComponent(name)}`}`)
}

function showProviders(options: TenantOptions, whole: unknown, rows: readonly SignInProvider[]): Promise<void> {
  return show(options, whole, {
    rows,
    empty: 'There is none.',
    columns: [
      { title: 'NAME', text: row => row.name },
      { title: 'ISSUER', text: row => row.issuer },
      { title: 'PROVISIONING', text: row => row.provisioning },
      { title: 'GROUPS', text: row => String(row.groups.length) },
      { title: 'REDIRECT URI', text: row => row.redirectUri },
    ],
  })
}
