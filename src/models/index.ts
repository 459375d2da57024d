export { type Embedder, openEmbedder } from './embedder.ts'
export { type Model, type ModelOptions, openModel } from './model.ts'
export type { EmbedderSettings, Environment, ModelSettings } from './settings.ts'
export type { Ask, Message, ModelEvent, Usage } from './stream-answer.ts'
