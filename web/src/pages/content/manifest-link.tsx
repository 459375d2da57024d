import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Place } from '../../api/content.ts'
import { cx } from '../../ui/cx.ts'
import { inRegion } from './use-place.ts'

type Props = { place: Place; repository: string; digest: string; className?: string; children: ReactNode }

/** To the page of a manifest, from another manifest's. */
export function ManifestLink({ place, repository, digest, className, children }: Props) {
  const params: Record<string, string> = useParams({ strict: false })
  return (
    <Link
      to="/t/$tenant/registries/$name/manifest"
      params={params}
      search={{ repository, digest, ...inRegion(place) }}
      className={cx('hover:text-water hover:underline', className)}
    >
      {children}
    </Link>
  )
}
