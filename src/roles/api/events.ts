import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { eventsQuery, type Live, type ProcessState } from '../../api/index.ts'
import { lastHeads } from '../../audit/index.ts'
import { type Decide, readTenant, tenantScope } from '../../identity/index.ts'
import { type Clock, failure, type Store } from '../../kernel/index.ts'
import { type Route, route } from './route.ts'
import type { Session } from './session.ts'
import { tenantAt, tenantId } from './tenants.ts'

/** Where nothing changed, a look is a few indexed reads and decides nothing. */
const LOOK_MS = 1_000
/** Under the idle timeouts of what may stand between a page and control. */
const HEARTBEAT_MS = 15_000
/** Then a page asks again, and whoever signed out meanwhile is refused. */
const LONGEST_MS = 60_000
const AGAIN_MS = 500
const MOST_STREAMS = 256
/** A page that nobody looks at holds none. */
const MOST_OF_ONE = 16

export const EventsFull = failure('EVENTS_FULL', 429, (whose: string) => ({
  says: `${whose} has as many event streams open as it may`,
  next: 'Close some, or ask again in half a minute; nothing else waits for this',
}))

type Parts = {
  store: Store
  clock: Clock
  decide: Decide
  processes: () => readonly ProcessState[] | undefined
  stopping: AbortSignal
}

/** What tells a page that something changed, so that it looks again. */
export function eventRoutes({ store, clock, decide, processes, stopping }: Parts): Route[] {
  const open = new Map<string, number>()
  let streams = 0

  /** How far things are, whoever asks. Undefined once one of the tenants is gone. */
  async function look(id: string, ownId: string): Promise<Required<Live> | undefined> {
    const tenant = await readTenant(store.read, id)
    const own = id === ownId ? tenant : await readTenant(store.read, ownId)
    if (!tenant || !own) return undefined
    return {
      tenant: { id, version: tenant.version },
      own: { id: ownId, version: own.version },
      audit: placesOf(await lastHeads(store.read, id)),
      status: digest(processes() ?? []),
    }
  }

  /** As much of it as the caller may see. Undefined once that is nothing. */
  async function shown(session: Session, { audit, status, ...rest }: Required<Live>): Promise<Live | undefined> {
    const scope = tenantScope(rest.tenant.id)
    if (!(await session.may('tenant/read', scope))) return undefined
    const auditor = await session.may('audit/read', scope)
    const platform = await decide({ caller: session.principal, action: 'platform/read', scope: 'platform' })
    return { ...rest, ...(auditor ? { audit } : {}), ...(platform.allowed ? { status } : {}) }
  }

  async function* events(session: Session, id: string, heard: string, signal: AbortSignal): AsyncGenerator<string> {
    // The first bytes say at once that it is open.
    yield `retry: ${AGAIN_MS}\n\n`
    const end = clock.monotonic() + LONGEST_MS
    let told = { eventId: heard, at: clock.monotonic() }
    for (let before = ''; clock.monotonic() < end && !signal.aborted; ) {
      const all = await look(id, session.principal.tenantId)
      if (!all) return
      const now = digest(all)
      // Decided anew only where something changed: a role that was taken away is a change too, and deciding costs most.
      if (now !== before) {
        const live = await shown(session, all)
        if (!live) return
        const eventId = digest(live)
        if (eventId !== told.eventId) {
          told = { eventId, at: clock.monotonic() }
          yield `id: ${eventId}\nevent: live\ndata: ${JSON.stringify(live)}\n\n`
        }
      }
      before = now
      if (clock.monotonic() - told.at >= HEARTBEAT_MS) {
        told = { ...told, at: clock.monotonic() }
        yield ': still here\n\n'
      }
      // Told to stop while it waits: the loop looks at that.
      await clock.sleep(LOOK_MS, signal).catch(() => {})
    }
  }

  /** Takes a place among the streams; gives what gives it back. */
  function enter({ principal: { tenantId, id } }: Session): () => void {
    const key = `${tenantId}/${id}`
    const own = open.get(key) ?? 0
    if (own >= MOST_OF_ONE) throw EventsFull(id)
    if (streams >= MOST_STREAMS) throw EventsFull('Control')
    streams += 1
    open.set(key, own + 1)
    return () => {
      streams -= 1
      const left = (open.get(key) ?? 1) - 1
      if (left === 0) open.delete(key)
      else open.set(key, left)
    }
  }

  return [
    route({
      method: 'GET',
      url: '/api/v1/events',
      action: 'tenant/read',
      allow: 'decided',
      summary:
        'Server-sent events for a page about a tenant: `live` once something changed, after Last-Event-ID where that is given; ends after a minute, to be asked for again',
      query: eventsQuery,
      on: ({ query }) => tenantAt(store.read, query),
      answers: { 200: z.unknown() },
      run: async ({ query, raw, reply, session }) => {
        const id = await tenantId(store.read, query)
        const heard = raw.headers['last-event-id']
        const gone = new AbortController()
        const leave = enter(session())
        const over = () => {
          leave()
          gone.abort()
        }
        reply.raw.once('close', over)
        // While it was found out who asks: nothing says it a second time.
        if (reply.raw.closed) over()
        const signal = AbortSignal.any([gone.signal, stopping])
        const lines = events(session(), id, typeof heard === 'string' ? heard : '', signal)
        reply.type('text/event-stream').header('x-accel-buffering', 'no')
        return reply.send(Readable.from(lines, { objectMode: false }))
      },
    }),
  ]
}

function placesOf(heads: readonly { region: string; sequence: number }[]): string {
  return heads.map(({ region, sequence }) => `${region}:${sequence}`).join(' ')
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)
}
