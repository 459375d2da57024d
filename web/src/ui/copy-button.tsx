import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button.tsx'

type Props = {
  text: string
  label: string
  /** Without its words: beside what it copies. */
  quiet?: boolean
}

/** Puts `text` on the clipboard, and says whether the browser let it. */
export function CopyButton({ text, label, quiet = false }: Props) {
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
      <Button onClick={copy} {...(quiet ? { look: 'ghost', size: 'icon', 'aria-label': label } : {})}>
        {state ? <Check aria-hidden /> : <Copy aria-hidden />}
        {quiet ? null : label}
      </Button>
      <span role="status" className={state === false ? 'self-center text-sm text-danger' : 'sr-only'}>
        {state === undefined ? '' : state ? 'Copied' : 'The browser did not let it be copied'}
      </span>
    </>
  )
}
