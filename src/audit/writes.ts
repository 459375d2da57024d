import type { AnyWrite } from '../kernel/index.ts'
import { keepAnchor } from './anchor-rows.ts'
import { recordAlone } from './record.ts'
import { knowKey, sealChain } from './seal.ts'

export const auditWrites: readonly AnyWrite[] = [recordAlone, sealChain, knowKey, keepAnchor]
