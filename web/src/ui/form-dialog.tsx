import type { UseMutationResult } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { problemOf } from '../api/problem.ts'
import { Button } from './button.tsx'
import { Dialog, DialogActions } from './dialog.tsx'
import { ProblemNote } from './problem-note.tsx'

type Props<I, O> = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  says?: ReactNode
  /** The verb: `Create`. */
  action: string
  change: UseMutationResult<O, Error, I>
  /** Makes what is asked for out of the fields; undefined where they are not complete, and something says so. */
  read: (fields: FormData) => I | undefined
  wide?: boolean
  children: ReactNode
}

/** Fields and one button. What control refuses stands above the button, and what was typed stays. */
export function FormDialog<I, O>(props: Props<I, O>) {
  const { open, onOpenChange, title, says, action, change, read, wide = false, children } = props
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const input = read(new FormData(event.currentTarget))
    if (input !== undefined) change.mutate(input)
  }
  const toggle = (next: boolean) => {
    change.reset()
    onOpenChange(next)
  }
  return (
    <Dialog open={open} onOpenChange={toggle} title={title} says={says} wide={wide}>
      <form onSubmit={submit} className="flex flex-col gap-4 pt-1">
        {children}
        {change.isError ? <ProblemNote problem={problemOf(change.error)} /> : null}
        <DialogActions>
          <Button onClick={() => toggle(false)}>Cancel</Button>
          <Button type="submit" look="primary" busy={change.isPending}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

/** One text field of a form, without the spaces around it. */
export function textOf(fields: FormData, name: string): string {
  const value = fields.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** Its lines, without those that are empty. */
export function linesOf(fields: FormData, name: string): string[] {
  return textOf(fields, name)
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
}
