import type { Html } from './html.ts'

/** The console's colours: every pair that carries text holds 4.5 to 1. */
export const STYLE: Html = {
  markup: `
:root { color-scheme: light dark; --paper: light-dark(#fbfbf8, #12191a); --raised: light-dark(#fff, #182122); --ink: light-dark(#1c2a2b, #e4eae8);
  --soft: light-dark(#566667, #9fb0af); --line: light-dark(#dddfd6, #2a3637); --water: light-dark(#1f6670, #7cc3ca); --good: light-dark(#37663a, #92c795);
  --warn: light-dark(#7d5200, #e3b765) }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 64rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", sans-serif }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem }
p, caption { color: var(--soft); margin: .25rem 0 .75rem; text-align: left }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0 }
a { color: var(--water) } :focus-visible { outline: 2px solid var(--water); outline-offset: 2px }
.scroll { overflow-x: auto; background: var(--raised); border: 1px solid var(--line); border-radius: .5rem }
table { border-collapse: collapse; width: 100% } th, td { padding: .5rem .75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line) }
thead th { border-top: 0; color: var(--soft); font-weight: 600 } tbody th { font-weight: 400 } tbody th code { white-space: nowrap } .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere } .fading { color: var(--good) } .growing { color: var(--warn) } .quiet { color: var(--soft) }
svg { display: block; width: 10rem; height: 2rem } polyline { fill: none; stroke: var(--water); stroke-width: 1.5 } circle { fill: var(--water) }
summary { cursor: pointer; color: var(--water) } ul { margin: .25rem 0; padding-left: 1.1rem }
.skip { position: absolute; left: -100rem } .skip:focus { position: static }
@media print { .scroll { overflow: visible } details > * { display: block } }
`,
}
