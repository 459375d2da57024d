import type { ManifestPart, ManifestTree } from '../../../../src/api/index.ts'
import { Badge } from '../../ui/badge.tsx'
import { bytes } from '../../ui/bytes.ts'
import { Digest } from '../../ui/digest.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { shortType } from './kinds.ts'

type Numbered = ManifestPart & { readonly at: number }

/** From here on nobody counts. */
const MANY = 101

export const PART_COLUMNS: readonly Column<Numbered>[] = [
  {
    head: 'Layer',
    className: 'w-24',
    cell: ({ at }) => (at === 0 ? 'Config' : at.toLocaleString()),
  },
  {
    head: 'Digest',
    cell: ({ digest, title, here }) => (
      <>
        {title === '' ? null : <span className="block [overflow-wrap:anywhere]">{title}</span>}
        <Digest of={digest} className={title === '' ? '' : 'text-soft'} />
        {here ? null : (
          <span className="ml-2">
            <Badge tone="warn">Elsewhere</Badge>
          </span>
        )}
      </>
    ),
  },
  { head: 'Type', wide: true, cell: ({ mediaType }) => <code className="text-soft">{shortType(mediaType)}</code> },
  {
    head: 'Size',
    className: 'text-right tabular-nums whitespace-nowrap',
    cell: ({ size }) => bytes(size),
  },
  { head: 'Shared', cell: part => <Shared part={part} /> },
]

/** What an image or an artifact consists of: its config and its layers, the lowest first. */
export function Parts({ tree }: { tree: ManifestTree }) {
  const rows = numbered(tree)
  return (
    <Panel title={`Layers (${(tree.layers.length + tree.moreLayers).toLocaleString()})`}>
      {rows.length === 0 ? (
        <Empty says="It has no layers: all that it says stands in its annotations." />
      ) : (
        <Table label="Layers" columns={PART_COLUMNS} rows={rows} keyOf={({ at }) => String(at)} />
      )}
      {tree.moreLayers > 0 ? (
        <p className="border-t border-line px-4 py-2 text-soft">
          {tree.moreLayers.toLocaleString()} more are not shown.
        </p>
      ) : null}
    </Panel>
  )
}

export function numbered({ config, layers }: ManifestTree): Numbered[] {
  return [...(config ? [{ ...config, at: 0 }] : []), ...layers.map((layer, i) => ({ ...layer, at: i + 1 }))]
}

/** Bytes that others have too are there once, and stay when this one goes. */
function Shared({ part: { repositories, manifests } }: { part: ManifestPart }) {
  const others = [
    manifests > 1 ? words(manifests, 'manifest') : undefined,
    repositories > 1 ? words(repositories, 'repository') : undefined,
  ].filter(text => text !== undefined)
  if (others.length === 0) return <span className="text-soft">Only here</span>
  return <span>{others.join(', ')}</span>
}

function words(count: number, noun: 'manifest' | 'repository'): string {
  const others = count - 1
  const many = noun === 'manifest' ? 'manifests' : 'repositories'
  return count >= MANY ? `100 or more ${many}` : `${others} more ${others === 1 ? noun : many}`
}
