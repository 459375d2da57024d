/** A page of ours to go back to after signing in; anything else leads to the start. */
export function safeReturn(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > 1000 || !wanted.startsWith('/')) return '/'
  const url = URL.parse(wanted, location.origin)
  // `//elsewhere` and `/\elsewhere` name other hosts.
  if (url === null || url.origin !== location.origin || url.pathname === '/sign-in') return '/'
  return url.pathname + url.search + url.hash
}
