import { Check, Copy } from 'lucide-react'
import { useId, useState } from 'react'
import { Button } from './button.tsx'
import { Dialog, DialogActions } from './dialog.tsx'

export type SecretLine = { label: string; value: string }

type Props = {
  /** Undefined: none is to be shown. */
  lines: readonly SecretLine[] | undefined
  title: string
  onDone: () => void
}

/** What control says only this once. It is nowhere but in this dialog, and gone with it. */
export function SecretOnce({ lines, title, onDone }: Props) {
  return (
    <Dialog
      open={lines !== undefined}
      onOpenChange={open => {
        if (!open) onDone()
      }}
      keep
      title={title}
      says="Copy it now. It is not kept in a form that could be shown again."
    >
      <div className="flex flex-col gap-4 pt-1">
        {(lines ?? []).map(line => (
          <Line key={line.label} {...line} />
        ))}
      </div>
      <DialogActions>
        <Button look="primary" onClick={onDone}>
          I have copied it
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function Line({ label, value }: SecretLine) {
  const id = useId()
  const [copied, setCopied] = useState<'yes' | 'no'>()
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setCopied('yes'),
      () => setCopied('no'),
    )
  return (
    <div>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="mt-1 flex gap-2">
        <input
          id={id}
          readOnly
          value={value}
          spellCheck={false}
          onFocus={event => event.currentTarget.select()}
          className="h-9 min-w-0 flex-1 rounded-md border border-edge bg-sunk px-3 font-mono text-sm"
        />
        <Button onClick={copy} aria-label={`Copy ${label}`} className="w-24">
          {copied === 'yes' ? <Check aria-hidden /> : <Copy aria-hidden />}
          {copied === 'yes' ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <p role="status" className="mt-1 min-h-5 text-sm text-soft">
        {copied === 'no' ? 'The browser did not let it be copied: select it and copy it yourself.' : ''}
      </p>
    </div>
  )
}
