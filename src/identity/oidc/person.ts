import { z } from 'zod'
import { GroupsUnreadable, OidcAnswerWrong } from './failures.ts'
import type { SignInProvider } from './provider.ts'

/** What a provider says of somebody, as far as it counts here. */
export type Person = {
  /** Unique and never given to another at its provider. */
  readonly subject: string
  /** Only where the provider says that it was verified. */
  readonly mail: string | undefined
  readonly username: string | undefined
  /** As the provider names them; empty where none is looked at. */
  readonly groups: readonly string[]
}

const MOST_GROUPS = 1000
const text = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u)
  .refine(name => name === name.trim())
const subject = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u)
const groups = z.array(z.string().min(1).max(300)).max(MOST_GROUPS)

/** Claims of the id token, with those of the userinfo endpoint behind them. */
export function personOf(provider: SignInProvider, claims: Readonly<Record<string, unknown>>): Person {
  const sub = subject.safeParse(claims.sub)
  if (!sub.success) throw OidcAnswerWrong(provider.title, 'its subject is no text of 1 to 255 characters')
  return {
    subject: sub.data,
    // Nothing but true: "true" and a missing claim are of providers that verify nothing, or of somebody's own making.
    mail: claims.email_verified === true ? text.safeParse(claims.email).data : undefined,
    username: text.safeParse(claims.preferred_username).data,
    groups: provider.groupsClaim === '' ? [] : groupsOf(provider, claims),
  }
}

function groupsOf({ title, groupsClaim }: SignInProvider, claims: Readonly<Record<string, unknown>>): string[] {
  const value = claims[groupsClaim]
  if (value === undefined) {
    // Entra's way to say that they are too many for a token. To go on would take away what people are in.
    const elsewhere = claims._claim_names
    const named = typeof elsewhere === 'object' && elsewhere !== null && groupsClaim in elsewhere
    if (named || claims.hasgroups === true || claims.hasgroups === 'true')
      throw GroupsUnreadable(title, 'they are too many, and only say where to ask for them')
    return []
  }
  const found = groups.safeParse(value)
  if (found.success) return found.data
  if (Array.isArray(value) && value.length > MOST_GROUPS)
    throw GroupsUnreadable(title, `there are more than ${MOST_GROUPS}`)
  throw GroupsUnreadable(title, `the claim "${groupsClaim}" is no list of texts`)
}
