import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button.tsx'

/** Puts `text` on the clipboard, and says whether the browser let it. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState<{ text: string; done: boolean }>()
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied({ text, done: true }),
      () => setCopied({ text, done: false }),
    )
  // Of another text it says nothing.
  const state = copied?.text === text ? copied.done : undefined
  return (
    <>
      <Button onClick={copy}>
        {state ? <Check aria-hidden /> : <Copy aria-hidden />}
        {label}
      </Button>
      <span role="status" className={state === false ? 'self-center text-sm text-danger' : 'sr-only'}>
        {state === undefined ? '' : state ? 'Copied' : 'The browser did not let it be copied'}
      </span>
    </>
  )
}
