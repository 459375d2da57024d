import type { Page } from 'playwright-core'

/** Runs in each page before its own scripts: notes when rows came, and how long the page took over what somebody did. */
export const OBSERVE = `
  window.bench = { rows: 0, slow: [], frames: [] }
  const look = () => {
    if (document.querySelector('[data-index="0"]')) window.bench.rows = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (one.interactionId) window.bench.slow.push(one.duration)
  }).observe({ type: 'event', durationThreshold: 16, buffered: true })
`

/** Milliseconds from the navigation's begin. */
export async function paint(page: Page): Promise<number> {
  return page.evaluate(`new Promise(done => {
    new PerformanceObserver(list => {
      const found = list.getEntries().find(one => one.name === 'first-contentful-paint')
      if (found) done(found.startTime)
    }).observe({ type: 'paint', buffered: true })
  })`)
}

/** The longest time between two frames while the wheel turns, in ms. */
export async function scroll(page: Page): Promise<number> {
  await page.evaluate(`(() => {
    window.bench.turning = true
    let before
    const frame = now => {
      if (before !== undefined) window.bench.frames.push(now - before)
      before = now
      if (window.bench.turning) requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })()`)
  await page.mouse.move(700, 500)
  for (let i = 0; i < 40; i++) {
    await page.mouse.wheel(0, 800)
    await page.waitForTimeout(30)
  }
  await page.waitForTimeout(300)
  return page.evaluate('(window.bench.turning = false, Math.max(...window.bench.frames))')
}

/** What somebody does on a list; the slowest answer of the page to any of it, in ms. */
export async function interact(page: Page, search: string): Promise<number> {
  await page.evaluate('window.scrollTo(0, 0)')
  const box = page.getByRole('searchbox')
  await box.click()
  await box.pressSequentially(search, { delay: 60 })
  await page.waitForTimeout(500)
  for (let i = 0; i < search.length; i++) await page.keyboard.press('Backspace', { delay: 30 })
  await page.waitForTimeout(500)
  const first = page.getByRole('rowgroup').getByRole('link').first()
  await first.focus()
  const keys = [...Array(10).fill('ArrowDown'), ...Array(15).fill('PageDown'), 'End', 'End', 'PageUp', 'Home']
  for (const key of keys) {
    await page.keyboard.press(key, { delay: 30 })
    await page.waitForTimeout(40)
  }
  const order = page.getByLabel('Order')
  await order.selectOption({ index: 1 })
  await page.waitForTimeout(500)
  await first.click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForTimeout(500)
  await page.goBack()
  await page.getByRole('rowgroup').waitFor()
  await page.waitForTimeout(200)
  // The least that a browser tells of: where nothing was slower, this is the most that it was.
  return page.evaluate('Math.max(16, ...window.bench.slow)')
}
