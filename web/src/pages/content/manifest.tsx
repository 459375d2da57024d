import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { WholeManifest } from '../../../../src/api/index.ts'
import { deleteManifest, forgetManifest, manifestQuery, type Place } from '../../api/content.ts'
import { PageLoading } from '../../app/page-states.tsx'
import { useChange } from '../../app/use-change.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { bytes } from '../../ui/bytes.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { shortDigest } from '../../ui/digest.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MenuItem, PageMenu } from '../../ui/menu.tsx'
import { PageBody, Panel } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'
import { ImageSettings } from './image-settings.tsx'
import { KEPT } from './kept.ts'
import { KIND_WORDS, type Kind, kindOf, shortType } from './kinds.ts'
import { LockPanel } from './lock-panel.tsx'
import { ManifestLinks } from './manifest-links.tsx'
import { ManifestTags } from './manifest-tags.tsx'
import { Parts } from './parts.tsx'
import { Platforms } from './platforms.tsx'
import { PullCommands } from './pull-commands.tsx'
import { RegionSwitch } from './registry-frame.tsx'
import { SupplyChain } from './supply-chain.tsx'
import { Texts } from './texts.tsx'
import { inRegion, useAddress, usePlace } from './use-place.ts'

/** One manifest as the tree that it is, and what one can do with it. */
export function ManifestPage() {
  const place = usePlace()
  const { repository = '', digest = '', tag } = useAddress()
  const found = useQuery(manifestQuery(place, repository, digest))
  return (
    <>
      <BackLink to="/t/$tenant/registries/$name/repository" search={{ repository, ...inRegion(place) }}>
        {repository}
      </BackLink>
      <Loaded query={found} loading={<PageLoading />}>
        {data => <Whole place={place} repository={repository} tag={tag} manifest={data} />}
      </Loaded>
    </>
  )
}

type Props = { place: Place; repository: string; tag: string | undefined; manifest: WholeManifest }

function Whole({ place, repository, tag, manifest }: Props) {
  const { digest, tree, settings, attributes } = manifest
  // Its page may be open while its tag is moved on.
  const holds = tag !== undefined && manifest.tags.includes(tag) ? tag : undefined
  const named = holds ?? manifest.tags[0]
  const kind = kindOf(manifest)
  return (
    <PageBody
      title={named === undefined ? shortDigest(digest) : `${repository.split('/').at(-1)}:${named}`}
      says={
        tag !== undefined && holds === undefined ? `The tag “${tag}” leads elsewhere by now, or is gone.` : undefined
      }
      actions={
        <>
          <RegionSwitch place={place} />
          <Actions place={place} repository={repository} manifest={manifest} />
        </>
      }
    >
      <Panel title="Pull">
        <PullCommands place={place} repository={repository} tag={named} digest={digest} kind={kind} />
      </Panel>
      <Panel title="Manifest">
        <AboutManifest repository={repository} manifest={manifest} kind={kind} />
      </Panel>
      {tree === undefined ? (
        <Panel title="Contents">
          <p className="px-4 py-3 text-soft max-sm:px-3">
            It is locked against pulls, so nothing of what it holds is shown. Unlock it below.
          </p>
        </Panel>
      ) : (
        <>
          {tree.kind === 'index' ? (
            <Platforms place={place} repository={repository} tree={tree} />
          ) : (
            <Parts tree={tree} />
          )}
          {settings ? <ImageSettings settings={settings} /> : null}
          {settings ? <Texts title="Labels" texts={settings.labels} /> : null}
          <Texts title="Annotations" texts={tree.annotations} />
          <SupplyChain place={place} repository={repository} digest={digest} tree={tree} />
          <ManifestLinks place={place} repository={repository} tree={tree} />
        </>
      )}
      <ManifestTags place={place} repository={repository} manifest={manifest} />
      <LockPanel place={place} subject={{ repository, digest }} attributes={attributes} />
    </PageBody>
  )
}

function AboutManifest({ repository, manifest, kind }: { repository: string; manifest: WholeManifest; kind: Kind }) {
  const { digest, mediaType, tree, created, updated, imageSize, os, architecture } = manifest
  const { artifactType = '' } = tree ?? {}
  return (
    <Facts
      facts={[
        ['Repository', repository],
        [
          'Digest',
          <span key="digest" className="flex items-start gap-1">
            <code className="min-w-0 py-1">{digest}</code>
            <CopyButton quiet text={digest} label="Copy the digest" />
          </span>,
        ],
        ['Kind', KIND_WORDS[kind]],
        ...(artifactType === '' || kind === 'image'
          ? []
          : [['Artifact', <code key="type">{artifactType}</code>] as const]),
        ['Media type', <code key="media">{shortType(mediaType)}</code>],
        ...(os ? [['Platform', `${os}/${architecture ?? ''}`] as const] : []),
        ...(imageSize === undefined || kind === 'index' ? [] : [['Size', bytes(imageSize)] as const]),
        ['First pushed', <Time key="created" at={created} exact />],
        ['Last pushed', <Time key="updated" at={updated} exact />],
      ]}
    />
  )
}

function Actions({ place, repository, manifest }: { place: Place; repository: string; manifest: WholeManifest }) {
  const { digest, tags, moreTags, tree } = manifest
  const params: Record<string, string> = useParams({ strict: false })
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const [asked, setAsked] = useState(false)
  const deleting = useChange({
    run: () => deleteManifest(place, repository, digest),
    says: () => `${shortDigest(digest)} is deleted`,
    finish: () => {
      forgetManifest(queryClient, place, repository, digest)
      const search = { repository, ...inRegion(place) }
      navigate({ to: '/t/$tenant/registries/$name/repository', params, search: search as never })
    },
  })
  const named = tags.length + moreTags
  return (
    <>
      <PageMenu>
        <MenuItem danger onClick={() => setAsked(true)}>
          Delete …
        </MenuItem>
      </PageMenu>
      <Confirm
        open={asked}
        onOpenChange={setAsked}
        title={`Delete ${shortDigest(digest)}?`}
        says={
          <>
            {named === 0
              ? 'No tag leads to it. '
              : `Its tags go with it: ${tags.slice(0, 5).join(', ')}${named > 5 ? ' and others' : ''}. `}
            {tree !== undefined && tree.listedBy.length > 0 ? 'Indexes that list it lose this platform. ' : ''}
            Whoever pulls it is refused at once. {KEPT}
          </>
        }
        action="Delete"
        change={deleting}
        onConfirm={() => deleting.mutate(undefined)}
      />
    </>
  )
}
