import { useState } from 'react'
import type { Webhook, WebhookChange } from '../../../../src/api/index.ts'
import { changeWebhook, deleteWebhook, pingWebhook } from '../../api/webhooks.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { MenuItem, MenuLine } from '../../ui/menu.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { ChangeWebhook } from './webhook-form.tsx'

type Props = {
  registry: string
  webhook: Webhook
  /** Whose queue a ping goes into; else the first. */
  region?: string | undefined
  /** The menu of a row, or of a page. */
  Menu: (props: { name: string; children: React.ReactNode }) => React.ReactNode
  onDeleted?: () => void
}

/** Change, ping, make another key, disable, delete. */
export function WebhookMenu({ registry, webhook, region, Menu, onDeleted }: Props) {
  const { name, status } = webhook
  const [asked, setAsked] = useState<'change' | 'key' | 'disable' | 'delete'>()
  const [key, setKey] = useState<string>()
  const done = () => setAsked(undefined)
  const pinging = useChange({
    run: () => pingWebhook(registry, name, region),
    says: () => `A ping waits for “${name}”: its deliveries say how it went`,
  })
  const changing = useChange({
    run: (body: WebhookChange) => changeWebhook(registry, name, body),
    says: () => `“${name}” is changed; regions follow within seconds`,
    finish: changed => {
      done()
      setKey(changed.key)
    },
  })
  const deleting = useChange({
    run: () => deleteWebhook(registry, name),
    says: () => `The webhook “${name}” is deleted`,
    finish: () => {
      done()
      onDeleted?.()
    },
  })
  return (
    <>
      <Menu name={name}>
        <MenuItem onClick={() => setAsked('change')}>Change …</MenuItem>
        <MenuItem disabled={status === 'disabled'} onClick={() => pinging.mutate(undefined)}>
          Ping
        </MenuItem>
        <MenuItem onClick={() => setAsked('key')}>Make another key …</MenuItem>
        <MenuLine />
        <MenuItem onClick={() => (status === 'enabled' ? setAsked('disable') : changing.mutate({ status: 'enabled' }))}>
          {status === 'enabled' ? 'Disable …' : 'Enable'}
        </MenuItem>
        <MenuItem danger onClick={() => setAsked('delete')}>
          Delete …
        </MenuItem>
      </Menu>
      <ChangeWebhook registry={registry} webhook={webhook} open={asked === 'change'} onOpenChange={done} />
      <Confirm
        open={asked === 'key'}
        onOpenChange={done}
        title={`Make another key for “${name}”?`}
        says="The one of before signs no more, within seconds. Until the receiver has the new one, it refuses what is sent, and that is tried again for a day."
        action="Make another"
        change={changing}
        onConfirm={() => changing.mutate({ newKey: true })}
      />
      <Confirm
        open={asked === 'disable'}
        onOpenChange={done}
        title={`Disable the webhook “${name}”?`}
        says="It hears of nothing that happens from now on. What waits is sent once it is enabled again."
        action="Disable"
        change={changing}
        onConfirm={() => changing.mutate({ status: 'disabled' })}
      />
      <Confirm
        open={asked === 'delete'}
        onOpenChange={done}
        title={`Delete the webhook “${name}”?`}
        says="What waits is not sent any more, and its log goes with it. That can't be undone."
        action="Delete"
        change={deleting}
        onConfirm={() => deleting.mutate(undefined)}
      />
      <SecretOnce
        title={`Signing key of “${name}”`}
        lines={key === undefined ? undefined : [{ label: 'Key', value: key }]}
        onDone={() => setKey(undefined)}
      />
    </>
  )
}
