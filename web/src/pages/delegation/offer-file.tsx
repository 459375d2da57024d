import { FileUp } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { Problem } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { Field, TextArea } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'

/** As much as control reads. */
const LARGEST = 262_144

type Props = { document: string; onDocument: (document: string) => void }

/** An offer's file: chosen, dropped here, or pasted. It is read in the browser and sent for review only. */
export function OfferFile({ document, onDocument }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const take = async (file: File | undefined) => {
    if (!file) return
    setProblem(undefined)
    if (file.size > LARGEST) {
      setProblem(tooLarge(file.name))
      return
    }
    try {
      onDocument(await file.text())
      setName(file.name)
    } catch {
      setProblem(unreadable(file.name))
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files[0])
  }
  return (
    <div className="flex flex-col gap-4 px-4 py-4 max-sm:px-3">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button does the same by keyboard */}
      <div
        className={cx(
          'flex flex-wrap items-center gap-3 rounded-md border border-dashed px-4 py-4 max-sm:px-3',
          over ? 'border-water bg-wash' : 'border-edge bg-sunk',
        )}
        onDragOver={event => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Button onClick={() => input.current?.click()}>
          <FileUp aria-hidden />
          Choose a file
        </Button>
        <p role="status" className="min-w-0 text-soft [overflow-wrap:anywhere]">
          {name === '' ? 'or drop it here: an ARM template (.json) or YAML (.yaml)' : name}
        </p>
        <input
          ref={input}
          type="file"
          accept=".json,.yaml,.yml,application/json,application/yaml"
          aria-label="The offer’s file"
          tabIndex={-1}
          className="sr-only"
          onChange={event => {
            take(event.target.files?.[0])
            // The same file again, changed meanwhile, is news too.
            event.target.value = ''
          }}
        />
      </div>
      {problem ? <ProblemNote problem={problem} /> : null}
      <Field label="Or paste what is in it">
        <TextArea
          name="document"
          required
          rows={document === '' ? 5 : 10}
          maxLength={LARGEST}
          spellCheck={false}
          className="font-mono text-sm"
          value={document}
          onChange={event => {
            setName('')
            onDocument(event.target.value)
          }}
        />
      </Field>
    </div>
  )
}

function tooLarge(name: string): Problem {
  return new Problem({
    code: 'FILE_TOO_LARGE',
    status: 0,
    says: `“${name}” is larger than 256 KiB: no offer is`,
    next: 'Choose the file that the service provider gave you.',
  })
}

function unreadable(name: string): Problem {
  return new Problem({
    code: 'FILE_UNREADABLE',
    status: 0,
    says: `The browser can not read “${name}”`,
    next: 'Check that it is still there, or open it and paste what is in it.',
  })
}
