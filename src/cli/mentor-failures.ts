import { failure } from '../kernel/index.ts'

export const ConfigThere = failure('MENTOR_CONFIG_THERE', 409, (path: string) => ({
  says: `${path} is there already`,
  next: 'Add to its "repositories", then: towpath mentor index',
}))
