import { Command } from 'commander'
import { nothing } from '../api/index.ts'
import { Failure } from '../kernel/index.ts'
import { callApi, serverOption } from './api-client.ts'
import { changeLogin, readLogin } from './credentials-file.ts'
import { LoginExpired } from './failures.ts'
import { say } from './output.ts'

export function logoutCommand(): Command {
  return serverOption(new Command('logout'))
    .description('End the login at a server, and forget it.')
    .action(async ({ server }: { server: string }) => {
      const login = await readLogin(process.env, server)
      if (!login) return say(`Nobody is signed in at ${server} from here.`)
      try {
        const path = `/api/v1/sessions/${login.sessionId}`
        await callApi({ server, byLogin: true }, { method: 'DELETE', path, answer: nothing })
      } catch (error) {
        // Ended there already: then only the file is left.
        if (!(error instanceof Failure && (error.is(LoginExpired) || error.code === 'SESSION_UNKNOWN'))) throw error
      }
      await changeLogin(process.env, server, async () => undefined)
      say(`You are signed out at ${server}.`)
    })
}
