/**
 * Measure a stream of 10,000 events against a bare reader that does the same by hand, in one run.
 *
 *   node benchmarks/client_stream.mjs [--rounds 40]
 *
 * Each event writes one value to Alpine's data, which the page shows. The answer comes from memory, in
 * chunks of 16 KiB, so that no network's noise hides a microsecond. All run in turns, round by round, in
 * the Chromium of the tests (CHROMIUM chooses another); the ratio of a round compares neighbours.
 */
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { chromium } from 'playwright'

const events = 10_000
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '40' } } })

const page = `
  import Alpine from 'alpinejs'
  import hyper from './alpine-plugin/src/index.js'

  document.body.innerHTML = '<main x-data="{count: 0}"><b x-text="count"></b></main>'
  const main = document.querySelector('main')
  window.Alpine = Alpine
  Alpine.plugin(hyper)
  Alpine.start()

  const frame = (event, data) => 'event: ' + event + '\\ndata: ' + JSON.stringify(data) + '\\n\\n'
  const bodyOf = (event, dataOf) => {
    let text = ''
    for (let n = 0; n < ${events}; n += 1) text += frame(event, dataOf(n))
    return new TextEncoder().encode(text + frame('end', { result: null }))
  }
  const signals = bodyOf('patch_signals', (count) => ({ signals: { count }, store: {} }))
  const messages = bodyOf('message', (count) => count)

  const answer = (bytes) => {
    let at = 0
    const body = new ReadableStream({
      pull(stream) {
        if (at >= bytes.length) return stream.close()
        stream.enqueue(bytes.slice(at, at + 16_384))
        at += 16_384
      },
    })
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } })
  }

  async function bare(bytes) {
    const data = Alpine.$data(main)
    const reader = answer(bytes).body.getReader()
    const decoder = new TextDecoder()
    let rest = ''
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const frames = (rest + decoder.decode(chunk.value, { stream: true })).split('\\n\\n')
      rest = frames.pop()
      for (const each of frames) {
        const { signals } = JSON.parse(each.slice(each.indexOf('\\ndata: ') + 7))
        if (signals) data.count = signals.count
      }
    }
  }
  let action
  Alpine.dontAutoEvaluateFunctions(() => { action = Alpine.evaluate(main, '$action') })
  const call = (bytes, options) => {
    window.fetch = async () => answer(bytes)
    return action('count', {}, options)
  }
  const data = Alpine.$data(main)
  window.runs = {
    bare: () => bare(signals),
    Signals: () => call(signals),
    onMessage: () => call(messages, { onMessage: (value) => { data.count = value } }),
  }
  window.run = async (name) => {
    const start = performance.now()
    await window.runs[name]()
    const taken = performance.now() - start
    await Alpine.nextTick()
    if (document.querySelector('b').textContent !== '${events - 1}') throw new Error(name + ' lost events')
    data.count = 0
    await Alpine.nextTick()
    return taken
  }
`

const { outputFiles } = await build({
  stdin: { contents: page, resolveDir: '.', loader: 'js' },
  bundle: true,
  minify: true,
  format: 'esm',
  charset: 'utf8',
  write: false,
})
const server = createServer((request, response) => {
  response.setHeader('Content-Type', request.url === '/' ? 'text/html' : 'text/javascript')
  response.end(
    request.url === '/' ? '<!doctype html><body><script type=module src=/x.js></script>' : outputFiles[0].text,
  )
}).listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
})
try {
  const tab = await browser.newPage()
  tab.on('pageerror', (error) => console.error(error))
  await tab.goto(`http://127.0.0.1:${server.address().port}/`)
  await tab.waitForFunction('window.run')
  const names = await tab.evaluate('Object.keys(window.runs)')
  const taken = await tab.evaluate(measure, { names, rounds: Number(values.rounds) })
  console.log(`Chromium ${browser.version()}, ${events} events, ${values.rounds} rounds`)
  for (const name of names) {
    const rates = taken.map((round) => events / (round[name] / 1000)).sort((a, b) => a - b)
    const ratios = taken.map((round) => round.bare / round[name]).sort((a, b) => a - b)
    const spread = (list) => [0.5, 0.25, 0.75].map((part) => list[Math.floor(list.length * part)])
    const [rate, low, high] = spread(rates).map((each) => Math.round(each).toLocaleString('en'))
    const [ratio, least, most] = spread(ratios).map((each) => each.toFixed(2))
    console.log(`${name.padEnd(10)} ${rate} items/s (${low}–${high}), ${ratio} × bare (${least}–${most})`)
  }
} finally {
  await browser.close()
  server.close()
}

/** Run each once per round, after some rounds that nobody counts. */
async function measure({ names, rounds }) {
  const all = []
  for (let round = -10; round < rounds; round += 1) {
    const taken = {}
    for (const name of names) {
      taken[name] = await window.run(name)
    }
    all.push(taken)
  }
  return all.slice(10)
}
