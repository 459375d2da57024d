import type { Question } from '../../question.ts'
import { errors } from './errors.ts'

export const typescript: readonly Question[] = [errors].flat()
