import { Combobox } from '@base-ui/react/combobox'
import { Check, ChevronDown } from 'lucide-react'
import { useId } from 'react'
import { cx } from './cx.ts'
import { POPUP } from './menu.tsx'

export type Choice = { value: string; label: string; hint?: string }

type Props = {
  label: string
  /** The field's name in its form. */
  name: string
  choices: readonly Choice[]
  hint?: string
  /** What is chosen to begin with. */
  initial?: string
  placeholder?: string
  required?: boolean
}

/** One of many, found by typing a part of it. */
export function Picker({ label, name, choices, hint, initial, placeholder, required = false }: Props) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <Combobox.Root
        items={choices}
        name={name}
        required={required}
        defaultValue={choices.find(choice => choice.value === initial) ?? null}
        itemToStringLabel={choice => choice.label}
        itemToStringValue={choice => choice.value}
        isItemEqualToValue={(a, b) => a.value === b.value}
      >
        <Combobox.InputGroup className="relative">
          <Combobox.Input
            id={id}
            // The list, once open, hides all else of the page from who listens to it: the label too.
            aria-label={label}
            placeholder={placeholder}
            className="h-9 w-full rounded-md border border-edge bg-raised pr-9 pl-3 placeholder:text-soft"
          />
          <Combobox.Trigger
            aria-label={`Show all: ${label}`}
            className="absolute inset-y-0 right-0 flex w-9 items-center justify-center text-soft"
          >
            <ChevronDown aria-hidden className="size-4" />
          </Combobox.Trigger>
        </Combobox.InputGroup>
        <Combobox.Portal>
          <Combobox.Positioner sideOffset={4} className="z-30">
            <Combobox.Popup className={cx(POPUP, 'max-h-72 w-(--anchor-width)')}>
              <Combobox.Empty className="px-2.5 py-2 text-soft empty:hidden">Nothing of that name.</Combobox.Empty>
              <Combobox.List>
                {(choice: Choice) => (
                  <Combobox.Item
                    key={choice.value}
                    value={choice}
                    className="flex cursor-default items-start gap-2 rounded px-2 py-1.5 outline-none select-none data-highlighted:bg-wash"
                  >
                    <span className="flex size-5 shrink-0 items-center">
                      <Combobox.ItemIndicator>
                        <Check aria-hidden className="size-4 text-water" />
                      </Combobox.ItemIndicator>
                    </span>
                    <span className="min-w-0 [overflow-wrap:anywhere]">
                      {choice.label}
                      {choice.hint === undefined ? null : (
                        <span className="block text-sm text-soft">{choice.hint}</span>
                      )}
                    </span>
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
      {hint === undefined ? null : <p className="text-sm text-soft">{hint}</p>}
    </div>
  )
}
