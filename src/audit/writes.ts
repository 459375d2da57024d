import type { AnyWrite } from '../kernel/index.ts'
import { recordAlone } from './record.ts'
import { knowKey, sealChain } from './seal.ts'

export const auditWrites: readonly AnyWrite[] = [recordAlone, sealChain, knowKey]
