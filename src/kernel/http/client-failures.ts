import { failure } from '../failure.ts'

// Hosts are named, never whole URLs: a signed URL is a secret.

export const UrlUnusable = failure('URL_UNUSABLE', 400, (why: string) => ({
  says: `The URL cannot be used: ${why}`,
  next: 'Give an http or https URL without user and password',
}))

export const AddressRefused = failure('ADDRESS_REFUSED', 400, (host: string, kind: string) => ({
  says: `${host} leads to a ${kind} address, which requests from here may not reach`,
  next: 'Use a public address, or have the host allowed by who runs this',
}))

export const HostUnreachable = failure('HOST_UNREACHABLE', 502, (host: string, why: string) => ({
  says: `${host} cannot be reached: ${why}`,
  next: 'Check that it runs and that the network leads there',
}))

export const HostSilent = failure('HOST_SILENT', 504, (host: string, waitedFor: string, ms: number) => ({
  says: `${host} gave no ${waitedFor} in ${Math.round(ms)} ms`,
  next: 'Try again later, or check the host',
}))

export const HostResting = failure('HOST_RESTING', 503, (host: string, ms: number) => ({
  says: `${host} failed several times and is left alone for ${Math.ceil(ms / 1000)} s`,
  next: 'Try again after that, or check the host',
  detail: { retryAfterMs: Math.ceil(ms) },
}))

export const AnswerCut = failure('ANSWER_CUT', 502, (host: string) => ({
  says: `${host} ended its answer before it was whole`,
  next: 'Try again',
}))

export const AnswerTooLarge = failure('ANSWER_TOO_LARGE', 502, (host: string, limit: number) => ({
  says: `${host} answered with more than ${limit} bytes`,
  next: 'Check that the URL is the right one',
}))

export const AnswerMalformed = failure('ANSWER_MALFORMED', 502, (host: string, why: string) => ({
  says: `The answer of ${host} is not what it should be: ${why}`,
  next: 'Check that the URL is the right one and what version the host runs',
}))

export const TooManyRedirects = failure('TOO_MANY_REDIRECTS', 502, (host: string, limit: number) => ({
  says: `${host} led on more than ${limit} times`,
  next: 'Check the URL',
}))
