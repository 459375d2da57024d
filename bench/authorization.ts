import { api, everywhere, makeToken } from '../test/peers/support/api-token.ts'
import { wrk } from './support/clients.ts'
import { manifest, pushManifest } from './support/content.ts'
import { interleaved, median, perSecond, type Round } from './support/measure.ts'
import { micros, report, whole } from './support/report.ts'
import { REPOSITORY, type Server, startTowpath } from './support/servers.ts'

const CONNECTIONS = 64

/**
 * What authorization costs of a manifest GET: must be 10 % of its CPU time at most. One platform, whose registry lets
 * nobody in particular pull, asked in three ways: with a token of a scope map; with as many bytes in a header that
 * means nothing, so that the difference is authorization alone and not the parsing of a longer request; and without.
 */
export async function authorization(quick: boolean): Promise<void> {
  const towpath = await startTowpath()
  try {
    const content = manifest()
    await pushManifest(towpath, content)
    const { registry } = towpath
    await api(registry, 'PATCH', '/api/v1/registries/default', { anonymousPull: true })
    await everywhere('anonymous pull', async () => (await fetch(towpath.url + content.path)).status === 200)
    const lines = Array.from({ length: 50 }, (_, i) => `repositories/team-${i}/*/content/read`)
    const login = await makeToken(registry, 'bench', [...lines, `repositories/${REPOSITORY}/content/read`])

    const token = async () => {
      const basic = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`
      const query = `service=${registry.host}&scope=repository:${REPOSITORY}:pull`
      const answer = await fetch(`${towpath.url}/oauth2/token?${query}`, { headers: { authorization: basic } })
      const { access_token }: { access_token: string } = JSON.parse(await answer.text())
      return `Bearer ${access_token}`
    }
    const asked = (name: string, headers: Server['headers']): Server => ({ ...towpath, name, headers })
    const ways = [
      asked('token', async () => ({ authorization: await token() })),
      asked('no authorization, as many bytes', async () => ({ 'x-no-authority': await token() })),
      asked('no authorization', async () => ({})),
    ]
    const all = await interleaved(ways, quick ? 1 : 9, (server, headers) =>
      wrk(server.url + content.path, { ...headers, accept: content.type }, CONNECTIONS, quick ? 1 : 4),
    )
    const cpu = (round: Round) => round.cpu / round.requests
    const withToken = all.get('token') ?? []
    const share = (rounds: readonly Round[]) =>
      median(withToken.map((round, i) => 1 - cpu(rounds[i] ?? round) / cpu(round)))
    const rows = [...all].map(([name, rounds]) => [
      name,
      whole(median(rounds.map(perSecond))),
      micros(median(rounds.map(cpu))),
      name === 'token' ? '' : `${(100 * share(rounds)).toFixed(1)} %`,
    ])
    report('authorization', quick, [
      ['asked with', 'requests/s', 'CPU per request', 'share saved of the token’s CPU'],
      ...rows,
    ])
  } finally {
    await towpath.stop()
  }
}
