import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { config, configure, readConfig } from '../alpine-plugin/src/config.js'
import { cleanUp, find, openApp, outcome, recordEvents, startAlpine } from './app.js'

/** @type {ReturnType<typeof startAlpine>} */
let Alpine

beforeAll(() => {
  Alpine = startAlpine()
})
beforeEach(async () => {
  await cookieStore.set('csrftoken', 'from-cookie')
  document.dispatchEvent(new Event('visibilitychange'))
})
afterEach(cleanUp)

const expired = (token) => ({
  status: 403,
  body: JSON.stringify({ error: 'Expired.', code: 'csrf_failed', csrf_token: token }),
})
const sent = async (app, header = 'x-csrftoken') =>
  (await app.requests()).map(({ headers }) => headers[header])

// The fresh token outlives a test, as it outlives a call: the order of these tests counts.
describe('C28 the token', () => {
  test('is left out where there is none', async () => {
    await cookieStore.delete('csrftoken')
    const app = await openApp()
    await window.action('save')

    expect(await sent(app)).toEqual([undefined])
  })

  test('comes from the cookie of Django’s default name', async () => {
    const app = await openApp()
    await window.action('save')

    expect(await sent(app)).toEqual(['from-cookie'])
  })

  test('is read anew once the visitor was elsewhere; each time would cost as much as a call', async () => {
    const app = await openApp()
    await window.action('save')
    await cookieStore.set('csrftoken', 'rotated')
    await window.action('save')
    document.dispatchEvent(new Event('visibilitychange'))
    await window.action('save')

    expect(await sent(app)).toEqual(['from-cookie', 'from-cookie', 'rotated'])
  })

  test('has the names of the settings', async () => {
    await cookieStore.set('other', 'from-other')
    Alpine.hyper.configure({ csrf: { cookie: 'other', header: 'X-Other' } })
    const app = await openApp()
    await window.action('save')
    Alpine.hyper.configure({ csrf: { cookie: 'csrftoken', header: 'X-CSRFToken' } })

    expect(await sent(app, 'x-other')).toEqual(['from-other'])
  })

  test('of the settings wins over the cookie: CSRF_USE_SESSIONS, CSRF_COOKIE_HTTPONLY', async () => {
    Alpine.hyper.configure({ csrf: { token: 'from-config' } })
    const app = await openApp()
    await window.action('save')

    expect(await sent(app)).toEqual(['from-config'])
  })

  test('of the caller’s headers is not replaced, and then nothing is repeated', async () => {
    const app = await openApp([expired('fresh')])

    expect(await window.action('save', {}, { headers: { 'x-csrftoken': 'mine' } })).toEqual(
      outcome({ status: 403, error: 'Expired.', code: 'csrf_failed' }),
    )
    expect(await sent(app)).toEqual(['mine'])
  })

  test('F07 after csrf_failed the call is repeated once, with the fresh one; it is no attempt', async () => {
    const app = await openApp([expired('fresh')])
    const events = recordEvents()

    expect(await window.action('save', { a: 1 })).toEqual(outcome({ ok: true, status: 200, result: 1 }))
    const requests = await app.requests()
    expect(await sent(app)).toEqual(['from-config', 'fresh'])
    expect(requests.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}'])
    expect(requests[0].headers['x-hyper-request-id']).toBe(requests[1].headers['x-hyper-request-id'])
    expect(requests[1].headers).not.toHaveProperty('x-hyper-attempt')
    expect(events.map(({ name }) => name)).toEqual(['beforeRequest', 'requestSuccess', 'afterRequest'])
  })

  test('the fresh one stays', async () => {
    const app = await openApp()
    await window.action('save')

    expect(await sent(app)).toEqual(['fresh'])
  })

  test('a second csrf_failed is the answer', async () => {
    const app = await openApp([expired('fresh 2'), expired('fresh 3')])

    expect((await window.action('save')).code).toBe('csrf_failed')
    expect((await sent(app)).slice(1)).toEqual(['fresh 2'])
  })

  test('only csrf_failed repeats, whatever else an answer has', async () => {
    const app = await openApp([{ status: 500, body: '{"error":"x","code":"server_error","csrf_token":"t"}' }])

    expect((await window.action('save')).code).toBe('server_error')
    expect(await app.requests()).toHaveLength(1)
  })

  test('a call that was replaced meanwhile is not repeated', async () => {
    const app = await openApp([{ ...expired('fresh 4'), hold: true }])
    const first = window.action('save')
    await app.held(0)
    const second = window.action('save')
    await app.release(0)

    expect([await first, (await second).ok]).toEqual([outcome({ aborted: true }), true])
    expect(await app.requests()).toHaveLength(2)
  })
})

describe('hyper-config', () => {
  const before = structuredClone(config)
  const read = (text) => {
    document.body.innerHTML = `<script type="application/json" id="hyper-config">${text}</script>`
    readConfig()
    return config
  }
  beforeEach(() => configure(before))
  afterAll(() => configure(before))

  test('is read over the defaults', () => {
    read(
      '{"csrf": {"cookie": "c", "header": "H", "token": null}, "messages": {"offline": "Aus."}, "debug": true}',
    )

    expect(config).toEqual({
      csrf: { cookie: 'c', header: 'H', token: null },
      messages: { ...before.messages, offline: 'Aus.' },
    })
  })

  test('may be empty or missing', () => {
    expect(read('')).toEqual(before)
    find('#hyper-config').remove()
    readConfig()
    expect(config).toEqual(before)
  })

  test('its messages are what visitors see', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    configure({ messages: { unexpected_answer: 'Unlesbar.' } })
    await openApp([{ status: 502, body: 'x' }])

    expect((await window.action('save')).error).toBe('Unlesbar.')
  })
})
