import { type Html, html } from './html.ts'
import { STYLE } from './style.ts'
import type { Cited, Dispute, Habit, TeamReport, Trend, Undecided, Week } from './team-report.ts'
import { rateOf, sum } from './weeks.ts'

const TRENDS: Readonly<Record<Trend, string>> = {
  fading: 'fading',
  growing: 'growing',
  steady: 'steady',
  few: 'too few cases yet',
}

/** One file: no script, nothing fetched, works without a mouse, light or dark as the reader has it. */
export function toHtml(report: TeamReport): string {
  const { runs, from, to, habits, disputed, cited, undecided, left } = report
  const span = from === undefined ? 'No run yet.' : html`${runs} runs of CI from ${from} to ${to ?? from}.`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>What the team is learning</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#habits">Skip to the habits</a>
<header>
<h1>What the team is learning</h1>
<p>${span} Of the team as a whole: no author is read, and none is named.</p>
<nav aria-label="On this page"><ul>
<li><a href="#habits">Habits</a></li><li><a href="#disputed">Disputed norms</a></li>
<li><a href="#cited">Golden files</a></li><li><a href="#undecided">Undecided</a></li>
</ul></nav>
</header>
<main>
${section('habits', 'Habits', 'How often new lines did otherwise than a norm says. Fading: a third less often in the last four weeks than before.', { titles: ['Norm', 'Golden repositories have', 'Otherwise', 'By week', 'Trend'], rows: habits.map(habitRow) })}
${section('disputed', 'Disputed norms', 'Muted with a reason. Either the place is special, or the norm is not one.', { titles: ['Norm', 'Places', 'Reasons'], rows: disputed.map(disputeRow) })}
${section('cited', 'Golden files', 'Which were shown most often beside a hint: what most is learned from.', { titles: ['File', 'Places'], rows: cited.map(citedRow) })}
${section('undecided', 'Undecided', 'The golden repositories do not agree, so nothing is said of it. A decision in them makes a norm, or ends the question.', { titles: ['Norm', 'Most often', 'Share', 'Cases'], rows: undecided.map(undecidedRow) })}
${left.length === 0 ? '' : html`<section><h2>Left out</h2><ul>${left.map(({ file, why }) => html`<li><code>${file}</code> ${why}</li>`)}</ul></section>`}
</main>
</body>
</html>
`.markup
}

/** What stands over figures stands at their end, as they do. */
const FIGURES: ReadonlySet<string> = new Set(['Otherwise', 'Places', 'Share', 'Cases'])

type Table = { titles: readonly string[]; rows: readonly Html[] }

function section(id: string, title: string, about: string, { titles, rows }: Table): Html {
  const heads = titles.map(one => html`<th scope="col"${FIGURES.has(one) ? html` class="number"` : ''}>${one}</th>`)
  // What scrolls sideways has to be reached by keyboard.
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="${title}, as a table"><table><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`
  return html`<section aria-labelledby="${id}"><h2 id="${id}" tabindex="-1">${title}</h2><p>${about}</p>${rows.length === 0 ? html`<p>Nothing.</p>` : table}</section>`
}

function norm({ norm: id, language }: { norm: string; language: string }): Html {
  return html`<th scope="row"><code>${id}</code> <span class="quiet">${language}</span></th>`
}

function habitRow(habit: Habit): Html {
  const { broken, kept } = sum(habit.weeks)
  const share = `${percent(rateOf({ broken, kept }))} (${broken} of ${broken + kept})`
  const weeks = habit.weeks.map(
    week => html`<li>${week.week}: ${percent(rateOf(week))} (${week.broken} of ${week.broken + week.kept})</li>`,
  )
  return html`<tr>${norm(habit)}<td>${habit.answer}</td><td class="number">${share}</td><td>${line(habit.weeks)}<details><summary>${habit.weeks.length} weeks</summary><ul>${weeks}</ul></details></td><td class="${habit.trend}">${TRENDS[habit.trend]}</td></tr>`
}

/** From 0 at the bottom to the highest week at the top. */
function line(weeks: readonly Week[]): Html {
  const rates = weeks.map(rateOf)
  const highest = Math.max(...rates, 0.01)
  const points = rates.map((rate, at) => {
    const x = rates.length === 1 ? 80 : 2 + (at * 156) / (rates.length - 1)
    return [x.toFixed(1), (30 - (rate / highest) * 28).toFixed(1)] as const
  })
  const label = `From ${percent(rates[0] ?? 0)} to ${percent(rates.at(-1) ?? 0)}`
  const [x = '0', y = '0'] = points.at(-1) ?? []
  return html`<svg viewBox="0 0 160 32" role="img" aria-label="${label}"><polyline points="${points.map(point => point.join(',')).join(' ')}"/><circle cx="${x}" cy="${y}" r="2.5"/></svg>`
}

function disputeRow(dispute: Dispute): Html {
  const reasons = dispute.reasons.map(
    ({ reason, places }) => html`<li>${reason} <span class="quiet">(${places})</span></li>`,
  )
  return html`<tr>${norm(dispute)}<td class="number">${dispute.places}</td><td><ul>${reasons}</ul></td></tr>`
}

function citedRow({ place, link, times }: Cited): Html {
  const shown = html`<code>${place}</code>`
  // Checked to be https where it was read.
  const named = link === undefined ? shown : html`<a href="${link}" rel="noreferrer">${shown}</a>`
  return html`<tr><td>${named}</td><td class="number">${times}</td></tr>`
}

function undecidedRow(one: Undecided): Html {
  return html`<tr>${norm(one)}<td>${one.answer}</td><td class="number">${percent(one.share)}</td><td class="number">${one.cases}</td></tr>`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
