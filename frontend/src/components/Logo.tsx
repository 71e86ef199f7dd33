/** The mark: an order sheet, ticked. */
export function Logo({ size = 36 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 512 512" aria-hidden focusable="false">
      <rect width="512" height="512" rx="112" fill="#0f5a55" />
      <g fill="none" strokeLinecap="round" strokeLinejoin="round">
        <path d="M154 118h150l62 62v106M154 118v276h92" stroke="#fff" strokeWidth="34" />
        <path d="M212 208h70M212 270h52" stroke="#fff" strokeWidth="30" opacity=".72" />
        <path d="M272 356l52 52 96-112" stroke="#ffb547" strokeWidth="44" />
      </g>
    </svg>
  )
}
