import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { isLoopback } from '../../oci/index.ts'
import { heldToken } from '../oauth.ts'
import { givenCredentials } from '../oci/session.ts'
import { parseJson, send } from '../send.ts'
import type { Wanted } from './candidates.ts'

/** Who waits for a tab waits no longer. */
const PATIENCE_MS = 300
const MOST = 500
const LONGEST = 200

type Given = Wanted['given']
type Ask = { server: string; path: string; authorization: string }

/** Where control lists the names of each: the first list of objects, else of texts, in the answer. */
const LISTS: Readonly<Record<string, (given: Given) => string>> = {
  registry: () => 'registries',
  tenant: () => 'tenants',
  token: given => ofRegistry(given, 'tokens'),
  'scope-map': given => ofRegistry(given, 'scope-maps'),
  webhook: given => ofRegistry(given, 'webhooks'),
  policy: given => ofRegistry(given, 'policies'),
  region: given => ofRegistry(given, 'endpoints'),
  'repository of a registry': given => ofRegistry(given, 'repositories'),
  principal: given => ofTenant(given, 'principals'),
  role: given => ofTenant(given, 'roles'),
  offer: given => ofTenant(given, 'offers'),
  group: given => ofTenant(given, 'resources'),
  'sign-in-provider': given => ofTenant(given, 'sign-in-providers'),
}

const named = z.union([z.string(), z.looseObject({ name: z.string(), kind: z.string().optional() })])
const answer = z.record(z.string(), z.unknown()).transform(fields => {
  const lists = Object.values(fields).filter(Array.isArray)
  return lists.find(list => typeof list[0] === 'object') ?? lists[0] ?? []
})

/** The names that are answered at once; what is in the way is thrown. */
export async function namesOf({ subject, given }: Wanted): Promise<string[]> {
  if (subject === 'golden') return (await goldenNames()).filter(isWord)
  const ask = subject === 'repository' ? await atRegistry(given) : await atControl(subject, given)
  if (!ask) return []
  const headers = { authorization: ask.authorization }
  const response = await send(ask.server, { path: ask.path, headers, patienceMs: PATIENCE_MS })
  if (response.statusCode !== 200) return []
  const list = answer.parse(parseJson(await text(response))).flatMap(one => named.safeParse(one).data ?? [])
  const ofKind = list.filter(one => subject !== 'group' || (typeof one === 'object' && one.kind === 'group'))
  return ofKind
    .map(one => (typeof one === 'string' ? one : one.name))
    .filter(isWord)
    .slice(0, MOST)
}

/** Those of archangel.json, from the working folder up: no server knows them. */
async function goldenNames(): Promise<string[]> {
  const { loadMentorConfig, placesOf } = await import('../../mentor/index.ts')
  const { config } = await loadMentorConfig({ folder: process.cwd(), state: placesOf(process.env).state })
  return config.golden.map(({ name }) => name)
}

/** Lines are how a shell is answered: what would be several, or would steer the terminal, is none. */
function isWord(name: string): boolean {
  return name !== '' && name.length <= LONGEST && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)
}

async function atControl(subject: string, given: Given): Promise<Ask | undefined> {
  const path = LISTS[subject]?.(given)
  const { env } = process
  const server = given.server ?? env.TOWPATH_SERVER ?? 'http://127.0.0.1:7070'
  const user = given.username ?? env.TOWPATH_USERNAME ?? 'admin'
  const token = env.TOWPATH_PASSWORD ? basic(user, env.TOWPATH_PASSWORD) : await bearer(server)
  return path && token ? { server, path: `/api/v1/${path}`, authorization: token } : undefined
}

/** `towpath repository` names registries by host; no program is started to find who may sign in there. */
async function atRegistry({ name, username, plainHttp }: Given): Promise<Ask | undefined> {
  const { env, stdout, stderr } = process
  const host = name ?? env.TOWPATH_REGISTRY ?? '127.0.0.1:5000'
  const found = await givenCredentials({ env, stdout, stderr, ...(username ? { username } : {}) }, host)
  if (!found || !('password' in found)) return undefined
  const near = plainHttp !== undefined || isLoopback(host.replace(/:\d+$/, ''))
  const authorization = basic(found.username, found.password)
  return { server: `${near ? 'http' : 'https'}://${host}`, path: `/acr/v1/_catalog?n=${MOST}`, authorization }
}

function ofRegistry({ registry }: Given, list: string): string {
  return `registries/${encodeURIComponent(registry ?? 'default')}/${list}`
}

function ofTenant({ tenant }: Given, list: string): string {
  return `tenants/${encodeURIComponent(tenant ?? process.env.TOWPATH_TENANT ?? 'default')}/${list}`
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

async function bearer(server: string): Promise<string | undefined> {
  const token = await heldToken(server)
  return token && `Bearer ${token}`
}
