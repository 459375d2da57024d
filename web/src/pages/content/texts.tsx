import { Panel } from '../../ui/page.tsx'

/** Names and texts that others chose: both may be long. Nothing where there are none. */
export function Texts({ title, texts }: { title: string; texts: Readonly<Record<string, string>> }) {
  const entries = Object.entries(texts)
  if (entries.length === 0) return null
  return (
    <Panel title={`${title} (${entries.length})`}>
      <dl className="divide-y divide-line">
        {entries.map(([name, text]) => (
          <div key={name} className="grid gap-x-4 px-4 py-2 max-sm:px-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
            <dt className="[overflow-wrap:anywhere] text-soft">{name}</dt>
            <dd className="[overflow-wrap:anywhere] whitespace-pre-wrap">{text}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
