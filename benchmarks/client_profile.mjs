/**
 * Say where the time of a call, or of a streamed event, goes: Chromium's own profile of it.
 *
 *   node benchmarks/client_profile.mjs [--who hyper] [--work calls|stream] [--times 20000]
 *
 * The plugin is not minified here, so that functions have their names. A profile slows down what it
 * looks at, small functions more than large ones: its shares say more than its microseconds.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { launch, openPages } from './client/frame.mjs'
import { root } from './client/peers.mjs'

/** @typedef {{ id: number, callFrame: { functionName: string, url: string }, children?: number[] }} Node */

const samplingUs = 100
const rounds = 5
const { values } = parseArgs({
  options: {
    who: { type: 'string', default: 'hyper' },
    work: { type: 'string', default: 'calls' },
    times: { type: 'string', default: '20000' },
  },
})
const times = Number(values.times)

const plugin = join(mkdtempSync(join(tmpdir(), 'hyper-')), 'hyper.js')
await build({
  entryPoints: [join(root, 'alpine-plugin/register.js')],
  bundle: true,
  format: 'iife',
  outfile: plugin,
})
const browser = await launch()
try {
  const [[contestant, page]] = await openPages(browser, [values.who], { plugin })
  const session = await page.context().newCDPSession(page)
  await session.send('Profiler.enable')
  await session.send('Profiler.setSamplingInterval', { interval: samplingUs })
  for (let round = -1; round < rounds; round += 1) {
    await page.evaluate(values.work === 'stream' ? `prepareStream(${times})` : '0')
    if (round === 0) {
      await session.send('Profiler.start')
    }
    await page.evaluate(values.work === 'stream' ? 'readStream()' : `measureCalls(${times})`)
  }
  const { profile } = await session.send('Profiler.stop')
  const files = ['the benchmark', ...contestant.packages]
  print(sharesOf(/** @type {any} */ (profile), files), [...files, 'the browser'])
} finally {
  await browser.close()
}

/**
 * @param {{ nodes: Node[], samples: number[], timeDeltas: number[] }} profile
 * @param {string[]} files What the scripts of the page are, in their order.
 * @returns {Map<string, number>} µs of each function itself, for one time of the work.
 */
function sharesOf({ nodes, samples, timeDeltas }, files) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame, files)]))
  /** @type {Map<string, number>} */
  const shares = new Map()
  samples.forEach((id, index) => {
    const name = /** @type {string} */ (names.get(id))
    shares.set(name, (shares.get(name) ?? 0) + timeDeltas[index] / times / rounds)
  })
  return shares
}

/**
 * @param {{ functionName: string, url: string }} frame
 * @param {string[]} files
 */
function nameOf({ functionName, url }, files) {
  const file = files[Number(url.match(/(\d)\.js$/)?.[1])] ?? 'the browser'
  return `${file}: ${functionName || '(anonymous)'}`
}

/**
 * @param {Map<string, number>} shares
 * @param {string[]} files
 */
function print(shares, files) {
  const rows = [...shares].sort(([, one], [, other]) => other - one)
  const total = rows.reduce((sum, [, us]) => sum + us, 0)
  console.log(`${total.toFixed(1)} µs each, of ${times}`)
  for (const file of files) {
    const own = rows.filter(([name]) => name.startsWith(`${file}: `))
    const sum = own.reduce((all, [, us]) => all + us, 0)
    console.log(`\n${sum.toFixed(1)} µs (${((sum / total) * 100).toFixed(0)} %) ${file}`)
    for (const [name, us] of own.slice(0, 15)) {
      console.log(`${us.toFixed(2).padStart(8)}  ${name.slice(file.length + 2)}`)
    }
  }
}
