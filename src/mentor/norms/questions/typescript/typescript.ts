import type { Question } from '../../question.ts'
import { asyncHabits } from './async.ts'
import { bindings } from './bindings.ts'
import { wellKnownCalls } from './calls.ts'
import { docs } from './docs.ts'
import { errors } from './errors.ts'
import { files } from './files.ts'
import { imports } from './imports.ts'
import { layers } from './layers.ts'
import { layout } from './layout.ts'
import { logging } from './logging.ts'
import { naming } from './naming.ts'
import { operators } from './operators.ts'
import { tests } from './tests.ts'
import { types } from './types.ts'

export const typescript: readonly Question[] = [
  errors,
  naming,
  files,
  layout,
  imports,
  layers,
  tests,
  docs,
  logging,
  asyncHabits,
  operators,
  bindings,
  wellKnownCalls,
  types,
].flat()
