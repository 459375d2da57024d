import { systemClock } from '../clock.ts'
import { failure } from '../failure.ts'
import { serveWriter } from './serve-writer.ts'
import { sql } from './sql.ts'
import { type Migration, write } from './types.ts'

/** A writing process for the tests beside it: `node writer.fixture.ts <file> <socket>`. */
export const migrations: Migration[] = [
  { id: 'w-1', statements: ['create table item (name {text} not null primary key, body {bytes} not null) {strict}'] },
]

export const Refused = failure('TEST_REFUSED', 409, (name: string) => ({
  says: `${name} is refused`,
  next: 'Send another',
  detail: { name },
}))

export const put = write('test.put', async (tx, { name, body }: { name: string; body: Uint8Array }) => {
  await tx.run(sql`insert into item (name, body) values (${name}, ${body})
    on conflict (name) do update set body = excluded.body`)
  return { name, length: body.length }
})
export const refuse = write('test.refuse', async (tx, name: string) => {
  await tx.run(sql`insert into item (name, body) values (${name}, ${new Uint8Array(1)})`)
  throw Refused(name)
})
export const crash = write('test.crash', async (_tx, name: string) => {
  throw new TypeError(`broken by ${name}`)
})
export const large = write('test.large', async (_tx, size: number) => new Uint8Array(size))
export const writes = [put, refuse, crash, large]

if (import.meta.main) {
  const [path = '', socket = ''] = process.argv.slice(2)
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort())
  const clock = systemClock('writer')
  const writer = await serveWriter({ path, socket, migrations, writes, clock, signal: stop.signal })
  process.send?.('ready')
  await writer.stopped
  process.disconnect?.()
}
