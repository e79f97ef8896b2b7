import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ActionError } from '../alpine-plugin/src/index.js'
import {
  actionAt,
  actionOf,
  cleanUp,
  evaluate,
  find,
  mount,
  openApp,
  outcome,
  recordEvents,
  settled,
  startAlpine,
} from './app.js'

/** @type {ReturnType<typeof startAlpine>} */
let Alpine

beforeAll(() => {
  Alpine = startAlpine()
})
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(cleanUp)

const names = (events) => events.map(({ name }) => name)
const state = (selector = '#caller') => evaluate(selector, '[$actions.save.pending, $actions.save.code]')
const thrownBy = (call) => call.then(() => null).catch((error) => error)
const html = { 'Content-Type': 'text/html' }

// The browser's own offline mode would cut the test runner off too.
const setOffline = (offline) => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(!offline)
  dispatchEvent(new Event(offline ? 'offline' : 'online'))
}

describe('C30 an answer that is not ours', () => {
  test.each([
    ['a login page', { headers: html, body: '<!doctype html><form></form>' }, 200],
    ['a proxy’s 502', { status: 502, headers: html, body: '<h1>Bad gateway</h1>' }, 502],
    ['a redirect', { status: 302, headers: { Location: '/app/elsewhere/' } }, 0],
    ['JSON without result', { body: '{"a":1}' }, 200],
    ['JSON that is no object', { body: '[1]' }, 200],
    ['null', { body: 'null' }, 200],
    ['broken JSON', { body: '{"result":' }, 200],
    ['an error without a code', { status: 400, body: '{"error":"x"}' }, 400],
    ['an error whose text is none', { status: 400, body: '{"error":{},"code":"x"}' }, 400],
    ['a result with an error status', { status: 500, body: '{"result":1}' }, 500],
    ['no content', { status: 204, body: '' }, 204],
  ])('%s resolves unexpected_answer', async (_, script, status) => {
    const app = await openApp([script])
    mount('<div x-data id="caller"></div>')
    const events = recordEvents()
    const error = 'The answer could not be read. Please try again.'

    expect(await actionOf()('save')).toEqual(outcome({ status, error, code: 'unexpected_answer' }))
    expect(events.at(-2)).toMatchObject({ name: 'requestError', detail: { status, message: error } })
    expect(state()).toEqual([false, 'unexpected_answer'])
    expect(console.warn).toHaveBeenCalledOnce()
    expect(await app.requests()).toHaveLength(1)
  })

  test('errors that are no object are none; items that are no list are none', async () => {
    await openApp([
      { status: 422, body: '{"error":"No","code":"invalid","errors":["x"]}' },
      { body: '{"result":1,"items":{"event":"toast"}}' },
    ])

    expect(await window.action('save')).toEqual(outcome({ status: 422, error: 'No', code: 'invalid' }))
    expect(await window.action('save')).toEqual(outcome({ ok: true, status: 200, result: 1 }))
  })
})

describe('C21 F05 the network', () => {
  test.each([
    ['before the answer', 'before'],
    ['inside the answer', 'inside'],
  ])('C28 lost %s: rejects with network, and a POST is sent once', async (_, drop) => {
    const app = await openApp([
      { drop, body: JSON.stringify({ result: 'x'.repeat(100) }), headers: { 'Content-Length': '113' } },
    ])
    mount('<div x-data id="caller"></div>')
    const events = recordEvents()
    const error = await thrownBy(actionOf()('save'))

    expect([error instanceof ActionError, error.code, error.message]).toEqual([
      true,
      'network',
      'The connection was lost. Please try again.',
    ])
    expect(state()).toEqual([false, 'network'])
    expect(names(events)).toEqual(['beforeRequest', 'requestException', 'afterRequest'])
    expect(await app.requests()).toHaveLength(1)
  })

  test('timeout: from sending to the first byte', async () => {
    const app = await openApp([{ hold: true }])
    mount('<div x-data id="caller"></div>')
    const error = await thrownBy(actionOf()('save', {}, { timeout: 60 }))

    expect([error.code, error.message]).toEqual(['timeout', 'This took too long. Please try again.'])
    expect(state()).toEqual([false, 'timeout'])
    await vi.waitFor(async () => expect((await app.requests())[0].closed).toBe(true))
  })

  test.each([0, Infinity])('timeout %d is none', async (timeout) => {
    await openApp()

    expect((await window.action('save', {}, { timeout })).ok).toBe(true)
  })

  test('E12 retry: the same request again, with its attempt; events tell', async () => {
    const app = await openApp([{ drop: 'before' }, { drop: 'before' }])
    const events = recordEvents()

    expect(await window.action('save', { a: 1 }, { retry: 2 })).toEqual(
      outcome({ ok: true, status: 200, result: 2 }),
    )
    const requests = await app.requests()
    expect(requests.map(({ headers, body }) => [headers['x-hyper-attempt'], body])).toEqual([
      [undefined, '{"a":1}'],
      ['2', '{"a":1}'],
      ['3', '{"a":1}'],
    ])
    expect(new Set(requests.map(({ headers }) => headers['x-hyper-request-id'])).size).toBe(1)
    expect(names(events)).toEqual([
      'beforeRequest',
      'requestRetry',
      'requestRetry',
      'requestSuccess',
      'afterRequest',
    ])
    const delays = events.filter(({ name }) => name === 'requestRetry').map(({ detail }) => detail)
    expect(delays.map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(delays[0].delay).toBeGreaterThanOrEqual(800)
    expect(delays[1].delay).toBeLessThanOrEqual(2400)
  })

  test('retry gives up after so many; an error status and a timeout are not repeated', async () => {
    const app = await openApp([
      { drop: 'before' },
      { drop: 'before' },
      { status: 500, body: '{"error":"x","code":"server_error"}' },
      { hold: true },
    ])

    expect((await thrownBy(window.action('save', {}, { retry: 1 }))).code).toBe('network')
    expect((await window.action('save', {}, { retry: true })).code).toBe('server_error')
    expect((await thrownBy(window.action('save', {}, { retry: true, timeout: 50 }))).code).toBe('timeout')
    expect(await app.requests()).toHaveLength(4)
  })

  test('a call that is aborted while it waits is not sent again', async () => {
    const app = await openApp([{ drop: 'before' }])
    const stop = new AbortController()
    addEventListener('hyper:requestRetry', () => stop.abort(), { once: true })

    expect(await window.action('save', {}, { retry: true, signal: stop.signal })).toEqual(
      outcome({ aborted: true }),
    )
    await new Promise((resolve) => setTimeout(resolve, 1300))
    expect(await app.requests()).toHaveLength(1)
  })

  test('F04 offline: rejects at once, nothing is sent; $store.hyper.online follows', async () => {
    const app = await openApp()
    mount('<div x-data id="caller"></div>')
    const events = recordEvents()
    setOffline(true)
    const error = await thrownBy(actionOf()('save', {}, { retry: true }))
    await vi.waitFor(() => expect(Alpine.store('hyper').online).toBe(false))
    setOffline(false)

    expect([error.code, error.message]).toEqual(['offline', 'You are offline. Please try again later.'])
    expect(names(events)).toEqual(['requestException'])
    expect(state()).toEqual([false, 'offline'])
    await vi.waitFor(() => expect(Alpine.store('hyper').online).toBe(true))
    expect(await app.requests()).toEqual([])
  })

  test('retry waits while offline', async () => {
    const app = await openApp([{ drop: 'before' }])
    addEventListener('hyper:requestRetry', () => setOffline(true), { once: true })
    const call = window.action('save', {}, { retry: 1 })
    await vi.waitFor(() => expect(navigator.onLine).toBe(false), { timeout: 3000 })
    await new Promise((resolve) => setTimeout(resolve, 1300))
    setOffline(false)

    expect((await call).ok).toBe(true)
    expect(await app.requests()).toHaveLength(2)
  })
})

describe('C25 late answers', () => {
  test.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 2, 0]]])(
    'answered in the order %j, the page shows the call that was sent last',
    async (order) => {
      const answer = (n) => ({
        hold: true,
        body: `{"result":${n},"items":[{"event":"patch_signals","data":{"signals":{"seen":${n}},"store":{}}}]}`,
      })
      const app = await openApp([0, 1, 2].map(answer))
      mount('<div x-data="{seen: null}" id="caller"></div>')
      const calls = []
      for (const n of [0, 1, 2]) {
        calls.push(actionOf()('save', { n }))
        await app.held(n)
      }
      for (const n of order) {
        await app.release(n)
      }

      expect((await Promise.all(calls)).map(({ aborted, result }) => [aborted, result])).toEqual([
        [true, null],
        [true, null],
        [false, 2],
      ])
      expect(evaluate('#caller', '[seen, $actions.save.result, $actions.save.pending]')).toEqual([
        2,
        2,
        false,
      ])
    },
  )

  test('bytes that had arrived when the call was replaced change nothing', async () => {
    const body = '{"result":1,"items":[{"event":"patch_signals","data":{"signals":{"seen":1},"store":{}}}]}'
    await openApp([{ body }, {}])
    mount('<div x-data="{seen: null}" id="caller"></div>')
    const read = vi.spyOn(Response.prototype, 'text')
    let second
    read.mockImplementationOnce(async () => {
      second = actionOf()('save')
      return body
    })

    expect(await actionOf()('save')).toEqual(outcome({ aborted: true }))
    await second
    expect(evaluate('#caller', '[seen, $actions.save.result]')).toEqual([null, null])
  })
})

describe('C27 the source element is removed', () => {
  test('every GET of an element without markup of its own is aborted, and it may come back', async () => {
    const app = await openApp([{ hold: true }, { hold: true }])
    mount('<div x-data id="outer"><i id="caller"></i></div>')
    const caller = find('#caller')
    const calls = [1, 2].map(() => actionOf()('save', {}, { method: 'GET', sync: 'none' }))
    await app.held(1)
    caller.remove()

    expect(await Promise.all(calls)).toEqual([outcome({ aborted: true }), outcome({ aborted: true })])
    find('#outer').append(caller)
    expect((await actionOf()('save', {}, { method: 'GET' })).ok).toBe(true)
  })

  test('a GET is aborted, and the state around is settled', async () => {
    const app = await openApp([{ hold: true }])
    mount('<div x-data id="outer"><i id="caller" x-data></i></div>')
    const events = recordEvents()
    const call = actionOf()('save', {}, { method: 'GET' })
    await app.held(0)
    find('#caller').remove()

    expect(await call).toEqual(outcome({ aborted: true }))
    expect(state('#outer')).toEqual([false, null])
    expect(events.map(({ name, target }) => [name, target === window])).toEqual([
      ['beforeRequest', false],
      ['requestAborted', true],
      ['afterRequest', true],
    ])
  })

  test('a POST runs on: its items are applied, its events fire on window', async () => {
    const items = '[{"event":"toast","data":{"message":"Removed"}}]'
    const app = await openApp([{ hold: true, body: `{"result":1,"items":${items}}` }])
    mount('<div x-data id="outer"><i id="caller" x-data></i></div>')
    const events = recordEvents()
    const call = actionOf()('save')
    await app.held(0)
    find('#caller').remove()
    await settled()
    await app.release(0)

    expect((await call).ok).toBe(true)
    expect(events.slice(1).map(({ name, target }) => [name, target === window])).toEqual([
      ['toast', true],
      ['requestSuccess', true],
      ['afterRequest', true],
    ])
    expect(evaluate('#outer', '[$actions.save.pending, $actions.save.result]')).toEqual([false, 1])
  })

  test('1,000 mounts leave nothing', async () => {
    await openApp()
    const outer = mount('<div x-data id="outer"></div>').firstElementChild
    /** @type {WeakRef<Element>[]} */
    const refs = []
    for (let n = 0; n < 1000; n += 50) {
      const rows = Array.from({ length: 50 }, () => {
        const row = document.createElement('p')
        row.setAttribute('x-data', '{n: 1}')
        row.innerHTML = '<b x-text="$actions.save.pending"></b>'
        Alpine.mutateDom(() => outer.append(row))
        Alpine.initTree(row)
        refs.push(new WeakRef(row))
        return row
      })
      await Promise.all(
        rows.map((row, index) => actionAt(row)('save', {}, { method: index % 2 ? 'GET' : 'POST' })),
      )
      for (const row of rows) {
        row.remove()
      }
    }
    await settled()
    await vi.waitFor(
      () => {
        globalThis.gc()
        expect(refs.filter((ref) => ref.deref()).length).toBeLessThan(60)
      },
      { timeout: 5000 },
    )

    expect(evaluate('#outer', '$actions.save.pending')).toBe(false)
    expect(Alpine.store('hyper').calls).toBe(0)
  }, 60_000)
})

describe('C26 every call settles once', () => {
  /** Numbers that are the same in each run. */
  function* randomNumbers(seed) {
    let value = seed
    while (true) {
      value = (value * 1_103_515_245 + 12_345) % 2 ** 31
      yield value / 2 ** 31
    }
  }

  test('200 random faults', async () => {
    const random = randomNumbers(7)
    const pick = (list) => list[Math.floor(random.next().value * list.length)]
    const script = Array.from({ length: 400 }, () =>
      pick([
        {},
        { drop: 'before' },
        { drop: 'inside', headers: { 'Content-Length': '99' } },
        { status: 500, body: '{"error":"x","code":"server_error"}' },
        { status: 502, headers: html, body: 'x' },
        { status: 302, headers: { Location: '/' } },
        { body: '{"result":1,"items":[{"event":"nope"},null]}' },
      ]),
    )
    await openApp(script)
    mount('<div x-data id="outer"><i x-data id="a"></i><i x-data id="b"></i></div>')
    const events = recordEvents()
    const stop = () => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 5)
      return controller.signal
    }
    const settlements = []
    const calls = Array.from({ length: 200 }, (_, n) => {
      const options = {
        sync: pick(['replace', 'block', 'none', 'queue']),
        key: pick(['k', 'l', undefined]),
        timeout: pick([5, 60_000]),
        signal: pick([undefined, undefined, stop()]),
        onBeforeSubmit: pick([
          undefined,
          () => false,
          async () => settled(),
          () => Promise.reject(new Error('x')),
        ]),
      }
      const call = actionOf(pick(['#a', '#b', '#outer']))('save', {}, options)
      return call
        .finally(() => settlements.push(n))
        .catch((error) => expect(error).toBeInstanceOf(ActionError))
    })
    await Promise.all(calls)

    expect(settlements).toHaveLength(200)
    const count = (name) => names(events).filter((each) => each === name).length
    expect(count('beforeRequest')).toBe(count('afterRequest'))
    expect(
      ['requestSuccess', 'requestError', 'requestException', 'requestAborted', 'requestBlocked']
        .map(count)
        .reduce((a, b) => a + b),
    ).toBe(200)
    expect(['#outer', '#a', '#b'].map((each) => state(each)[0])).toEqual([false, false, false])
    expect(Alpine.store('hyper')).toMatchObject({ calls: 0, pending: false })
  })

  test('a page restored by Back settles what was in flight as aborted, and starts nothing that waits', async () => {
    const app = await openApp([{ hold: true }])
    mount('<div x-data id="caller"></div>')
    const calls = [1, 2].map(() => actionOf()('save', {}, { sync: 'queue' }))
    await app.held(0)
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))
    expect(state()[0]).toBe(true)
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))

    expect(await Promise.all(calls)).toEqual([outcome({ aborted: true }), outcome({ aborted: true })])
    expect(state()).toEqual([false, null])
    expect(Alpine.store('hyper')).toMatchObject({ calls: 0, pending: false })
    expect(await app.requests()).toHaveLength(1)
  })
})
