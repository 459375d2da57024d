import { ArrowDown, ArrowUp } from 'lucide-react'
import type { AuditRecord } from '../../../../src/api/index.ts'
import type { AuditFilter } from '../../api/audit.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { SidePanel } from '../../ui/side-panel.tsx'
import { Time } from '../../ui/time.tsx'
import { ActorText } from './actor-text.tsx'
import type { Names } from './names.ts'
import { ResultBadge } from './result-badge.tsx'

type Props = {
  record: AuditRecord | undefined
  open: boolean
  onOpenChange: (open: boolean) => void
  names: Names
  newer: AuditRecord | undefined
  older: AuditRecord | undefined
  onGo: (record: AuditRecord) => void
  onFilter: (filter: AuditFilter) => void
}

/** All that one record says. */
export function RecordPanel({ record, open, onOpenChange, names, newer, older, onGo, onFilter }: Props) {
  const step = (to: AuditRecord | undefined, label: string, Icon: typeof ArrowUp) => (
    <Button
      look="ghost"
      size="icon"
      aria-label={label}
      disabled={!to}
      focusableWhenDisabled
      onClick={() => to && onGo(to)}
    >
      <Icon aria-hidden />
    </Button>
  )
  return (
    <SidePanel
      open={open && record !== undefined}
      onOpenChange={onOpenChange}
      title={record?.action ?? ''}
      actions={
        <>
          {step(newer, 'The newer record', ArrowUp)}
          {step(older, 'The older record', ArrowDown)}
        </>
      }
    >
      {record ? <Body record={record} names={names} onFilter={onFilter} /> : null}
    </SidePanel>
  )
}

function Body({ record, names, onFilter }: Pick<Props, 'names' | 'onFilter'> & { record: AuditRecord }) {
  const { actor, onBehalfOf, action, resource, detail, tenantId, managingTenantId } = record
  return (
    <>
      <Facts
        facts={[
          ['Result', <ResultBadge key="result" result={record.result} />],
          ['When', <Time key="time" at={record.time} exact />],
          ['Who', <ActorText key="who" actor={actor} names={names} />],
          ...onBehalfOf.map(
            (one, at) =>
              [at === 0 ? 'For' : 'Who acts for', <ActorText key={one.id} actor={one} names={names} />] as const,
          ),
          ['Resource', <code key="resource">{resource}</code>],
          ['Tenant', <TenantText key="tenant" id={tenantId} names={names} />],
          ...(managingTenantId === ''
            ? []
            : [['Managing tenant', <TenantText key="managing" id={managingTenantId} names={names} />] as const]),
          ['Allowed by', record.policyId === '' ? 'No policy is named' : <code key="policy">{record.policyId}</code>],
          [
            'Request',
            record.requestId === '' ? 'None: the platform itself' : <code key="req">{record.requestId}</code>,
          ],
        ]}
      />
      {Object.keys(detail).length === 0 ? null : (
        <Section title="What more is known">
          <Facts
            facts={Object.entries(detail).map(([name, value]) => [name, <code key={name}>{String(value)}</code>])}
          />
        </Section>
      )}
      <Section title="Its place in the chain">
        <Facts
          facts={[
            ['Record', <code key="id">{record.id}</code>],
            ['Recorded at', record.region],
            ['Sequence', record.sequence === 0 ? 'Not sealed yet' : record.sequence.toLocaleString()],
            ...(record.hash === '' ? [] : [['Hash', <code key="hash">{record.hash}</code>] as const]),
          ]}
        />
      </Section>
      <div className="flex flex-wrap gap-2 border-t border-line p-4">
        <CopyButton text={JSON.stringify(record, undefined, 2)} label="Copy as JSON" />
        <Button onClick={() => onFilter({ actor: actor.id })}>All by this actor</Button>
        <Button onClick={() => onFilter({ resource })}>All on this resource</Button>
        <Button onClick={() => onFilter({ action })}>All of this action</Button>
      </div>
    </>
  )
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="border-t border-line pt-3">
      <h3 className="px-4 font-medium">{title}</h3>
      {children}
    </section>
  )
}

function TenantText({ id, names }: { id: string; names: Names }) {
  const name = names.tenant(id)
  return (
    <>
      {name === id ? null : `${name} `}
      <code className="text-soft">{id}</code>
    </>
  )
}
