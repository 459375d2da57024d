export { type Model, type ModelOptions, openModel } from './model.ts'
export type { Environment, ModelSettings } from './settings.ts'
export type { Ask, Message, ModelEvent, Usage } from './stream-answer.ts'
