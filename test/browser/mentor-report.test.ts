import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type TeamReport, toHtml } from '../../src/mentor/index.ts'
import { axe, openBrowser, openPage, picture, SIZES, WIDER } from './console.ts'

const weeks = [20, 18, 19, 17, 8, 6, 5, 4].map((broken, at) => ({
  week: `2026-10-${10 + at}`,
  kept: 40 - broken,
  broken,
}))
const norm = { norm: 'errors/catch-empty', language: 'typescript', answer: 'says something' }
const report: TeamReport = {
  runs: 90,
  from: '2026-10-05',
  to: '2026-11-27',
  habits: [
    { ...norm, weeks, trend: 'fading' },
    { ...norm, norm: 'naming/function:exported@tests', weeks: weeks.toReversed(), trend: 'growing' },
  ],
  disputed: [{ ...norm, places: 3, reasons: [{ reason: 'generated code', places: 3 }] }],
  cited: [
    {
      place: 'acme/payments: src/a/very/long/path/that/goes/on/and/on/to/a/file-with-a-long-name.ts',
      link: 'https://github.com/acme/payments/blob/x/a.ts',
      times: 12,
    },
    { place: 'local/golden: src/b.ts', link: undefined, times: 2 },
  ],
  undecided: [{ ...norm, share: 0.71, cases: 80 }],
  left: [{ file: 'other.sarif', why: 'has no run of towpath-mentor' }],
}

const dir = mkdtempSync(join(tmpdir(), 'towpath-report-'))
after(() => rmSync(dir, { recursive: true, force: true }))

test('the team’s page: nothing that axe finds, light and dark, wide and narrow; by keyboard; nothing is fetched', async () => {
  const file = join(dir, 'team.html')
  writeFileSync(file, toHtml(report))
  const browser = await openBrowser()
  after(() => browser.close())
  const wrong: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const context = await browser.newContext({ colorScheme, viewport })
      const page = await openPage(context, wrong)
      const asked: string[] = []
      page.on('request', request => asked.push(request.url()))
      await page.goto(pathToFileURL(file).href)
      assert.deepEqual(asked, [pathToFileURL(file).href])
      assert.deepEqual(await axe(page), [], `${size}, ${colorScheme}`)
      assert.ok(Number(await page.evaluate(WIDER)) <= 0, `${size}: wider than the screen`)
      await picture(page, `mentor-report-${size}-${colorScheme}`)
      await context.close()
    }
  }
  const page = await openPage(await browser.newContext(), wrong)
  await page.goto(pathToFileURL(file).href)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate('document.activeElement.id'), 'habits')
  const first = page.locator('summary').first()
  await first.focus()
  await page.keyboard.press('Enter')
  await page.getByText('2026-10-10: 50 % (20 of 40)').first().waitFor()
  assert.deepEqual(wrong, [])
})
