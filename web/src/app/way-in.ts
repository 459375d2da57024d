/** `oidc:corp` → `By corp`. */
export function wayIn(signedInBy: string): string {
  if (signedInBy.startsWith('oidc:')) return `By ${signedInBy.slice(5)}`
  return signedInBy === 'password' ? 'By password' : 'By another way'
}
