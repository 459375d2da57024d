import type { Token } from '../api/index.ts'
import { say, show, timeText } from './output.ts'
import type { Output } from './output-options.ts'

/** As `az acr token list` has them. What the API has answered is done, so there is no other state of provisioning. */
export const tokenColumns = [
  { title: 'NAME', text: (row: Token) => row.name },
  { title: 'SCOPE MAP', text: (row: Token) => row.scopeMap },
  { title: 'PASSWORD1 EXPIRY', text: (row: Token) => expiry(row, 'password1') },
  { title: 'PASSWORD2 EXPIRY', text: (row: Token) => expiry(row, 'password2') },
  { title: 'STATUS', text: (row: Token) => row.status },
  { title: 'PROVISIONING STATE', text: () => 'Succeeded' },
  { title: 'CREATION DATE', text: (row: Token) => timeText(row.createdAt) },
]

export function tokenPath({ registry }: { registry: string }, name?: string): string {
  const list = `/api/v1/registries/${encodeURIComponent(registry)}/tokens`
  return name === undefined ? list : `${list}/${encodeURIComponent(name)}`
}

/** The token, and the passwords that were made with it where there are any. */
export async function showToken(options: Output, one: Token): Promise<void> {
  const made = one.passwords.flatMap(({ name, value, expiresAt }) =>
    value === undefined ? [] : [{ username: one.name, name, value, expiresAt }],
  )
  if (made.length === 0) return show(options, one, { rows: [one], columns: tokenColumns, empty: '' })
  await show(options, one, {
    rows: made,
    empty: '',
    columns: [
      { title: 'USERNAME', text: row => row.username },
      { title: 'NAME', text: row => row.name },
      { title: 'PASSWORD', text: row => row.value },
      { title: 'EXPIRY', text: row => timeText(row.expiresAt) },
    ],
  })
  say('Keep the passwords now: they can not be shown again. Regions hear of them within seconds.')
}

function expiry({ passwords }: Token, name: string): string {
  return timeText(passwords.find(one => one.name === name)?.expiresAt)
}
