/**
 * Measure one call whose answer comes from memory: the client's own time, and the heap it keeps.
 *
 *   node benchmarks/client_call.mjs [--rounds 12]
 *
 * Time is that of the page's main thread, which other processes of the machine do not lengthen.
 */
import { drawLines, openPages, ratios, report, spread, takeTurns, threadTimer } from './client/frame.mjs'

/** @typedef {import('playwright').Page} Page */

const names = ['bare', 'hyper', 'hyperdjango', 'ajax', 'datastar', 'htmx']
const calls = 500
const keptCalls = 5000

/** What peers took, in µs, where our bound was set. */
const elsewhere = { hyperdjango: 74, 'alpine-ajax': 117, datastar: 150, 'htmx 4': 273 }
const moreElements = "'<p><i>x</i></p>'.repeat(2500)"

/** What a page is filled with, by the number of elements. */
const FILLINGS = {
  elements: { title: 'more elements', of: (/** @type {number} */ n) => `'<p><i>x</i></p>'.repeat(${n / 2})` },
  components: {
    title: 'more components',
    of: (/** @type {number} */ n) => `'<p x-data="{a: 1}"></p>'.repeat(${n})`,
  },
  directives: {
    title: 'x-pending and x-error elements in another component',
    of: (/** @type {number} */ n) =>
      `'<form x-data>' + '<i x-pending:show></i><i x-error="a"></i>'.repeat(${n / 2}) + '</form>'`,
  },
}

await report('client-call', 12, async (browser, rounds) => {
  const pages = await openPages(browser, names)
  const fullPages = await openPages(browser, names)
  for (const page of fullPages.values()) {
    await page.evaluate(`fillPage(${moreElements})`)
  }
  const all = [...pages.values(), ...fullPages.values()]
  for (const page of all) {
    await page.evaluate('measureCalls(1500)') // till its code is compiled
  }
  const timers = new Map()
  for (const page of all) {
    timers.set(page, await threadTimer(page, `measureCalls(${calls})`, calls))
  }
  const taken = await takeTurns('one call', rounds, all, (page) => timers.get(page)())
  const table = tableOf(pages, fullPages, taken)
  const heap = await measureHeap(pages)
  const series = await measureScale(await openPages(browser, ['hyper', 'hyperdjango', 'datastar', 'htmx']))
  return { tables: [{ ...table, rounds }, heap], series }
})

/**
 * @param {Map<any, Page>} pages
 * @param {Map<any, Page>} fullPages
 * @param {Map<Page, number[]>} taken
 */
function tableOf(pages, fullPages, taken) {
  const figures = (/** @type {Page | undefined} */ page) => taken.get(/** @type {Page} */ (page)) ?? []
  const bare = figures([...pages.values()][0])
  const rows = [...pages].map(([{ who, is }, page]) => {
    const ordinary = figures(page)
    const full = figures([...fullPages].find(([each]) => each.who === who)?.[1])
    return {
      who,
      is,
      values: {
        us: spread(ordinary),
        ratio: ratios(ordinary, bare),
        full: spread(full),
        growth: ratios(full, ordinary),
      },
      bounds:
        is === 'ours'
          ? [
              { metric: 'us', at_most: 30 },
              { metric: 'growth', at_most: 1.2 },
            ]
          : [],
    }
  })
  return {
    id: 'client-call',
    title: 'One call',
    work: `The client's own time for a call that is answered from memory and shows one number, ${calls} calls one after the other, on a page of nothing else and on one with 5,000 more elements; called by JavaScript, but datastar by a click: an expression in the markup takes Alpine some 40 µs more.`,
    columns: [
      { metric: 'us', title: 'µs a call', digits: 1 },
      { metric: 'ratio', title: '÷ bare', digits: 1 },
      { metric: 'full', title: 'µs with 5,000 more elements', digits: 1 },
      { metric: 'growth', title: '÷ ordinary page', digits: 2 },
    ],
    elsewhere: { us: elsewhere },
    rows,
  }
}

/**
 * What calls leave behind once the garbage is collected, beyond what a bare fetch does.
 *
 * @param {Map<any, Page>} pages
 */
async function measureHeap(pages) {
  const rows = []
  let floor = 0
  for (const [{ who, is }, page] of pages) {
    process.stderr.write(`heap: ${who}\n`)
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    await page.evaluate(`measureCalls(${keptCalls / 5})`)
    const before = await usage(page, session)
    await page.evaluate(`measureCalls(${keptCalls})`)
    const after = await usage(page, session)
    floor = is === 'bare' ? after.bytes - before.bytes : floor
    const bytes = (after.bytes - before.bytes - floor) / keptCalls
    rows.push({
      who,
      is,
      values: {
        bytes: { median: bytes },
        nodes: { median: (after.nodes - before.nodes) / keptCalls },
        listeners: { median: (after.listeners - before.listeners) / keptCalls },
      },
      bounds:
        is === 'ours'
          ? [
              { metric: 'bytes', at_most: 25 },
              { metric: 'nodes', at_most: 0 },
              { metric: 'listeners', at_most: 0 },
            ]
          : [],
    })
  }
  return {
    id: 'client-heap',
    title: 'What a call leaves behind',
    work: `The heap after ${keptCalls} calls and a collection of garbage, beyond that of a bare fetch, for each call.`,
    columns: [
      { metric: 'bytes', title: 'bytes a call', digits: 1 },
      { metric: 'nodes', title: 'DOM nodes', digits: 3 },
      { metric: 'listeners', title: 'listeners', digits: 3 },
    ],
    rows,
  }
}

/**
 * @param {Page} page
 * @param {import('playwright').CDPSession} session
 */
async function usage(page, session) {
  await page.waitForTimeout(500)
  for (let time = 0; time < 3; time += 1) {
    await session.send('HeapProfiler.collectGarbage')
  }
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { metrics } = await session.send('Performance.getMetrics')
  const of = (/** @type {string} */ name) => metrics.find((each) => each.name === name)?.value ?? 0
  return { bytes: usedSize, nodes: of('Nodes'), listeners: of('JSEventListeners') }
}

/** @param {Map<any, Page>} pages */
async function measureScale(pages) {
  const series = []
  const timers = new Map()
  for (const [each, page] of pages) {
    await page.evaluate('measureCalls(500)')
    timers.set(each, await threadTimer(page, `measureCalls(${calls})`, calls))
  }
  const fill = (/** @type {string} */ html) =>
    Promise.all([...pages.values()].map((page) => page.evaluate(`fillPage(${html})`)))
  for (const [plot, { title, of }] of Object.entries(FILLINGS)) {
    const picture = { plot: `call-${plot}`, title: 'One call', x: title, y: 'µs a call' }
    const lines = await drawLines(picture, [0, 1000, 2500, 5000], [...pages.keys()], async (count) => {
      await fill(of(count))
      return (each) => timers.get(each)()
    })
    series.push(...lines)
    await fill("''")
  }
  return series
}
