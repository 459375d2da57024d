import { failure } from '../kernel/index.ts'

export const ModelSettingsWrong = failure('MODEL_SETTINGS_WRONG', 400, (what: string, next: string) => ({
  says: `The model cannot be asked: ${what}`,
  next,
}))

export const ModelRefused = failure(
  'MODEL_REFUSED',
  502,
  (host: string, status: number, said: string, next: string) => ({
    says: `${host} answered ${status}${said === '' ? '' : `: ${said}`}`,
    next,
  }),
)

export const ModelSilent = failure('MODEL_SILENT', 504, (host: string, what: string, ms: number) => ({
  says: `${host} gave no ${what} in ${Math.round(ms / 1000)} s`,
  next: 'Ask again; a smaller model or a shorter question is answered sooner',
}))

export const ModelUnreachable = failure('MODEL_UNREACHABLE', 502, (says: string, next: string) => ({ says, next }))

export const ModelAnswerBroken = failure('MODEL_ANSWER_BROKEN', 502, (host: string, why: string) => ({
  says: `The answer of ${host} cannot be read: ${why}`,
  next: 'Check that "kind" and "url" of the model fit its server, and ask again',
}))

export const ModelAnswerTooLong = failure('MODEL_ANSWER_TOO_LONG', 502, (host: string, limit: number) => ({
  says: `${host} answered with more than ${limit} characters`,
  next: 'Lower "maxTokens" of the model',
}))
