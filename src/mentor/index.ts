export type { Citation } from './citations/citation.ts'
export type { GoldenReader } from './citations/golden-reader.ts'
export type { Verdict } from './citations/verify-citation.ts'
export type {
  ConfigProblem,
  DocumentSettings,
  EmbeddingSettings,
  GoldenSource,
  Handler,
  HandlerEvent,
  HintMode,
  HintSettings,
  LoadedConfig,
  MentorConfig,
  ModelSettings,
  Mute,
  NormSettings,
} from './config/types.ts'
export type { Place } from './place.ts'
export type { Cleared, Piece, Privacy, Redaction, Withheld } from './privacy/types.ts'
