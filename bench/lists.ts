import { OCI } from '../test/peers/support/digest.ts'
import { curlGet, wrk } from './support/clients.ts'
import { EMPTY, fill, numbered, send } from './support/fill.ts'
import { interleaved, median } from './support/measure.ts'
import { micros, report, whole } from './support/report.ts'
import { type Server, startTowpath } from './support/servers.ts'

type Headers = Record<string, string>
type Page = { what: string; path: string }

/** Pages of stores that grow tenfold and again: the cost is of the page, not of the store. */
export async function lists(quick: boolean): Promise<void> {
  const server = await startTowpath()
  const basic = server.registry.wire.headers
  const steps = quick ? [10, 100] : [100, 1000, 10_000]
  const cost = new Map<string, string[]>()
  const sizes: string[] = []
  try {
    let before = 0
    for (const step of steps) {
      const manifests = step * 10
      await grow(server.url, basic, { from: before, tags: step, manifests, repositories: step })
      before = step
      sizes.push(`${whole(step)} tags, ${whole(manifests)} manifests, ${whole(step)} repositories`)
      for (const page of pages(step, manifests)) {
        const seconds = await cpuOf(server, server.url + page.path, basic, quick)
        cost.set(page.what, [...(cost.get(page.what) ?? []), micros(seconds)])
      }
    }
    const last = steps.at(-1) ?? 0
    const rows = [...cost].map(([what, figures]) => [what, ...figures])
    const all = await curlGet(`${server.url}/v2/bench/tags/tags/list`, basic, 5)
    const note = `CPU time of all processes per request. The whole list of ${whole(last)} tags in one page: ${(all.seconds * 200).toFixed(0)} ms.`
    report('lists', quick, [['page', ...sizes], ...rows], note)
  } finally {
    await server.stop()
  }
}

function pages(step: number, manifests: number): Page[] {
  const middle = name(Math.floor(step / 2))
  const one = numbered(Math.floor(manifests / 2), SUBJECT).digest
  return [
    { what: '100 tags, from the first', path: '/v2/bench/tags/tags/list?n=100' },
    { what: '100 tags, from the middle', path: `/v2/bench/tags/tags/list?n=100&last=${middle}` },
    { what: '100 repositories, from the first', path: '/v2/_catalog?n=100' },
    { what: '100 repositories, from the middle', path: `/v2/_catalog?n=100&last=bench/many/${middle}` },
    { what: '100 tags with their metadata, newest first', path: '/acr/v1/bench/tags/_tags?n=100&orderby=timedesc' },
    {
      what: '100 manifests with theirs, oldest first',
      path: '/acr/v1/bench/manifests/_manifests?n=100&orderby=timeasc',
    },
    { what: 'a repository with its counts', path: '/acr/v1/bench/manifests' },
    { what: 'referrers, first page', path: `/v2/bench/manifests/referrers/${SUBJECT.digest}` },
    { what: 'a manifest by tag', path: `/v2/bench/tags/manifests/${middle}` },
    { what: 'a manifest by digest', path: `/v2/bench/manifests/manifests/${one}` },
  ]
}

const subject = numbered(-1)
const SUBJECT = { mediaType: OCI.manifest, digest: subject.digest, size: subject.body.length }

/** So many tags on one manifest, manifests that refer to one in a repository, and repositories of one. */
async function grow(
  url: string,
  headers: Headers,
  { from, tags, manifests, repositories }: { from: number; tags: number; manifests: number; repositories: number },
): Promise<void> {
  const type = { ...headers, 'content-type': OCI.manifest }
  const put = (repository: string, reference: string, body: string) =>
    send('PUT', `${url}/v2/${repository}/manifests/${reference}`, type, body)
  const blob = (repository: string) =>
    send('POST', `${url}/v2/${repository}/blobs/uploads/?digest=${EMPTY.digest}`, headers, EMPTY.bytes)
  if (from === 0) {
    await blob('bench/tags')
    await blob('bench/manifests')
    await put('bench/manifests', subject.digest, subject.body)
  }
  const tagged = numbered(0)
  await fill(tags, from, async number => {
    await put('bench/tags', name(number), tagged.body)
  })
  await fill(manifests, from * 10, async number => {
    const { body, digest } = numbered(number, SUBJECT)
    await put('bench/manifests', digest, body)
  })
  await fill(repositories, from, async number => {
    const repository = `bench/many/${name(number)}`
    await send('POST', `${url}/v2/${repository}/blobs/uploads/?mount=${EMPTY.digest}&from=bench/tags`, headers)
    await put(repository, 'latest', tagged.body)
  })
}

function name(number: number): string {
  return `n${`${number}`.padStart(6, '0')}`
}

async function cpuOf(server: Server, url: string, headers: Headers, quick: boolean): Promise<number> {
  const all = await interleaved([server], quick ? 1 : 3, () => wrk(url, { ...headers, accept: '*/*' }, 8, 1))
  return median((all.get(server.name) ?? []).map(round => round.cpu / round.requests))
}
