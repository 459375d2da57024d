import { Command } from 'commander'
import { registryLogin } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { forgetLogin, storeLogin, type Written } from './oci/write-auth.ts'
import { say, show, timeText } from './output.ts'

type LoginOptions = ApiOptions & { endpoint?: string; exposeToken?: boolean }

export function loginCommand(): Command {
  return apiOptions(
    new Command('login').description('Sign docker, podman and the like in to a registry, by what you are here.'),
  )
    .argument('[registry]', 'its name', 'default')
    .option('--endpoint <which>', 'global, the name of a region, or a host of the registry; else its first one')
    .option('--expose-token', 'print the token instead of writing it to files')
    .action(async (name: string, options: LoginOptions) => {
      const path = `/api/v1/registries/${encodeURIComponent(name)}/login`
      const body = options.endpoint === undefined ? {} : { endpoint: options.endpoint }
      const made = await callApi(options, { method: 'POST', path, body, answer: registryLogin })
      const { host, username, refreshToken, expiresAt } = made
      if (options.exposeToken) {
        say(`To sign in by hand: docker login ${host} -u ${username} --password-stdin`)
        // az's words, for scripts that read them.
        const exposed = { loginServer: host, username, accessToken: refreshToken, expiresAt }
        return show(options, exposed, {
          rows: [exposed],
          empty: '',
          columns: [
            { title: 'LOGIN SERVER', text: row => row.loginServer },
            { title: 'USERNAME', text: row => row.username },
            { title: 'ACCESS TOKEN', text: row => row.accessToken },
          ],
        })
      }
      const written = await storeLogin({ host, username, password: refreshToken }, process.env)
      say(`Signed in to ${host} until ${timeText(expiresAt)}.`)
      return showWritten(options, { host, expiresAt, written }, written)
    })
}

export function logoutCommand(): Command {
  return new Command('logout')
    .description('Take a registry out of the files of docker and podman.')
    .argument('<host>', 'as login showed it')
    .action(async (host: string) => {
      const left = await forgetLogin(host.toLowerCase(), process.env)
      if (left.length === 0) return say(`No file knows ${host}.`)
      say(`${host} is taken out of ${left.map(one => one.path).join(' and ')}.`)
      say('What was copied from there goes on until it ends by itself, 3 hours after the login at most.')
    })
}

function showWritten(options: ApiOptions, whole: unknown, rows: readonly Written[]): Promise<void> {
  return show(options, whole, {
    rows,
    empty: '',
    columns: [
      { title: 'WRITTEN TO', text: row => row.path },
      { title: 'HELPER', text: row => (row.helper === undefined ? '' : `docker-credential-${row.helper}`) },
    ],
  })
}
