import type { AnyWrite } from '../store/types.ts'
import { pruneFeedOnce } from './prune.ts'
import { numberFeed } from './sequencer.ts'
import { newIncarnation, openFeed } from './state.ts'

export const feedWrites: readonly AnyWrite[] = [openFeed, newIncarnation, numberFeed, pruneFeedOnce]
