import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { npmPeer } from './npm-peer.ts'

type Provider = new (issuer: string, settings: object) => { callback(): RequestListener }

export type OpenIdProvider = {
  /** `http://127.0.0.1:<port>`. */
  readonly issuer: string
  /** From now on by these settings of npm oidc-provider: clients, claims, people. Before, it answers nothing. */
  serve(settings: object): void
  close(): Promise<void>
}

/** Asks whether to sign out there too; without the form's button, since nobody presses it. */
function logoutSource(context: { body: string }, form: string): void {
  context.body = form
}

/** A certified OpenID provider on loopback, with its own pages for signing in and agreeing. */
export async function openIdProvider(): Promise<OpenIdProvider> {
  const entry = pathToFileURL(await npmPeer('oidc-provider', '9.13.3', 'lib/index.js')).href
  const { Provider } = (await import(entry)) as { Provider: Provider }
  let answer: RequestListener = (_, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>(done => void server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    serve(settings) {
      const provider = new Provider(issuer, {
        cookies: { keys: ['of a test'] },
        pkce: { required: () => true },
        // Seconds, and a page. Without them it prints a notice for each.
        ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
        features: { rpInitiatedLogout: { logoutSource } },
        ...settings,
      })
      answer = provider.callback()
    },
    close: () =>
      new Promise<void>((done, broken) => {
        server.closeAllConnections()
        server.close(error => (error ? broken(error) : done()))
      }),
  }
}
