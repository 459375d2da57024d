import { failure } from '../../kernel/index.ts'

export const ScopeMapUnknown = failure('SCOPE_MAP_UNKNOWN', 404, (name: string) => ({
  says: `There is no scope map "${name}" in this registry`,
  next: 'List them: towpath scope-map list --registry <registry>',
}))

export const ScopeMapTaken = failure('SCOPE_MAP_NAME_TAKEN', 409, (name: string) => ({
  says: `There is a scope map "${name}" already`,
  next: 'Choose another name, or update that one',
}))

export const ScopeMapIsSystem = failure('SCOPE_MAP_SYSTEM_DEFINED', 409, (name: string) => ({
  says: `The scope map "${name}" is defined by the system and stays as it is`,
  next: 'Make one of your own: towpath scope-map create',
}))

export const ScopeMapInUse = failure('SCOPE_MAP_IN_USE', 409, (name: string, token: string) => ({
  says: `The scope map "${name}" is used by token "${token}"`,
  next: 'Give that token another scope map, or delete it, first',
}))

export const ScopeMapTooLong = failure('SCOPE_MAP_TOO_LONG', 400, (limit: number) => ({
  says: `A scope map may have ${limit} actions at most`,
  next: 'Join repositories by a trailing "/*"',
}))

export const TokenUnknown = failure('TOKEN_UNKNOWN', 404, (name: string) => ({
  says: `There is no token "${name}" in this registry`,
  next: 'List them: towpath token list --registry <registry>',
}))

export const TokenTaken = failure('TOKEN_NAME_TAKEN', 409, (name: string) => ({
  says: `There is a token "${name}" already`,
  next: 'Choose another name, or update that one',
}))
