/**
 * Measure an HTML patch of a table of 1,000 rows: from the text of the new one to the changed page.
 *
 *   node benchmarks/client_patch.mjs [--rounds 10]
 *
 * The rows are plain and have ids; the table stands in a component of Alpine.
 */
import { drawLines, openPages, report, spread, takeTurns } from './client/frame.mjs'

/** @typedef {import('playwright').Page} Page */

const names = ['hyper', 'datastar', 'htmx', 'idiomorph', 'morph', 'hyperdjango']
const length = 1000
const BOUNDS = [
  { metric: 'changed', at_most: 12 },
  { metric: 'reversed', at_most: 22 },
  { metric: 'row', at_most: 0.1, pace: 'changed' },
]
const works = BOUNDS.map(({ metric }) => metric)

/** What peers took, in ms, where our bounds were set. */
const elsewhere = {
  changed: { datastar: 12.4, 'htmx 4': 15, idiomorph: 20.6, '@alpinejs/morph': 34.5, hyperdjango: 43.2 },
  reversed: { datastar: 24, 'htmx 4': 22, idiomorph: 40, '@alpinejs/morph': 46, hyperdjango: 55 },
}

await report('client-patch', 10, async (browser, rounds) => {
  const pages = await openPages(browser, names, { further: ['alpinejs'] })
  const all = [...pages.keys()]
  const patch = (/** @type {string} */ work, /** @type {number} */ rows) => (/** @type {any} */ each) =>
    /** @type {Promise<number>} */ (pages.get(each)?.evaluate(`measurePatch('${work}', ${rows})`))
  /** @type {Record<string, Map<any, number[]>>} */
  const taken = {}
  for (const work of works) {
    taken[work] = await takeTurns(work, rounds, all, patch(work, length))
  }
  const rows = all.map((each) => ({
    who: each.who,
    is: each.is,
    values: Object.fromEntries(works.map((work) => [work, spread(taken[work].get(each) ?? [])])),
    bounds: each.is === 'ours' ? BOUNDS : [],
  }))
  const table = {
    id: 'client-patch',
    title: 'A patch',
    work: `From the text of the new HTML to the changed page, its layout apart: a table of ${length} rows with one changed, the same reversed, and single rows, each by itself.`,
    rounds,
    columns: [
      { metric: 'changed', title: 'ms, one row changed', digits: 1 },
      { metric: 'reversed', title: 'ms, reversed', digits: 1 },
      { metric: 'row', title: 'ms, only the row', digits: 3 },
    ],
    elsewhere,
    rows,
  }
  return { tables: [table, await survival(pages)], series: await measureScale(all, patch) }
})

/** @param {Map<any, Page>} pages */
async function survival(pages) {
  const rows = []
  for (const [{ who, is }, page] of pages) {
    const kept = /** @type {Record<string, boolean>} */ (await page.evaluate('whatSurvives()'))
    const values = Object.fromEntries(
      Object.entries(kept).map(([name, isKept]) => [name, { text: isKept ? 'kept' : 'lost' }]),
    )
    rows.push({ who, is, values })
  }
  return {
    id: 'client-survival',
    title: 'What survives a patch',
    work: 'A list of six items with all of these in it, through a patch that changes one of the others and, anew, one that reverses all.',
    columns: Object.keys(rows[0].values).map((name) => ({ metric: name, title: name })),
    rows,
  }
}

/**
 * @param {any[]} all
 * @param {(work: string, rows: number) => (each: any) => Promise<number>} patch
 */
async function measureScale(all, patch) {
  const titles = { changed: 'A patch of one row in a table', reversed: 'A patch that reverses a table' }
  const series = []
  for (const [work, title] of Object.entries(titles)) {
    const picture = { plot: `patch-${work}`, title, x: 'rows', y: 'ms' }
    series.push(...(await drawLines(picture, [250, 500, 1000, 2000], all, (rows) => patch(work, rows))))
  }
  return series
}
