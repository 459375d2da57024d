import { z } from 'zod'
import { byteSize, duration } from './units.ts'

/** What an error needs to know about a key beyond its shape. */
type KeyFacts = {
  /** Ends the sentence "Set it to …". */
  takes: string
  /** Its value is never shown: people paste the secret itself where its reference belongs. */
  secret?: true
  /** How a change is taken up without a restart; absent where it takes a restart. */
  reloads?: string
  /** A path: relative to the file that names it, or to the working folder when it comes by environment. */
  path?: true
}

export const keyFacts = z.registry<KeyFacts>()

function key<S extends z.ZodType>(schema: S, description: string, facts: KeyFacts): S {
  const { reloads } = facts
  const described = schema.meta({ description, ...(reloads ? { 'x-reloads': reloads } : {}) })
  keyFacts.add(described, facts)
  return described
}

const port = (description: string) => key(z.int().min(1).max(65535), description, { takes: 'a port from 1 to 65535' })

const text = (description: string, takes: string, pattern: RegExp = /^[^\0]+$/) =>
  key(z.string().regex(pattern), description, { takes })

const secretRef = (description: string) =>
  key(z.string().regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/[^\0]*)$/), description, {
    takes: 'where the secret is, not the secret: env:NAME or file:/absolute/path',
    secret: true,
  })

const file = (description: string, reloads: string) =>
  key(z.string().min(1), description, { takes: 'the path of a PEM file', path: true, reloads })

const size = (description: string) => key(byteSize, description, { takes: 'a size such as 4 MiB or 4194304' })
const time = (description: string) =>
  key(duration, description, { takes: 'a duration such as 60 s, 24 h or 60000 (ms)' })

const database = z.discriminatedUnion('engine', [
  z.strictObject({ engine: z.literal('sqlite') }).describe('A SQLite file under home.'),
  z
    .strictObject({
      engine: z.literal('postgres'),
      url: secretRef('Reference to the connection URL of a PostgreSQL-compatible server.'),
      schema: text(
        'The schema that holds the tables; one for each database.',
        'lower-case letters, digits and _, beginning with a letter',
        /^[a-z][a-z0-9_]{0,62}$/,
      ),
    })
    .describe('A PostgreSQL-compatible server.'),
])

const blobs = z.discriminatedUnion('store', [
  z.strictObject({ store: z.literal('files') }).describe('Files under home.'),
  z
    .strictObject({
      store: z.literal('s3'),
      endpoint: key(z.url({ protocol: /^https?$/ }), 'URL of the S3-compatible server.', {
        takes: 'a URL such as https://s3.example.org',
      }),
      bucket: text('The bucket; it must exist.', 'the name of a bucket', /^[a-z0-9][a-z0-9.-]{1,62}$/),
      region: text('The region the server expects in signatures.', 'a region such as us-east-1').default('us-east-1'),
      prefix: key(z.string(), 'Put before every object key.', { takes: 'text such as towpath/' }).default(''),
      accessKeyId: secretRef('Reference to the access key id.'),
      secretAccessKey: secretRef('Reference to the secret access key.'),
      pathStyle: key(z.boolean(), 'Address buckets by path, not by host name.', { takes: 'true or false' }).default(
        false,
      ),
    })
    .describe('An S3-compatible store.'),
])

const region = z.strictObject({
  name: text(
    'Name of the region; its folder and cursors carry it, so it never changes.',
    'a lower-case letter and up to 30 more letters or digits, and not "control"',
    /^(?!control$)[a-z][a-z0-9]{1,30}$/,
  ),
  nodes: key(
    z.int().min(1).max(64),
    'Processes that serve the region; by default 2 on Linux with 2 or more cores, else 1.',
    {
      takes: 'a number from 1 to 64',
    },
  ).optional(),
  database: database.describe("Where the region's metadata is.").prefault({ engine: 'sqlite' }),
  blobs: blobs.describe("Where the region's bytes are.").prefault({ store: 'files' }),
})

const limits = z.strictObject({
  manifestBytes: size('Largest manifest taken.').prefault('4 MiB'),
  blobBytes: size('Largest blob taken.').prefault('200 GiB'),
  uploadsPerNode: key(z.int().min(1), 'Uploads open at once on one node.', { takes: 'a number from 1' }).default(256),
  uploadIdle: time('An upload untouched for so long is dropped.').prefault('24 h'),
  reserveBytes: size(
    'Room on the disk that uploads never use, so that reads and deletes go on when it is full.',
  ).prefault('256 MiB'),
  chunkMinBytes: size('Smallest chunk that clients are told to send; 0 = any.').prefault(0),
  reclaimDelay: time('How long bytes that nothing refers to are kept.').prefault('1 h'),
  headerBytes: size('Largest request header block taken.').prefault('16 KiB'),
  idleTimeout: time('A transfer without any progress for so long is cut.').prefault('60 s'),
  cacheBytes: size('Memory of one node for manifests.').prefault('64 MiB'),
})

/** Where state is and what listens. Everything else is rows in the control database. */
export const configSchema = z.strictObject({
  home: key(z.string().min(1), 'Folder of all local state; by default .towpath in the working folder.', {
    takes: 'the path of a folder',
    path: true,
  }).optional(),
  listen: z
    .strictObject({
      address: key(z.union([z.ipv4(), z.ipv6()]), 'Address that everything listens on.', {
        takes: 'an IP address such as 127.0.0.1, or 0.0.0.0 for all',
      }).default('127.0.0.1'),
      control: port('Console and API.').default(7070),
      registry: port(
        'Global registry endpoint; region i (from 0) is at registry+1+i, its data endpoint at registry+101+i.',
      ).default(5000),
    })
    .prefault({}),
  control: z
    .strictObject({
      url: key(
        z.url({ protocol: /^https?$/ }).regex(/^https?:\/\/[^/?#@\\]+$/),
        'URL by which people and programs reach the console and the API, where a proxy or a name stands before what it listens on.',
        { takes: 'a URL without a path such as https://towpath.example' },
      ).optional(),
      database: database.describe('The control database.').prefault({ engine: 'sqlite' }),
    })
    .prefault({}),
  regions: z
    .array(region)
    .min(1)
    .max(100)
    .describe('The regions, in the order of their ports.')
    .prefault([{ name: 'home' }]),
  tls: z
    .strictObject({
      certificate: file('PEM file with the certificate and its chain.', 'when the file changes'),
      key: file('PEM file with the private key.', 'when the file changes'),
    })
    .describe('TLS for every listener on TCP.')
    .optional(),
  secrets: z
    .strictObject({
      masterKey: secretRef(
        'Reference to the master key under which secrets are sealed: 32 bytes in base64; older keys behind it, one a line. By default a file that is made under home.',
      ).optional(),
    })
    .prefault({}),
  outbound: z
    .strictObject({
      allow: z
        .array(
          key(
            z.string().regex(/^[^\0\s]{1,260}$/),
            'A host name, host:port, address or CIDR range of a private network that the platform may call where people name it, such as their sign-in provider, the receiver of a webhook or a registry to import from.',
            { takes: 'a host name such as login.corp.example, or a range such as 10.0.0.0/8' },
          ),
        )
        .max(100)
        .describe('What control and regions may call besides public addresses.')
        .prefault([]),
    })
    .prefault({}),
  limits: limits.prefault({}),
  log: z
    .strictObject({
      level: key(z.enum(['trace', 'debug', 'info', 'warn', 'error']), 'Least level that is written.', {
        takes: 'trace, debug, info, warn or error',
        reloads: 'on SIGHUP',
      }).default('info'),
      format: key(z.enum(['auto', 'json', 'text']), 'auto = text on a terminal, else JSON lines.', {
        takes: 'auto, json or text',
      }).default('auto'),
    })
    .prefault({}),
})

export type SecretRef = string
export type Database = z.output<typeof database>
export type Blobs = z.output<typeof blobs>
export type RegionConfig = Omit<z.output<typeof region>, 'nodes'> & { nodes: number }
export type Limits = z.output<typeof limits>
export type Config = Omit<z.output<typeof configSchema>, 'home' | 'regions'> & { home: string; regions: RegionConfig[] }

/** For editors: what `towpath.yaml` may hold. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' })
  return { title: 'towpath.yaml', ...schema }
}
