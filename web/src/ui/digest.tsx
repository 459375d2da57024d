import { cx } from './cx.ts'

/** What one tells digests apart by; all of it in the tip. */
export function Digest({ of, className }: { of: string; className?: string }) {
  return (
    <code title={of} className={cx('whitespace-nowrap', className)}>
      {shortDigest(of)}
    </code>
  )
}

/** `sha256:0123456789ab`, as docker shortens them. */
export function shortDigest(digest: string): string {
  const mark = digest.indexOf(':') + 1
  return digest.slice(0, mark + 12)
}
