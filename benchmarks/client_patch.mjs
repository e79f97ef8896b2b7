/**
 * Measure an HTML patch of a table of 1,000 rows against other morphs, in one run in Chromium.
 *
 *   npm install --prefix benchmarks/peers --no-save @alpinejs/morph@3.17.4 idiomorph@0.8.0
 *   node benchmarks/client_patch.mjs [rounds]
 *
 * Work: from the text of the new table to the changed page, its layout apart. The rows are plain
 * and have ids; the table stands in a component of Alpine. All run in turns, round by round, each
 * on a table of its own; the ratio of a round compares what ran within milliseconds.
 */
import { createServer } from 'node:http'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright'

const here = dirname(fileURLToPath(import.meta.url))
const rounds = Number(process.argv[2] ?? 40)

const page = `
import Alpine from 'alpinejs'
import morph from '@alpinejs/morph'
import { Idiomorph } from 'idiomorph'
import hyper from '../alpine-plugin/src/index.js'

Alpine.plugin(hyper)
Alpine.plugin(morph)
Alpine.start()

const WAYS = {
  hyper: (target, html) => Alpine.hyper.patch(html, { target }),
  'alpine morph': (target, html) => Alpine.morph(target, html),
  idiomorph: (target, html) => Idiomorph.morph(target, html, { morphStyle: 'outerHTML' }),
}

const row = (id, text) =>
  \`<tr id="row-\${id}" class="row"><td>\${id}</td><td>\${text}</td><td><a href="/products/\${id}/">Open</a></td><td>\${id * 3}.50</td><td><button type="button" class="small">Delete</button></td></tr>\`
const tableOf = (rows) => \`<table id="table"><thead><tr><th>Id<th>Name<th>Link<th>Price<th></tr></thead><tbody>\${rows.join('\\n')}</tbody></table>\`
const rows = Array.from({ length: 1000 }, (_, id) => row(id, 'Product ' + id))
const WORK = {
  same: tableOf(rows),
  changed: tableOf(rows.with(500, row(500, 'Another name'))),
  reversed: tableOf([...rows].reverse()),
  removed: tableOf(rows.toSpliced(500, 1)),
}

window.measure = async (way, work) => {
  const holder = document.createElement('div')
  holder.innerHTML = '<div x-data="{count: 1}"><p x-text="count"></p>' + tableOf(rows) + '</div>'
  document.body.append(holder)
  await new Promise((resolve) => setTimeout(resolve))
  holder.getBoundingClientRect()
  const table = holder.querySelector('table')
  const begin = performance.now()
  WAYS[way](table, WORK[work])
  await null
  const ms = performance.now() - begin
  const rest = holder.querySelector('tbody').innerHTML
  if (!WORK[work].includes(rest)) throw Error(way + ' made another table')
  holder.remove()
  await new Promise((resolve) => setTimeout(resolve))
  return ms
}
window.measureRow = () => {
  const holder = document.createElement('div')
  holder.innerHTML = '<div x-data>' + tableOf(rows) + '</div>'
  document.body.append(holder)
  const begin = performance.now()
  for (let time = 0; time < 100; time += 1) {
    Alpine.hyper.patch(row(500, 'Name ' + time), { target: '#row-500' })
  }
  const ms = (performance.now() - begin) / 100
  holder.remove()
  return ms
}
`

const { outputFiles } = await build({
  stdin: { contents: page, resolveDir: here },
  nodePaths: [join(here, 'peers/node_modules')],
  bundle: true,
  minify: true,
  format: 'iife',
  write: false,
})
const server = createServer((_, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(`<!doctype html><meta charset="utf-8"><body><script>${outputFiles[0].text}</script>`)
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
})
const tab = await browser.newPage()
tab.on('pageerror', console.error)
await tab.goto(`http://127.0.0.1:${server.address().port}/`)

const ways = ['hyper', 'alpine morph', 'idiomorph']
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1]
console.log(`${browser.version()}, ${cpus().length} × ${cpus()[0].model}, ${rounds} rounds`)
for (const work of ['same', 'changed', 'reversed', 'removed']) {
  const times = Object.fromEntries(ways.map((way) => [way, []]))
  for (let round = -3; round < rounds; round += 1) {
    for (const way of ways) {
      const ms = await tab.evaluate(([way, work]) => window.measure(way, work), [way, work])
      if (round >= 0) {
        times[way].push(ms)
      }
    }
  }
  for (const way of ways) {
    const ratio = median(times[way].map((ms, round) => ms / times['alpine morph'][round]))
    const sorted = times[way].sort((a, b) => a - b)
    console.log(
      `${work.padEnd(9)} ${way.padEnd(13)} ${median(sorted).toFixed(1)} ms (${sorted[rounds >> 2].toFixed(1)}–${sorted[(rounds * 3) >> 2].toFixed(1)}), ${ratio.toFixed(2)} × alpine morph`,
    )
  }
}
console.log(`one row alone: ${(await tab.evaluate(() => window.measureRow())).toFixed(3)} ms`)
await browser.close()
server.close()
