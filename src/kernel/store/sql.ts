export type SqlValue = string | number | Uint8Array | null

/** A statement and its values. Made by the `sql` tag only, so a value never becomes text. */
export type Sql = { readonly text: string; readonly values: readonly SqlValue[] }

// A template's strings are one frozen object per place in the source: the text is joined once.
const texts = new WeakMap<TemplateStringsArray, string>()

/**
 * sql`select digest from tag where registry_id = ${id} and name in (${list(names)})`
 * Placeholders are `?` here; the Postgres store numbers them. No LIKE, no lower(), no engine's own SQL.
 */
export function sql(strings: TemplateStringsArray, ...values: (SqlValue | SqlList)[]): Sql {
  // A plain loop: this runs at every request, and a callback costs more than the rest of it.
  for (let i = 0; i < values.length; i++) if (values[i] instanceof SqlList) return withLists(strings, values)
  let text = texts.get(strings)
  if (text === undefined) {
    text = strings.join('?')
    texts.set(strings, text)
  }
  return { text, values: values as SqlValue[] }
}

class SqlList {
  readonly values: readonly SqlValue[]
  constructor(values: readonly SqlValue[]) {
    this.values = values
  }
}

/** The values of an IN list. Padded to a power of two with its last value, so few statements are prepared. */
export function list(values: readonly SqlValue[]): SqlList {
  const last = values.at(-1)
  if (last === undefined) return new SqlList([null])
  const padded = [...values]
  while ((padded.length & (padded.length - 1)) !== 0) padded.push(last)
  return new SqlList(padded)
}

function withLists(strings: TemplateStringsArray, values: (SqlValue | SqlList)[]): Sql {
  let text = strings[0] ?? ''
  const flat: SqlValue[] = []
  values.forEach((value, i) => {
    const items = value instanceof SqlList ? value.values : [value]
    text += items.map(() => '?').join(', ') + (strings[i + 1] ?? '')
    flat.push(...items)
  })
  return { text, values: flat }
}
