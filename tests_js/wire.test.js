import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  actionOf,
  cleanUp,
  mount,
  openApp,
  outcome,
  recordEvents,
  recordNavigations,
  startAlpine,
} from './app.js'

const calls = import.meta.glob('../wire/calls/*.json', { eager: true, import: 'default' })
const answers = import.meta.glob('../wire/answers/*.json', { eager: true, import: 'default' })
const streams = import.meta.glob('../wire/streams/*.json', { eager: true, import: 'default' })
const errors = import.meta.glob('../wire/errors/*.json', { eager: true, import: 'default' })
const named = (files) => Object.entries(files).map(([path, file]) => [path.split('/').at(-1), file])

beforeAll(startAlpine)
afterEach(cleanUp)

describe('D12 D13 C07–C09 calls of wire/ leave the browser as written', () => {
  test.each(named(calls))('%s', async (_, { call, page, request }) => {
    const app = await openApp([], page.slice(1))
    mount('<div x-data id="caller"></div>')
    const [name, data, options] = call
    const url = options?.url && app.home + options.url.slice(1)

    await actionOf()(name, data, url ? { ...options, url } : options)

    const [sent] = await app.requests()
    const headers = Object.fromEntries(
      Object.keys(request.headers).map((name) => [name, sent.headers[name.toLowerCase()]]),
    )
    expect({ method: sent.method, url: sent.url, headers, body: sent.body || null }).toEqual({
      ...request,
      url: app.home + request.url.slice(1),
    })
  })

  test('every call has a request id of its own', async () => {
    const app = await openApp()
    mount('<div x-data id="caller"></div>')

    await actionOf()('save')
    await actionOf()('save')

    const ids = (await app.requests()).map(({ headers }) => headers['x-hyper-request-id'])
    expect(new Set(ids).size).toBe(2)
    expect(ids[0]).toMatch(/^[\w-]{20,}$/)
  })
})

describe('answers of wire/ give their outcome', () => {
  beforeEach(() => {
    recordNavigations()
  })

  test.each([...named(answers), ...named(errors)])('%s', async (_, answer) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const script = { status: answer.status, headers: answer.headers, body: answer.body }
    await openApp([script, script])
    mount('<div x-data="{count: 0}" id="caller"><i id="cart"></i><table><tr id="row-3"></tr></table></div>')

    expect(await actionOf()('save')).toEqual(outcome(answer.outcome))
    expect(warn).not.toHaveBeenCalled()
  })
})

describe('F11 streams of wire/ are read as written', () => {
  test.each(named(streams))('%s', async (_, { status, headers, body, items, outcome: expected }) => {
    await openApp([{ status, headers, pieces: [body] }])
    const events = recordEvents()

    expect(await window.action('save', {}, { key: 'k' })).toEqual(outcome(expected))
    const told = events.filter(({ name }) => name === 'streamEvent').map(({ detail }) => detail)
    expect(told).toEqual(items.map((item) => ({ ...item, key: 'k' })))
  })
})
