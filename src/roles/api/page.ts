import type { Status } from '../../api/index.ts'

type Facts = { version: string; endpoints: Status['endpoints']; regions: readonly string[] }

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2a2b; --soft: #5b6b6c; --line: #d9e0df; --paper: #fbfbf8; --water: #2a6f77 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4eae8; --soft: #9aa9a8; --line: #2f3b3c; --paper: #141b1c; --water: #7cc3ca }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif }
main { max-width: 42rem; margin: 0 auto; padding: 12vh 1.5rem 4rem }
svg { display: block; width: 3.5rem; color: var(--water); margin-bottom: 1.25rem }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.01em; margin: 0 0 .5rem }
p { margin: 0 0 2rem; color: var(--soft) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 2rem; margin: 0 0 2rem; padding: 1.25rem 0;
  border: solid var(--line); border-width: 1px 0 }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
code { font: .9em ui-monospace, monospace }
a { color: var(--water); text-underline-offset: .2em }
a:focus-visible { outline: 2px solid var(--water); outline-offset: 3px; border-radius: 2px }
nav { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .6rem } }
`

/** What a browser shows until there is a console. Works without scripts, at any width, light and dark. */
export function statusPage({ version, endpoints, regions }: Facts): string {
  const rows = [
    ['Registry', endpoints.registry],
    ...regions.map(name => [`Region ${name}`, endpoints.regions[name] ?? '']),
    ['API', endpoints.control],
    ['Version', version],
  ]
  const list = rows.map(([term, text]) => `<dt>${html(term)}</dt><dd><code>${html(text)}</code></dd>`).join('\n')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Towpath</title>
<style>${STYLE}</style>
<main>
<svg viewBox="0 0 56 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">
<path d="M2 6h52M2 14c4.5 0 4.5 4 9 4s4.500-4 9-4 4.500 4 9 4 4.500-4 9-4 4.500 4 9 4 4-3 7-3.800"/>
</svg>
<h1>Towpath is running</h1>
<p>This registry takes pushes and serves pulls. The console will stand here in a later version; until then, the API and the <code>towpath</code> command do everything.</p>
<dl>
${list}
</dl>
<nav aria-label="More">
<a href="/openapi.json">API description</a>
<a href="/metrics">Metrics</a>
<a href="/readyz">Readiness</a>
<a href="/api/v1/status">Status (sign in)</a>
</nav>
</main>
</html>
`
}

function html(text: string | undefined): string {
  return (text ?? '').replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`)
}
