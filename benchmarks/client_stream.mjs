/**
 * Measure a stream of 10,000 events, each written to the data of the page, which shows it.
 *
 *   node benchmarks/client_stream.mjs [--rounds 14]
 *
 * The answer comes from memory in chunks of 16 KiB.
 */
import {
  CONTESTANTS,
  drawLines,
  openPages,
  ratios,
  report,
  spread,
  takeTurns,
  threadTimer,
} from './client/frame.mjs'

/** @typedef {import('playwright').Page} Page */

const events = 10_000
const picture = { plot: 'stream-events', title: 'A stream', x: 'events', y: 'ms' }

/** How many events a second the same bare reader read where our bound was set. */
const elsewhere = { 'bare fetch and one write': 604_000 }

await report('client-stream', 14, async (browser, rounds) => {
  const pages = await openPages(browser, ['bare', 'hyper', 'hyperdjango', 'datastar', 'htmx'])
  const [messages] = (await openPages(browser, ['hyper'])).values()
  await messages.evaluate("location.hash = 'messages'")
  pages.set({ ...CONTESTANTS.hyper, who: 'django-hyper, onMessage' }, messages)
  const [listened] = (await openPages(browser, ['hyper'])).values()
  await listened.evaluate("addEventListener('hyper:streamEvent', ({detail}) => { window.heard = detail })")
  pages.set({ ...CONTESTANTS.hyper, who: 'django-hyper, with a listener' }, listened)

  const all = [...pages.keys()]
  const timers = new Map()
  for (const [each, page] of pages) {
    timers.set(each, await threadTimer(page, 'readStream()'))
  }
  const read = (/** @type {number} */ count) => async (/** @type {any} */ each) => {
    await pages.get(each)?.evaluate(`prepareStream(${count})`)
    return (await timers.get(each)()) / 1000
  }
  const taken = await takeTurns(`${events} events`, rounds, all, read(events))
  const bare = taken.get(all[0]) ?? []
  const rows = all.map((each) => {
    const ms = taken.get(each) ?? []
    const rate = spread(ms.map((figure) => (events / figure) * 1000))
    const isBounded = each.is === 'ours' && each.who !== 'django-hyper, with a listener'
    return {
      who: each.who,
      is: each.is,
      values: { rate, ratio: ratios(bare, ms) },
      bounds: isBounded ? [{ metric: 'rate', at_least: 400_000 }] : [],
    }
  })
  const table = {
    id: 'client-stream',
    title: 'A stream',
    work: `${events} events from memory, each written to the data of the page; datastar writes its own, the others Alpine's.`,
    rounds,
    columns: [
      { metric: 'rate', title: 'items/s', digits: 0 },
      { metric: 'ratio', title: '÷ bare', digits: 2 },
    ],
    elsewhere: { rate: elsewhere },
    rows,
  }
  return { tables: [table], series: await drawLines(picture, [1000, 2500, 5000, 10_000], all, read) }
})
