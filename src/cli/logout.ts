import { Command } from 'commander'
import { nothing } from '../api/index.ts'
import { Failure } from '../kernel/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { changeLogin, readLogin } from './credentials-file.ts'
import { LoginExpired } from './failures.ts'
import { say } from './output.ts'

export function logoutCommand(): Command {
  return apiOptions(new Command('logout'))
    .description('End the login at a server, and forget it.')
    .action(async (options: ApiOptions) => {
      const { server } = options
      const login = await readLogin(process.env, server)
      if (!login) return say(`Nobody is signed in at ${server} from here.`)
      try {
        await callApi(
          { ...options, byLogin: true },
          { method: 'DELETE', path: `/api/v1/sessions/${login.sessionId}`, answer: nothing },
        )
      } catch (error) {
        // Ended there already: then only the file is left.
        if (!(error instanceof Failure && (error.is(LoginExpired) || error.code === 'SESSION_UNKNOWN'))) throw error
      }
      await changeLogin(process.env, server, async () => undefined)
      say(`You are signed out at ${server}.`)
    })
}
