import { BlockList, isIP, SocketAddress } from 'node:net'

/** What an address is, as far as it matters for letting a request out. */
export type AddressKind =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'multicast'
  | 'unspecified'
  | 'metadata'
  | 'reserved'

type Range = readonly [address: string, prefix: number, kind: AddressKind]

// First match wins. IANA special-purpose registries of IPv4 and IPv6, and what clouds keep their keys behind.
const V4: readonly Range[] = [
  ['169.254.169.254', 32, 'metadata'],
  ['168.63.129.16', 32, 'metadata'],
  ['100.100.100.200', 32, 'metadata'],
  ['0.0.0.0', 8, 'unspecified'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'private'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'reserved'],
  ['192.88.99.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'reserved'],
  ['198.51.100.0', 24, 'reserved'],
  ['203.0.113.0', 24, 'reserved'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
]
const V6: readonly Range[] = [
  ['fd00:ec2::254', 128, 'metadata'],
  ['fd20:ce::254', 128, 'metadata'],
  ['::', 128, 'unspecified'],
  ['::1', 128, 'loopback'],
  ['fc00::', 7, 'private'],
  ['fe80::', 10, 'link-local'],
  ['fec0::', 10, 'private'],
  ['ff00::', 8, 'multicast'],
  // These carry an IPv4 address inside (Teredo, 6to4): a way around everything above.
  ['2001::', 23, 'reserved'],
  ['2002::', 16, 'reserved'],
  ['2001:db8::', 32, 'reserved'],
  ['3fff::', 20, 'reserved'],
]
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/

const lists = [...V4, ...V6].map(([address, prefix, kind]) => ({ list: subnet(address, prefix), kind }))
const globalUnicast = subnet('2000::', 3)

/** The kind of an IP address in any spelling; undefined where the text is none. */
export function addressKind(text: string): AddressKind | undefined {
  const address = plainAddress(text)
  if (address === undefined) return undefined
  const family = familyOf(address)
  const found = lists.find(({ list }) => list.check(address, family))
  if (found) return found.kind
  // IPv6 is mostly unassigned: what is not global unicast is refused without a list.
  return family === 'ipv4' || globalUnicast.check(address, family) ? 'public' : 'reserved'
}

/** Brackets and zone removed, IPv4 inside IPv6 (`::ffff:7f00:1`) as the IPv4 that it is. */
export function plainAddress(text: string): string | undefined {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const version = isIP(bare)
  if (version === 0) return undefined
  if (version === 4) return bare
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' })
  return MAPPED.exec(address)?.[1] ?? address
}

export type AllowList = { host(name: string, port: number): boolean; address(address: string): boolean }

/** Entries are host names, `host:port`, addresses or CIDR ranges. */
export function allowList(entries: readonly string[]): AllowList {
  const names = new Set<string>()
  const ranges = new BlockList()
  for (const entry of entries) {
    const [base = '', prefix] = entry.split('/')
    const address = plainAddress(base)
    if (address === undefined) names.add(entry.toLowerCase())
    else if (prefix === undefined) ranges.addAddress(address, familyOf(address))
    else ranges.addSubnet(address, Number(prefix), familyOf(address))
  }
  return {
    host: (name, port) => names.has(name.toLowerCase()) || names.has(`${name.toLowerCase()}:${port}`),
    address: text => {
      const address = plainAddress(text)
      return address !== undefined && ranges.check(address, familyOf(address))
    },
  }
}

function subnet(address: string, prefix: number): BlockList {
  const list = new BlockList()
  list.addSubnet(address, prefix, familyOf(address))
  return list
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}
