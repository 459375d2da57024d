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
export type { Cleared, Piece, Privacy, Redaction, Withheld } from './privacy/types.ts'
