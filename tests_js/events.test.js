import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  actionOf,
  cleanUp,
  evaluate,
  find,
  mount,
  openApp,
  recordEvents,
  recordNavigations,
  startAlpine,
} from './app.js'

beforeAll(startAlpine)
afterEach(cleanUp)

describe('events', () => {
  test('E01 E02 E06 of a success, on the source element', async () => {
    await openApp([], '?a=1')
    mount('<div x-data><i id="caller"></i></div>')
    const events = recordEvents()
    await actionOf()('save', {}, { key: 'k' })

    const target = find('#caller')
    expect(events).toEqual([
      {
        name: 'beforeRequest',
        target,
        detail: { key: 'k', url: location.href, method: 'POST', action: 'save' },
      },
      { name: 'requestSuccess', target, detail: { key: 'k', status: 200 } },
      { name: 'afterRequest', target, detail: { key: 'k' } },
    ])
  })

  test.each([400, 404, 422, 500])('E07 of status %d', async (status) => {
    await openApp([{ status, body: '{"error":"No","code":"some"}' }])
    const events = recordEvents()
    await window.action('save', {}, { key: 'k' })

    expect(events.map(({ name, detail }) => [name, detail]).slice(1)).toEqual([
      ['requestError', { key: 'k', status, message: 'No' }],
      ['afterRequest', { key: 'k' }],
    ])
  })

  test('E01 pending is set when beforeRequest fires, before the network', async () => {
    const app = await openApp()
    mount('<div x-data id="caller"></div>')
    let seen
    const look = async () => {
      seen = [evaluate('#caller', '$actions.save.pending'), await app.requests()]
    }
    addEventListener('hyper:beforeRequest', look, { once: true })
    await actionOf()('save')

    expect(seen[0]).toBe(true)
  })

  test('E13 @hyper:request-success.camel in markup', async () => {
    await openApp()
    mount(`<div x-data="{seen: 0}" id="outer" @hyper:request-success.camel="seen = $event.detail.status">
      <i id="caller"></i></div>`)
    await actionOf()('save')

    expect(evaluate('#outer', 'seen')).toBe(200)
  })
})

describe('E12 loginRequired', () => {
  const answer = (url) => ({
    status: 401,
    body: JSON.stringify({ error: 'Log in.', code: 'login_required', login_url: url }),
  })

  test.each(['/login/?next=/', 'https://sso.example/'])('the browser goes to %s', async (url) => {
    await openApp([answer(url)])
    const urls = recordNavigations()
    const events = recordEvents()

    expect((await window.action('save', {}, { key: 'k' })).code).toBe('login_required')
    expect(urls).toEqual([new URL(url, location.href).href])
    expect(events.at(-1)).toMatchObject({ name: 'loginRequired', detail: { key: 'k', url } })
  })

  test('prevented, it stays', async () => {
    await openApp([answer('/login/')])
    const urls = recordNavigations()
    addEventListener('hyper:loginRequired', (event) => event.preventDefault(), { once: true })
    await window.action('save')

    expect(urls).toEqual([])
  })

  test.each([['javascript:window.hacked=1'], [undefined]])('%s is not followed', async (url) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    await openApp([answer(url)])
    const urls = recordNavigations()
    await window.action('save')

    expect([urls, window.hacked]).toEqual([[], undefined])
  })
})

describe('the plugin', () => {
  test('registers once; a second time changes nothing', async () => {
    const { default: hyper } = await import('../alpine-plugin/src/index.js')
    const Alpine = startAlpine()
    const { action } = window
    const store = Alpine.store('hyper')
    Alpine.plugin(hyper)

    expect([window.action, Alpine.store('hyper')]).toEqual([action, store])
  })

  test('adds to window nothing but action', async () => {
    const frame = document.createElement('iframe')
    document.body.append(frame)
    const fresh = Object.getOwnPropertyNames(frame.contentWindow)

    expect(
      Object.getOwnPropertyNames(window).filter(
        (name) => /hyper|^action/i.test(name) && !fresh.includes(name),
      ),
    ).toEqual(['action'])
  })
})
