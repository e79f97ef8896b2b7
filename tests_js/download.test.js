import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { fileName } from '../alpine-plugin/src/download.js'
import { actionOf, cleanUp, mount, openApp, outcome, startAlpine } from './app.js'

beforeAll(() => {
  startAlpine()
})
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function () {
    saved.push({ name: this.download, href: this.href })
  })
  saved.length = 0
  mount('<div x-data id="caller"></div>')
})
afterEach(cleanUp)

/** @type {{ name: string, href: string }[]} Files that the browser was given. */
const saved = []

const csv = {
  status: 200,
  headers: { 'Content-Type': 'text/csv', 'Content-Disposition': 'attachment; filename="todos.csv"' },
  body: 'title\nmilk\n',
}
const contents = () =>
  Promise.all(saved.map(async ({ name, href }) => [name, await (await fetch(href)).text()]))

test.each([
  ['attachment; filename="a.csv"', 'a.csv'],
  ['attachment; filename=a.csv', 'a.csv'],
  ['ATTACHMENT; filename="a \\"b\\".csv"', 'a "b".csv'],
  ['attachment; filename="x.csv"; filename*=utf-8\'\'%E2%82%AC%20rates.csv', '€ rates.csv'],
  ["attachment; filename*=UTF-8''%zz", '%zz'],
  ['attachment', ''],
  ['inline; filename="a.pdf"', null],
  [null, null],
])('C31 %s is named %s', (disposition, name) => {
  const headers = disposition === null ? {} : { 'Content-Disposition': disposition }

  expect(fileName(new Response('', { headers }))).toBe(name)
})

test('C31 an attachment is given to the visitor under its name, and is no result', async () => {
  await openApp([csv])

  const answered = await actionOf()('export')

  expect(answered).toEqual(outcome({ ok: true, status: 200, result: null }))
  expect(await contents()).toEqual([['todos.csv', 'title\nmilk\n']])
})

test('C31 C19 so it is after an upload', async () => {
  await openApp([csv])

  const answered = await actionOf()('convert', { file: new File(['x'], 'x.txt') })

  expect(answered).toEqual(outcome({ ok: true, status: 200, result: null }))
  expect(await contents()).toEqual([['todos.csv', 'title\nmilk\n']])
})

test('C31 C25 that of a replaced call is not given', async () => {
  const app = await openApp([{ ...csv, hold: true }, {}])
  const first = actionOf()('export')
  await vi.waitFor(async () => expect((await app.requests()).length).toBe(1))

  const second = await actionOf()('export')
  await app.release(0)

  expect([(await first).aborted, second.ok, saved]).toEqual([true, true, []])
})

test('C31 a failure is no file, whatever it says', async () => {
  await openApp([{ ...csv, status: 500 }])

  const answered = await actionOf()('export')

  expect([answered.ok, answered.code, saved]).toEqual([false, 'unexpected_answer', []])
})
