import { z } from 'zod'

/** What the command line calls itself: a public client, which proves nothing. */
export const cliClientId = z.literal('towpath-cli')
export const deviceGrant = z.literal('urn:ietf:params:oauth:grant-type:device_code')

/** A command line that waits for a person. */
export const deviceShape = z.object({
  /** With its "-". */
  userCode: z.string(),
  /** Where it asked from. */
  address: z.string(),
  createdAt: z.int(),
  expiresAt: z.int(),
})
export type Device = z.output<typeof deviceShape>

export const deviceAnswer = z.strictObject({ allow: z.boolean() })
export type DeviceAnswer = z.input<typeof deviceAnswer>

/** RFC 8628 §3.2. */
export const deviceStarted = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string(),
  expires_in: z.int(),
  interval: z.int(),
})

/** RFC 6749 §5.1. */
export const apiTokenShape = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
  /** Of a command line: buys the next access token, once. */
  refresh_token: z.string().optional(),
  /** The session that it stands on. */
  session_id: z.string().optional(),
})
export type ApiToken = z.output<typeof apiTokenShape>

/** RFC 6749 §5.2. */
export const oauthErrorShape = z.object({ error: z.string(), error_description: z.string().optional() })
