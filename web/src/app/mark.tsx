/** A path beside water. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 56 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeLinecap="round"
      aria-hidden="true"
      className={className}
    >
      <path d="M2 6h52M2 15c4.5 0 4.5 4 9 4s4.5-4 9-4 4.5 4 9 4 4.5-4 9-4 4.5 4 9 4 4-3 7-3.8" />
    </svg>
  )
}
