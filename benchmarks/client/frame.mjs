/**
 * What the scripts for the client share: a page for each contestant, turns, figures, one JSON file.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { cpus, release, type as system } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import { filesOf, root, skipped, versions } from './peers.mjs'

/**
 * @typedef {object} Contestant
 * @property {string} who
 * @property {'bare' | 'ours' | 'peer'} is
 * @property {string[]} packages Whose files its page loads, in this order.
 * @property {string} page Its file in `pages/`.
 *
 * @typedef {{ median: number, low?: number, high?: number }} Figure
 */

/** @type {Record<string, Contestant>} */
export const CONTESTANTS = {
  bare: { who: 'bare fetch and one write', is: 'bare', packages: ['alpinejs'], page: 'bare.js' },
  hyper: { who: 'django-hyper', is: 'ours', packages: ['django-hyper', 'alpinejs'], page: 'hyper.js' },
  hyperdjango: {
    who: 'hyperdjango',
    is: 'peer',
    packages: ['hyperdjango', '@alpinejs/morph', 'alpinejs'],
    page: 'hyperdjango.js',
  },
  ajax: { who: 'alpine-ajax', is: 'peer', packages: ['@imacrayon/alpine-ajax', 'alpinejs'], page: 'ajax.js' },
  datastar: { who: 'datastar', is: 'peer', packages: ['starhtml'], page: 'datastar.js' },
  htmx: { who: 'htmx 4', is: 'peer', packages: ['alpinejs', 'htmx.org'], page: 'htmx.js' },
  idiomorph: { who: 'idiomorph', is: 'peer', packages: ['idiomorph', 'alpinejs'], page: 'idiomorph.js' },
  morph: { who: '@alpinejs/morph', is: 'peer', packages: ['@alpinejs/morph', 'alpinejs'], page: 'morph.js' },
}

const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

/**
 * Run a script: `measure` gives the tables and series, the rest of its file is written here.
 *
 * @param {string} name Of the file of results.
 * @param {number} rounds Where `--rounds` says nothing else.
 * @param {(browser: import('playwright').Browser, rounds: number) => Promise<object>} measure
 */
export async function report(name, rounds, measure) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: `${rounds}` } } })
  const begin = Date.now()
  const browser = await launch()
  try {
    const measured = await measure(browser, Number(values.rounds))
    const result = {
      name,
      date: `${new Date(begin).toISOString().slice(0, 19)}Z`,
      seconds: Math.round((Date.now() - begin) / 100) / 10,
      machine: `${cpus()[0].model.trim()}, ${cpus().length} cores, ${system()} ${release()}`,
      versions: { Chromium: browser.version(), ...versions },
      command: `node benchmarks/${name.replaceAll('-', '_')}.mjs --rounds ${values.rounds}`,
      ...measured,
      skipped,
    }
    mkdirSync(join(root, 'benchmarks/results'), { recursive: true })
    writeFileSync(join(root, `benchmarks/results/${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
  } finally {
    await browser.close()
  }
}

export function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  return chromium.launch({ executablePath, args: flags.split(' ') })
}

/**
 * Open a page for each contestant, each in a process of its own.
 *
 * @param {import('playwright').Browser} browser
 * @param {string[]} names
 * @param {object} [more]
 * @param {string[]} [more.further] Packages that every page loads.
 * @param {string} [more.plugin] Another file than the one that is built.
 * @returns {Promise<Map<Contestant, import('playwright').Page>>} Without those that cannot be had.
 */
export async function openPages(browser, names, { further = [], plugin = builtPlugin } = {}) {
  const pages = new Map()
  for (const name of names) {
    const contestant = CONTESTANTS[name]
    const packages = new Set([...contestant.packages, ...further])
    const paths = [...packages].map((each) => (each === 'django-hyper' ? [plugin] : filesOf(each)))
    if (paths.every(Boolean)) {
      pages.set(contestant, await openPage(browser, contestant, paths.flat()))
    }
  }
  return pages
}

/** Every page of Django has its token; to read no cookies at all takes a browser longer. */
const cookie = 'csrftoken=bmxvZ2luIHdpdGggY2FyZSwgcGxlYXNl'

/** The file that pages load. */
export const builtPlugin = join(root, 'django_hyper/static/django_hyper/hyper.js')

/**
 * @param {import('playwright').Browser} browser
 * @param {Contestant} contestant
 * @param {string[]} paths
 */
async function openPage(browser, { page }, paths) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'benchmarks/client/pages', page)],
    bundle: true,
    format: 'iife',
    write: false,
  })
  const scripts = [outputFiles[0].text, ...paths.map((path) => readFileSync(path, 'utf8'))]
  // A module runs after the page is read, as a deferred script does; each has its own scope.
  const tags = scripts.map((_, at) => `<script ${at ? 'type=module' : ''} src="/${at}.js"></script>`)
  const classic = page === 'datastar.js' ? tags : tags.map((tag) => tag.replace('type=module', 'defer'))
  const server = createServer(({ url }, response) => {
    const text = scripts[Number(url?.match(/^\/(\d+)\.js$/)?.[1])]
    response.setHeader('Set-Cookie', cookie)
    response.setHeader('Content-Type', text ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(text ?? `<!doctype html><meta charset="utf-8"><title>x</title><body>${classic.join('')}`)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  // Pages of two contexts never share a process.
  const tab = await (await browser.newContext()).newPage()
  tab.on('pageerror', (error) => process.stderr.write(`${page}: ${error}\n`))
  tab.on('close', () => server.close())
  await tab.goto(`http://127.0.0.1:${/** @type {any} */ (server.address()).port}/`)
  await tab.waitForFunction('window.isReady')
  return tab
}

/**
 * Let contestants take turns, round by round, after some rounds that nobody counts.
 *
 * @template T
 * @param {string} label For the progress.
 * @param {number} rounds
 * @param {T[]} all
 * @param {(each: T) => Promise<number>} run
 * @returns {Promise<Map<T, number[]>>} What each took, by round.
 */
export async function takeTurns(label, rounds, all, run) {
  const taken = new Map(all.map((each) => [each, /** @type {number[]} */ ([])]))
  for (let round = -2; round < rounds; round += 1) {
    process.stderr.write(`\r${label} ${Math.max(round + 1, 0)}/${rounds} `)
    for (const each of all) {
      const figure = await run(each)
      if (round >= 0) {
        taken.get(each)?.push(figure)
      }
    }
  }
  process.stderr.write('\n')
  return taken
}

/**
 * Let contestants take turns at growing sizes, and draw a line for each.
 *
 * @template {{ who: string }} T
 * @param {{ plot: string, title: string, x: string, y: string }} picture
 * @param {number[]} sizes
 * @param {T[]} all
 * @param {(size: number) => ((each: T) => Promise<number>) | Promise<(each: T) => Promise<number>>} runOf
 */
export async function drawLines(picture, sizes, all, runOf) {
  const points = new Map(all.map((each) => [each, /** @type {number[][]} */ ([])]))
  for (const size of sizes) {
    const taken = await takeTurns(`${size} ${picture.x}`, 3, all, await runOf(size))
    for (const [each, figures] of taken) {
      points.get(each)?.push([size, Number(spread(figures).median.toPrecision(4))])
    }
  }
  return all.map((each) => ({ ...picture, who: each.who, points: points.get(each) }))
}

/**
 * What a page's main thread takes for something, however busy the machine is.
 *
 * @param {import('playwright').Page} page
 * @param {string} work To be evaluated in the page.
 * @param {number} [times] How often the work is done in it.
 * @returns {Promise<() => Promise<number>>} Does the work; gives µs for each time.
 */
export async function threadTimer(page, work, times = 1) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const seconds = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0
  }
  return async () => {
    const begin = await seconds()
    await page.evaluate('0') // what it takes to evaluate anything, and to ask
    const middle = await seconds()
    await page.evaluate(work)
    const end = await seconds()
    return ((end - middle - (middle - begin)) * 1_000_000) / times
  }
}

/**
 * @param {number[]} numbers
 * @returns {Figure} The median and the quartiles.
 */
export function spread(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other)
  const at = (/** @type {number} */ part) => sorted[Math.floor((sorted.length - 1) * part)]
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

/**
 * @param {number[]} numbers
 * @param {number[]} others Of the same rounds.
 */
export function ratios(numbers, others) {
  return spread(numbers.map((number, round) => number / others[round]))
}
