import type { Question } from '../../question.ts'
import { apis } from './apis.ts'
import { asyncHabits } from './async.ts'
import { docs } from './docs.ts'
import { errors } from './errors.ts'
import { imports } from './imports.ts'
import { layers } from './layers.ts'
import { layout } from './layout.ts'
import { logging } from './logging.ts'
import { naming } from './naming.ts'
import { tests } from './tests.ts'

export const python: readonly Question[] = [
  errors,
  naming,
  layout,
  layers,
  imports,
  tests,
  docs,
  logging,
  asyncHabits,
  apis,
].flat()
