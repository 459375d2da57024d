import type { Ms } from '../clock.ts'

export type NewJob = {
  readonly kind: string
  /** What it is about. One job of a kind and key exists at a time: a second one joins the first. */
  readonly key: string
  /** Plain JSON, small. */
  readonly input: unknown
  /** UTC ms; at once where it is missing. */
  readonly notBefore?: Ms
}

/** One attempt at a job. */
export type JobAttempt = {
  readonly id: string
  readonly kind: string
  readonly key: string
  readonly input: unknown
  /** 1 for the first. Attempts whose process died count. */
  readonly attempt: number
  /** Grows with each attempt: for work that must not be done by two. */
  readonly fence: number
  /** Aborted when the process stops or another process has taken the job over. */
  readonly signal: AbortSignal
}

/** Done when it resolves; tried again when it rejects. May run twice, also at once after its process hung. */
export type JobRun = (job: JobAttempt) => Promise<void>

export type JobPolicy = {
  /** Attempts before it is dead. Default 20: with the pauses, about 4 hours. */
  readonly attempts?: number
  /** After the first failure; twice as long after each further one. Default 1 s. */
  readonly backoffMs?: Ms
  /** Default 15 min. */
  readonly maxBackoffMs?: Ms
}

/** `dead`: failed as often as it may, or for good; waits for a person. */
export type JobState = 'pending' | 'running' | 'dead'

export type JobRow = {
  readonly id: string
  readonly kind: string
  readonly key: string
  readonly state: JobState
  readonly attempts: number
  /** When it is due (pending), or taken from its process (running). UTC ms. */
  readonly dueAt: Ms
  readonly createdAt: Ms
  readonly updatedAt: Ms
  /** The newest failure, empty where there was none. */
  readonly lastError: string
}
