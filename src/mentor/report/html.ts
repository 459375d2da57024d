/** Text that is markup already. Everything else is escaped where it is put in. */
export type Html = { readonly markup: string }

/** `` html`<b>${text}</b>` `` */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (Html | readonly Html[] | string | number)[]
): Html {
  return { markup: parts.map((part, at) => part + (at < values.length ? markupOf(values[at] ?? '') : '')).join('') }
}

function markupOf(value: Html | readonly Html[] | string | number): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value))
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text
    .replace(/[&<>"']/g, letter => ENTITIES[letter] ?? letter)
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ')
}
