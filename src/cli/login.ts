import { setTimeout as wait } from 'node:timers/promises'
import { Command } from 'commander'
import { apiTokenShape, deviceGrant, deviceStarted, nothing, sessionShape } from '../api/index.ts'
import { callApi, passwordOf, type SignInOptions, signInOptions } from './api-client.ts'
import { clock } from './clock.ts'
import { changeLogin, type Login } from './credentials-file.ts'
import { LoginUnanswered } from './failures.ts'
import { loginOf, oauthError, postForm } from './oauth.ts'
import { say } from './output.ts'

export function loginCommand(): Command {
  return signInOptions(new Command('login'))
    .description('Sign in by a browser, here or elsewhere; kept for 30 days in a file that only you can read.')
    .addHelpText(
      'after',
      `
Examples:
  towpath login --server https://towpath.example
  towpath login --password-stdin < password    the admin, where there is no browser
  towpath whoami
  towpath logout`,
    )
    .action(async (options: SignInOptions) => {
      const login = await signIn(options)
      const { server } = options
      await changeLogin(process.env, server, async () => login)
      const mine = { path: '/api/v1/session', answer: sessionShape }
      const { principal } = await callApi({ server, byLogin: true }, mine)
      say(`You are signed in at ${server} as ${principal.name}.`)
    })
}

async function signIn(options: SignInOptions): Promise<Login> {
  const { server } = options
  const started = await postForm(server, '/oauth2/device_authorization', {}, deviceStarted)
  const { device_code, user_code, verification_uri, verification_uri_complete, expires_in } = started
  const ends = clock.now() + expires_in * 1000
  if (await passwordOf(options)) {
    // The admin allows it himself: the password is shown this once, and no browser is needed.
    const path = `/api/v1/device/${user_code}`
    await callApi(options, { method: 'POST', path, body: { allow: true }, answer: nothing })
  } else {
    say(`Open ${verification_uri_complete}`)
    say(`or ${verification_uri} anywhere, and enter the code ${user_code}`)
  }
  let pause = started.interval
  for (;;) {
    progress(ends)
    const fields = { grant_type: deviceGrant.value, device_code }
    const token = await postForm(server, '/oauth2/token', fields, apiTokenShape).catch((error: unknown) => error)
    const refused = oauthError(token)
    if (refused === 'slow_down') pause += 5
    else if (refused !== 'authorization_pending') {
      progress(undefined)
      if (refused === 'expired_token') throw LoginUnanswered().from(token)
      if (token instanceof Error) throw token
      return loginOf(apiTokenShape.parse(token))
    }
    await wait(pause * 1000)
  }
}

/** One line that counts down; nothing where nobody watches. */
function progress(ends: number | undefined): void {
  if (!process.stderr.isTTY) return
  const left =
    ends === undefined
      ? ''
      : `Waiting for the browser; the code is good for ${Math.ceil((ends - clock.now()) / 60_000)} min more`
  process.stderr.write(`\r\u001b[K${left}`)
}
