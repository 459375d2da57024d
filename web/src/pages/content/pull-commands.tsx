import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { endpointsQuery, type Place } from '../../api/content.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Segments } from '../../ui/segments.tsx'
import type { Kind } from './kinds.ts'

type Props = { place: Place; repository: string; tag: string | undefined; digest: string; kind: Kind }

const BY = [
  { value: 'tag', label: 'By tag' },
  { value: 'digest', label: 'By digest' },
] as const

/** What to type to get it, by the tag that may move or by the digest that never does. */
export function PullCommands({ place, repository, tag, digest, kind }: Props) {
  const [by, setBy] = useState<'tag' | 'digest'>('tag')
  const [chosen, setTool] = useState('')
  const host = useHost(place)
  if (host === '') return <NoHost />
  const named = `${host ?? ''}/${repository}`
  const reference = tag === undefined || by === 'digest' ? `${named}@${digest}` : `${named}:${tag}`
  const commands = commandsFor(kind, { named, reference, tag: by === 'tag' ? tag : undefined })
  const tools = Object.keys(commands)
  const tool = tools.includes(chosen) ? chosen : (tools[0] ?? '')
  return (
    <div className="flex flex-col gap-3 px-4 py-3 max-sm:px-3">
      <div className="flex flex-wrap gap-3">
        <Segments label="Pull with" value={tool} options={tools.map(toOption)} onChange={setTool} />
        {tag === undefined ? null : <Segments label="Pull by" value={by} options={BY} onChange={setBy} />}
      </div>
      {host === undefined ? (
        <div className="skeleton h-10.5" />
      ) : (
        <CommandLine tool={tool} text={commands[tool] ?? ''} />
      )}
    </div>
  )
}

/** For a registry that holds nothing. */
export function FirstPush({ place }: { place: Place }) {
  const host = useHost(place)
  if (host === '') return <NoHost />
  return (
    <div className="w-full max-w-2xl text-left text-ink">
      {host === undefined ? (
        <div className="skeleton h-10.5" />
      ) : (
        <CommandLine tool="docker" text={`docker push ${host}/team/app:v1`} />
      )}
    </div>
  )
}

function CommandLine({ tool, text }: { tool: string; text: string }) {
  return (
    <div className="flex items-center gap-2 rounded-md border border-line bg-sunk py-1 pr-1 pl-3">
      <code className="min-w-0 flex-1 py-1">{text}</code>
      <CopyButton quiet text={text} label={`Copy the command for ${tool}`} />
    </div>
  )
}

function NoHost() {
  return (
    <p className="px-4 py-3 text-soft max-sm:px-3">
      This registry has no host name yet, so no client reaches it. Give it one in its settings.
    </p>
  )
}

/** Of the region that is looked at, where there are several; undefined while nobody knows, '' where there is none. */
function useHost({ tenant, registry, region }: Place): string | undefined {
  const { data } = useQuery(endpointsQuery(tenant, registry))
  return data && (data.regions.find(({ name }) => name === region)?.host ?? data.hosts[0] ?? '')
}

type Reference = { named: string; reference: string; tag: string | undefined }

/** By the tool that one types; the first is the usual one. */
function commandsFor(kind: Kind, { named, reference, tag }: Reference): Readonly<Record<string, string>> {
  const files = { oras: `oras pull ${reference}`, towpath: `towpath oci pull ${reference} -o ./artifact` }
  if (kind === 'artifact') return files
  if (kind === 'chart')
    return {
      helm: tag === undefined ? `helm pull oci://${reference}` : `helm pull oci://${named} --version ${tag}`,
      ...files,
    }
  return {
    docker: `docker pull ${reference}`,
    podman: `podman pull ${reference}`,
    skopeo: `skopeo copy docker://${reference} oci:./image`,
  }
}

function toOption(value: string) {
  return { value, label: value }
}
