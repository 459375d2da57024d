export {
  type Chat,
  type ChatAnswer,
  type ChatOptions,
  type ChatQuestion,
  createChat,
  type Source,
} from './chat/chat.ts'
export { openModelFor } from './chat/open-model-for.ts'
export type { Checked, Finding, Region, Skipped, Tally } from './check/finding.ts'
export { type CheckRun, type RunCheck, runCheck } from './check/run-check.ts'
export { toGithub } from './check/to-github.ts'
export { type SarifOptions, toSarif } from './check/to-sarif.ts'
export type { Citation } from './citations/citation.ts'
export { formatCitation } from './citations/format-citation.ts'
export type { GoldenReader } from './citations/golden-reader.ts'
export type { Verdict } from './citations/verify-citation.ts'
export { type Asked, allowConfigs, askedByConfigs } from './config/allow.ts'
export { firstConfig } from './config/edit.ts'
export { MentorConfigWrong, NoGolden, problemLine } from './config/failures.ts'
export { checkConfig, type LoadOptions, loadMentorConfig } from './config/load.ts'
export { type Places, placesOf } from './config/places.ts'
export { mentorConfigSchema } from './config/schema.ts'
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
export type { DocumentKind } from './documents/make-document.ts'
export { type ProjectDocument, projectDocument } from './documents/project-document.ts'
export { type Citer, createCiter } from './hints/citer.ts'
export { hintsOf } from './hints/hints-of.ts'
export { worthSaying } from './hints/worth-saying.ts'
export { type Index, openIndex, type Refreshing } from './index/open-index.ts'
export { requireIndexed } from './index/require-indexed.ts'
export type { Progress, Refreshed, RepositoryStatus, Status, Trouble } from './index/types.ts'
export { answers } from './norms/answers.ts'
export { findBreaches } from './norms/find-breaches.ts'
export { mineNorms } from './norms/mine-norms.ts'
export type { Norm, NormId, NormLanguage, Observation, Thresholds } from './norms/norm.ts'
export { observe } from './norms/observe.ts'
export type { Breach, Question, RepositoryFacts, Site, Words } from './norms/question.ts'
export { questionsOf } from './norms/questions.ts'
export { decodeSource } from './parse/decode.ts'
export { openGrammars } from './parse/grammars.ts'
export { type Language, languageOf } from './parse/language.ts'
export type { Edit, Import, Parsed, Parser, SyntaxNode, Unit } from './parse/parsed.ts'
export { createParser } from './parse/parser.ts'
export type { Place } from './place.ts'
export { createPrivacy, type PrivacyOptions } from './privacy/create-privacy.ts'
export { type Outgoing, showOutgoing } from './privacy/show-outgoing.ts'
export type { Cleared, Piece, Privacy, Redaction, Withheld } from './privacy/types.ts'
export { makeReport } from './report/make-report.ts'
export { readLogs } from './report/read-logs.ts'
export type { TeamReport } from './report/team-report.ts'
export { toHtml } from './report/to-html.ts'
export type { Alternative, GoldenLines, Remark, Review } from './review/review.ts'
export { type ChangesReview, type ReviewChanges, reviewChanges } from './review/review-changes.ts'
export type { ReviewWords } from './review/review-words.ts'
export { type Importer, importers } from './search/importers.ts'
export type { Passage } from './search/passage.ts'
export { openProjectSearch } from './search/project-search.ts'
export { search } from './search/search.ts'
export { searchTables } from './search/tables.ts'
export { unitTexts } from './search/unit-texts.ts'
export type { Library } from './server/library.ts'
export { openLibrary } from './server/open-library.ts'
export { type ServerOptions, startServer } from './server/start.ts'
