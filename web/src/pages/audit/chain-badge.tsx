import { useQuery } from '@tanstack/react-query'
import { CircleAlert, ShieldAlert, ShieldCheck } from 'lucide-react'
import { type ChainCheck, checkQuery } from '../../api/audit-check.ts'
import { problemOf } from '../../api/problem.ts'
import { useTenant } from '../../app/tenant.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Time } from '../../ui/time.tsx'

/** Whether what is shown is what was recorded: looked at when the page opens, and whenever one asks. */
export function ChainBadge({ region }: { region: string }) {
  const tenant = useTenant()
  const check = useQuery(checkQuery(tenant.id, region))
  const { data, isFetching } = check
  const runs = isFetching && (data === undefined || data.next !== undefined)
  return (
    <section aria-label="Verification" className="mb-4">
      <div
        className={cx(
          // As high as its words: nothing jumps when they come.
          'flex min-h-16 flex-wrap content-center items-center gap-x-3 gap-y-2 rounded-lg border px-4 py-2.5 max-sm:min-h-30',
          look(check.isError, data),
        )}
      >
        <div role="status" className="flex min-w-0 flex-1 basis-64 items-start gap-2.5">
          {runs ? <Progress check={data} /> : <Words check={data} />}
        </div>
        <Button size="small" className="max-sm:ml-7.5" busy={isFetching} onClick={() => check.refetch()}>
          {data?.next === undefined || isFetching ? 'Verify again' : 'Go on'}
        </Button>
      </div>
      {check.isError && !isFetching ? <ProblemNote problem={problemOf(check.error)} className="mt-2" /> : null}
    </section>
  )
}

function look(failed: boolean, check: ChainCheck | undefined): string {
  if (check && check.problems.length > 0) return 'border-danger/30 bg-danger-wash'
  if (failed || check === undefined || check.next !== undefined) return 'border-line bg-sunk'
  return 'border-good/25 bg-good-wash'
}

function Progress({ check }: { check: ChainCheck | undefined }) {
  const checked = check?.checked ?? 0
  const all = check?.head?.sequence
  return (
    <div className="min-w-0 flex-1">
      <p>Verifying … {all === undefined ? null : `${checked.toLocaleString()} of ${all.toLocaleString()} records`}</p>
      <progress
        aria-label="Records verified"
        max={all ?? 1}
        value={all === undefined ? undefined : checked}
        className="mt-1 h-1.5 w-full max-w-80"
      />
    </div>
  )
}

function Words({ check }: { check: ChainCheck | undefined }) {
  if (check === undefined) return <Line icon={CircleAlert} tone="text-soft" says="The chain could not be verified" />
  const { problems, head, checked, unsealed, next } = check
  if (problems.length > 0) return <Problems check={check} />
  if (next !== undefined) {
    return <Line icon={CircleAlert} tone="text-soft" says={`${checked.toLocaleString()} records verified, not all`} />
  }
  if (head === undefined) {
    return <Line icon={CircleAlert} tone="text-soft" says="Nothing is sealed yet, so there is nothing to verify" />
  }
  return (
    <Line
      icon={ShieldCheck}
      tone="text-good"
      says={`${checked.toLocaleString()} ${checked === 1 ? 'record' : 'records'} verified`}
    >
      Head signed <Time at={head.signedAt} exact />
      {unsealed === 0 ? ', all sealed' : `, ${unsealed.toLocaleString()} not sealed yet`}
      <Anchors places={check.anchors ?? []} />
    </Line>
  )
}

function Problems({ check: { problems, head, at } }: { check: ChainCheck }) {
  return (
    <Line
      icon={ShieldAlert}
      tone="text-danger"
      says={
        problems.length === 1
          ? 'The chain is not what was recorded'
          : `The chain is not what was recorded: ${problems.length} problems`
      }
    >
      <ul className="mt-1 max-h-48 list-disc overflow-y-auto pl-5 text-ink">
        {problems.map(({ kind, sequence, says }) => (
          <li key={`${kind} ${sequence} ${says}`}>{says}.</li>
        ))}
      </ul>
      <p className="mt-1 text-ink">
        The database was written past the platform, or is damaged. Leave it as it is, take a copy, and compare it with
        an export or a backup from before.
      </p>
      {head ? (
        <p className="mt-1">
          Head signed <Time at={head.signedAt} exact />, looked at <Time at={at} exact />
        </p>
      ) : null}
    </Line>
  )
}

/** What other databases know of the chain: cut back or made anew, it would not fit them. */
function Anchors({ places }: { places: NonNullable<ChainCheck['anchors']> }) {
  const kept = places.filter(({ upTo = 0 }) => upTo > 0)
  return (
    <>
      {kept.map(({ at, upTo = 0 }) => (
        <span key={at}>
          , anchored at {at} up to {upTo.toLocaleString()}
        </span>
      ))}
      {kept.length === 0 ? ', anchored nowhere yet' : null}.
      {places.map(({ at, why }) =>
        why === undefined ? null : (
          <span key={at} className="block text-warn">
            {at} could not be asked what it keeps: {why}.
          </span>
        ),
      )}
    </>
  )
}

type LineProps = { icon: typeof CircleAlert; tone: string; says: string; children?: React.ReactNode }

function Line({ icon: Icon, tone, says, children }: LineProps) {
  return (
    <>
      <Icon aria-hidden className={cx('mt-0.5 size-5 shrink-0', tone)} />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p className="font-medium">{says}</p>
        {children ? <div className="text-sm text-soft">{children}</div> : null}
      </div>
    </>
  )
}
