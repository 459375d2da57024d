export type Repository = { readonly host: string; readonly repository: string }
export type WithSignal = { readonly signal?: AbortSignal | undefined }

type Scoped = { readonly host: string; readonly scopes: readonly string[] }

export function pull({ host, repository }: Repository): Scoped {
  return { host, scopes: [`repository:${repository}:pull`] }
}

export function push({ host, repository }: Repository, mountFrom?: string): Scoped {
  const source = mountFrom === undefined ? [] : [`repository:${mountFrom}:pull`]
  return { host, scopes: [`repository:${repository}:pull,push`, ...source] }
}

export function remove({ host, repository }: Repository): Scoped {
  return { host, scopes: [`repository:${repository}:pull,delete`] }
}
