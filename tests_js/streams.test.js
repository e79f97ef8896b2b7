import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  actionOf,
  cleanUp,
  evaluate,
  find,
  frame,
  mount,
  openApp,
  outcome,
  recordEvents,
  settled,
  startAlpine,
  stream,
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

const end = (result = null) => frame('end', { result })
const message = (value) => frame('message', value)
const signals = (values) => frame('patch_signals', { signals: values, store: {} })
const toast = (text) => frame('toast', { message: text, level: 'success', tags: '' })
const success = (result = null) => outcome({ ok: true, status: 200, result })
const aborted = outcome({ aborted: true })
const names = (events) => events.map(({ name }) => name)
const seen = () => evaluate('#caller', '[$actions.save.text, $actions.save.message]')
const thrownBy = (call) => call.then(() => null).catch((error) => error)
const disconnected = 'The connection was lost. Please try again.'

const busy = (ms) => {
  const over = performance.now() + ms
  while (performance.now() < over);
}

/** Until the page has what a stream sent. */
const until = (expression, value) =>
  vi.waitFor(() => expect(evaluate('#caller', expression)).toEqual(value), { interval: 5 })

describe('a stream', () => {
  beforeEach(() => mount('<div x-data="{n: 0}" id="caller"></div>'))

  test('is applied in order as it arrives; its end gives the result', async () => {
    const app = await openApp([{ ...stream(signals({ n: 1 }), toast('one')), open: true }])
    const events = recordEvents()
    const call = actionOf()('save')
    await until('n', 1)
    expect(evaluate('#caller', '$actions.save.pending')).toBe(true)
    await app.send(0, toast('two'), signals({ n: 2 }), end({ rows: 2 }))

    expect(await call).toEqual(success({ rows: 2 }))
    expect(evaluate('#caller', '[n, $actions.save.result, $actions.save.pending]')).toEqual([
      2,
      { rows: 2 },
      false,
    ])
    const toasts = events.filter(({ name }) => name === 'toast')
    expect(toasts.map(({ detail }) => detail.value.message)).toEqual(['one', 'two'])
    expect(names(events).slice(-2)).toEqual(['requestSuccess', 'afterRequest'])
  })

  test('message is the last value, text the strings, onMessage gets each; a new call begins anew', async () => {
    const app = await openApp([stream(message('Hel'), message({ at: 1 }), message('lo'), message(2), end())])
    const heard = []
    const onMessage = (value) => heard.push([value, ...seen()])
    await actionOf()('save', {}, { onMessage })

    expect(heard).toEqual([
      ['Hel', 'Hel', 'Hel'],
      [{ at: 1 }, 'Hel', { at: 1 }],
      ['lo', 'Hello', 'lo'],
      [2, 'Hello', 2],
    ])
    expect(seen()).toEqual(['Hello', 2])
    await app.script({ hold: true })
    const call = actionOf()('save')
    await app.held(1)
    expect(seen()).toEqual(['', null])
    await app.release(1)
    await call
  })

  test('an earlier call of two adds nothing to the text of the later one', async () => {
    const app = await openApp([
      { ...stream(message('a')), open: true },
      { ...stream(message('b')), open: true },
    ])
    const calls = [1, 2].map(() => actionOf()('save', {}, { sync: 'none' }))
    await until('$actions.save.text', 'b')
    await app.send(0, message('a'), end(1))
    await calls[0]
    await app.send(1, message('b'), end(2))
    await calls[1]

    expect(seen()).toEqual(['bb', 'b'])
  })

  test('an error event resolves with ok: false and its own status', async () => {
    const failure = { error: 'No title', code: 'invalid', errors: { title: ['Required.'] }, status: 422 }
    await openApp([stream(toast('one'), frame('error', failure))])
    const events = recordEvents()

    expect(await actionOf()('save')).toEqual(outcome(failure))
    expect(evaluate('#caller', '[$actions.save.status, $actions.save.errors, $actions.save.code]')).toEqual([
      422,
      { title: ['Required.'] },
      'invalid',
    ])
    expect(events.at(-2)).toMatchObject({
      name: 'requestError',
      detail: { status: 422, message: 'No title' },
    })
  })

  test('throw: true rejects on it', async () => {
    await openApp([stream(frame('error', { error: 'No', code: 'invalid', status: 422 }))])

    expect(await thrownBy(actionOf()('save', {}, { throw: true }))).toMatchObject({
      code: 'invalid',
      status: 422,
    })
  })

  test('what comes after the last event is ignored, and the connection is closed', async () => {
    const app = await openApp([
      { ...stream(end(1) + signals({ n: 1 }) + end(2)), open: true },
      { ...stream(frame('error', { error: 'No', code: 'x', status: 500 }) + signals({ n: 1 })), open: true },
    ])

    expect((await actionOf()('save')).result).toBe(1)
    expect((await actionOf()('save')).code).toBe('x')
    expect(evaluate('#caller', 'n')).toBe(0)
    await vi.waitFor(async () =>
      expect((await app.requests()).map(({ closed }) => closed)).toEqual([true, true]),
    )
  })

  test('E10 hyper:streamEvent is fired on window for every event, in order, not for heartbeats', async () => {
    await openApp([stream(': ping\n\n', message('a'), ': ping\n\n', toast('b'), end(1)), {}])
    const events = recordEvents()
    await actionOf()('save', {}, { key: 'k' })
    await actionOf()('save')

    const told = events.filter(({ name }) => name === 'streamEvent')
    expect(told.map(({ detail, target }) => [detail, target === window])).toEqual([
      [{ event: 'message', data: 'a', key: 'k' }, true],
      [{ event: 'toast', data: { message: 'b', level: 'success', tags: '' }, key: 'k' }, true],
      [{ event: 'end', data: { result: 1 }, key: 'k' }, true],
    ])
  })

  test('E10 an error event is told too', async () => {
    await openApp([stream(frame('error', { error: 'No', code: 'x', status: 500 }))])
    const events = recordEvents()
    await actionOf()('save')

    expect(names(events)).toEqual(['beforeRequest', 'streamEvent', 'requestError', 'afterRequest'])
  })

  test('timeout ends with the first byte', async () => {
    const app = await openApp([{ ...stream(message('a')), open: true }])
    const call = actionOf()('save', {}, { timeout: 150 })
    await until('$actions.save.text', 'a')
    await new Promise((resolve) => setTimeout(resolve, 300))
    await app.send(0, end(1))

    expect(await call).toEqual(success(1))
  })

  test('C21 a hook that throws rejects at once with exception, and the stream is closed', async () => {
    const app = await openApp([{ ...stream(message('a'), signals({ n: 1 })), open: true }])
    const onMessage = () => {
      throw new RangeError('boom')
    }
    const error = await thrownBy(actionOf()('save', {}, { onMessage }))

    expect([error.code, error.cause.message]).toEqual(['exception', 'boom'])
    await vi.waitFor(async () => expect((await app.requests())[0].closed).toBe(true))
    expect(evaluate('#caller', '[n, $actions.save.pending]')).toEqual([0, false])
  })

  test('F11 CR, LF and U+2028 inside JSON forge no event', async () => {
    const text = '\r\nevent: toast\r\rdata: {}\n\n\u2028\u2029'
    await openApp([stream(message(text), end(text))])
    const events = recordEvents()

    expect((await actionOf()('save')).result).toBe(text)
    expect(seen()).toEqual([text, text])
    expect(names(events)).not.toContain('toast')
  })
})

describe('C30 F03 a stream that is not whole', () => {
  beforeEach(() => mount('<div x-data="{n: 0}" id="caller"></div>'))

  test.each([
    ['ends without its last event', { ...stream(signals({ n: 1 })) }],
    ['ends inside its last event', stream(signals({ n: 1 }), end().slice(0, -1))],
    ['is empty', stream()],
  ])('%s: rejects with disconnected, sent once', async (_, script) => {
    const app = await openApp([script])
    const events = recordEvents()
    const error = await thrownBy(actionOf()('save', {}, { retry: 3 }))

    expect([error.code, error.message]).toEqual(['disconnected', disconnected])
    expect(evaluate('#caller', '[$actions.save.code, $actions.save.error, $actions.save.pending]')).toEqual([
      'disconnected',
      disconnected,
      false,
    ])
    expect(names(events).slice(-2)).toEqual(['requestException', 'afterRequest'])
    expect(await app.requests()).toHaveLength(1)
  })

  test('the server dies: what came stays, rejects with disconnected', async () => {
    const app = await openApp([{ ...stream(signals({ n: 1 }), message('a')), open: true }])
    const call = thrownBy(actionOf()('save'))
    await until('$actions.save.text', 'a')
    await app.cut(0)

    expect((await call).code).toBe('disconnected')
    expect(evaluate('#caller', '[n, $actions.save.text]')).toEqual([1, 'a'])
  })

  test.each([
    ['the wrong type', { headers: { 'Content-Type': 'text/plain' }, open: true }, 200],
    ['the type of a page', { headers: { 'Content-Type': 'text/html' }, open: true }, 200],
    ['no success', { status: 502, open: true }, 502],
  ])('with %s resolves unexpected_answer; nothing is applied, and it is closed', async (_, more, status) => {
    const app = await openApp([{ ...stream(signals({ n: 1 }), end()), ...more }])
    const error = 'The answer could not be read. Please try again.'

    expect(await actionOf()('save')).toEqual(outcome({ status, error, code: 'unexpected_answer' }))
    expect(evaluate('#caller', 'n')).toBe(0)
    await vi.waitFor(async () => expect((await app.requests())[0].closed).toBe(true))
  })

  test.each([
    ['data that is no JSON', 'event: patch_signals\ndata: {"signals"\n\n'],
    ['an end without a result', frame('end', {})],
    ['an end that is null', frame('end', null)],
    ['an error without a code', frame('error', { error: 'x', status: 500 })],
    ['an error that is a text', frame('error', 'x')],
  ])('%s resolves unexpected_answer', async (_, piece) => {
    await openApp([stream(piece, signals({ n: 1 }), end())])

    expect(await actionOf()('save')).toMatchObject({ ok: false, code: 'unexpected_answer' })
    expect(evaluate('#caller', 'n')).toBe(0)
  })
})

describe('C25 a stream that has ended for its call', () => {
  beforeEach(() => mount('<div x-data="{n: 0}" id="caller"></div>'))

  test('replaced: neither later nor arrived events are applied, and it is closed', async () => {
    const app = await openApp([
      { ...stream(message('a') + message('b') + signals({ n: 1 })), open: true },
      {},
    ])
    const events = recordEvents()
    let second
    const onMessage = () => {
      second = actionOf()('save', {}, { key: 'k' })
    }

    expect(await actionOf()('save', {}, { onMessage, key: 'k' })).toEqual(aborted)
    expect(await second).toEqual(success())
    expect([evaluate('#caller', 'n'), ...seen()]).toEqual([0, '', null])
    expect(names(events).filter((name) => name === 'streamEvent')).toHaveLength(1)
    await vi.waitFor(async () => expect((await app.requests())[0].closed).toBe(true))
  })

  test('aborted by a listener of hyper:streamEvent: that event is not applied', async () => {
    await openApp([stream(signals({ n: 1 }) + signals({ n: 2 }), end())])
    const stop = new AbortController()
    addEventListener('hyper:streamEvent', () => stop.abort(), { once: true })

    expect(await actionOf()('save', {}, { signal: stop.signal })).toEqual(aborted)
    expect(evaluate('#caller', 'n')).toBe(0)
  })

  test('abort() while it is idle stops it on the server too', async () => {
    const app = await openApp([{ ...stream(message('a')), open: true }])
    const call = actionOf()('save')
    await until('$actions.save.text', 'a')
    evaluate('#caller', '$actions.save.abort()')

    expect(await call).toEqual(aborted)
    expect(seen()).toEqual(['a', 'a'])
    await vi.waitFor(async () => expect((await app.requests())[0].closed).toBe(true))
  })
})

describe('C27 the source element of a stream is removed', () => {
  const rows = '<div x-data="{n: 0, open: true}" id="outer"><i id="caller" x-data></i></div>'
  const outer = (expression) => evaluate('#outer', expression)

  test.each(['GET', 'POST'])('by the page: a %s is aborted', async (method) => {
    const app = await openApp([{ ...stream(message('a')), open: true }])
    mount(rows)
    const call = actionOf()('save', {}, { method })
    await until('$actions.save.text', 'a')
    find('#caller').remove()

    expect(await call).toEqual(aborted)
    expect(outer('$actions.save.pending')).toBe(false)
    await vi.waitFor(async () => expect((await app.requests())[0].closed).toBe(true))
  })

  test('with its component', async () => {
    await openApp([{ ...stream(message('a')), open: true }])
    mount('<div x-data id="outer"><div x-data><i id="caller"></i></div></div>')
    const call = actionOf()('save')
    await until('$actions.save.text', 'a')
    find('#caller').parentElement.remove()

    expect(await call).toEqual(aborted)
  })

  test('before a POST turned out to be a stream: it is aborted then', async () => {
    const app = await openApp([{ ...stream(), hold: true, open: true }])
    mount(rows)
    const call = actionOf()('save')
    await app.held(0)
    find('#caller').remove()
    await settled()
    await app.release(0)

    expect(await call).toEqual(aborted)
    await vi.waitFor(async () => expect((await app.requests())[0].closed).toBe(true))
  })

  test('by a hook: the next event is not applied', async () => {
    await openApp([stream(message('a') + signals({ n: 1 }), end())])
    mount(rows)

    expect(await actionOf()('save', {}, { onMessage: () => find('#caller').remove() })).toEqual(aborted)
    expect(outer('n')).toBe(0)
  })

  test('by what the stream itself does: it goes on', async () => {
    const removal = frame('dispatch_event', { name: 'removed', detail: null, target: null })
    const app = await openApp([{ ...stream(removal + message('a')), open: true }])
    mount(rows)
    find('#caller').addEventListener('removed', ({ target }) => target.remove())
    const events = recordEvents()
    const call = actionOf()('save')
    await vi.waitFor(() => expect(outer('$actions.save.text')).toBe('a'))
    await settled()
    await app.send(0, signals({ n: 1 }), toast('b'), end(1))

    expect(await call).toEqual(success(1))
    expect(outer('n')).toBe(1)
    expect(events.slice(-5).map(({ name, target }) => [name, target === window])).toEqual([
      ['streamEvent', true],
      ['toast', true],
      ['streamEvent', true],
      ['requestSuccess', true],
      ['afterRequest', true],
    ])
  })

  test('by the effect of a signal it sent: it goes on', async () => {
    const app = await openApp([{ ...stream(signals({ open: false })), open: true }])
    mount(`<div x-data="{n: 0, open: true}" id="outer">
      <template x-if="open"><i id="caller"></i></template></div>`)
    await vi.waitFor(() => find('#caller'))
    const call = actionOf()('save')
    await vi.waitFor(() => expect(document.querySelector('#caller')).toBe(null))
    await settled()
    await app.send(0, signals({ n: 1 }), end(1))

    expect(await call).toEqual(success(1))
    expect(outer('n')).toBe(1)
  })

  test('by the effect of a signal, while the browser has its turn: it goes on', async () => {
    const items = signals({ open: false }) + Array.from({ length: 30 }, (_, n) => message(n)).join('')
    await openApp([stream(items + end(1))])
    mount('<div x-data="{open: true}" id="outer"><template x-if="open"><i id="caller"></i></template></div>')
    await vi.waitFor(() => find('#caller'))

    expect(await actionOf()('save', {}, { onMessage: () => busy(2) })).toEqual(success(1))
  })

  test('a form with method="get" is aborted with it', async () => {
    const app = await openApp([{ hold: true }])
    mount('<div x-data><form id="caller" method="get"></form></div>')
    const call = actionOf()('save', {}, { form: '#caller' })
    await app.held(0)
    find('#caller').remove()

    expect(await call).toEqual(aborted)
  })
})

describe('E12 F03 a GET stream', () => {
  const get = { method: 'GET' }

  test('that is interrupted is sent again, and goes on where it was', async () => {
    const app = await openApp([stream(message('a')), { drop: 'before' }, stream(message('b'), end(1))])
    mount('<div x-data id="caller"></div>')
    const events = recordEvents()

    expect(await actionOf()('save', { q: 1 }, get)).toEqual(success(1))
    expect(seen()).toEqual(['ab', 'b'])
    const requests = await app.requests()
    expect(requests.map(({ headers }) => headers['x-hyper-attempt'])).toEqual([undefined, '2', '3'])
    expect(new Set(requests.map(({ headers }) => headers['x-hyper-request-id'])).size).toBe(1)
    expect(names(events)).toEqual([
      'beforeRequest',
      'streamEvent',
      'requestRetry',
      'requestRetry',
      'streamEvent',
      'streamEvent',
      'requestSuccess',
      'afterRequest',
    ])
    const [{ detail }] = events.filter(({ name }) => name === 'requestRetry')
    expect(detail.attempt).toBe(1)
    expect(detail.delay).toBeGreaterThanOrEqual(800)
    expect(detail.delay).toBeLessThanOrEqual(1200)
  })

  test('with retry: false is not', async () => {
    const app = await openApp([stream(message('a'))])

    expect((await thrownBy(window.action('save', {}, { ...get, retry: false }))).code).toBe('disconnected')
    expect(await app.requests()).toHaveLength(1)
  })

  test('with a number gives up after so many', async () => {
    const app = await openApp([stream(message('a')), stream(message('b'))])

    expect((await thrownBy(window.action('save', {}, { ...get, retry: 1 }))).code).toBe('disconnected')
    expect(await app.requests()).toHaveLength(2)
  })

  test('whose first attempt is lost is not known to be one', async () => {
    const app = await openApp([{ drop: 'before' }])

    expect((await thrownBy(window.action('save', {}, get))).code).toBe('network')
    expect(await app.requests()).toHaveLength(1)
  })

  test('that is aborted is not sent again, and tells of no repeat', async () => {
    const app = await openApp([{ ...stream(message('a')), open: true }])
    mount('<div x-data id="caller"></div>')
    const events = recordEvents()
    const call = actionOf()('save', {}, get)
    await until('$actions.save.text', 'a')
    evaluate('#caller', '$actions.save.abort()')

    expect(await call).toEqual(aborted)
    await vi.waitFor(async () => expect((await app.requests())[0].closed).toBe(true))
    expect(names(events)).toEqual(['beforeRequest', 'streamEvent', 'requestAborted', 'afterRequest'])
  })

  test('waits while offline; what fails then is not counted', async () => {
    const app = await openApp([stream(message('a')), stream(), stream(end(1))])
    const online = vi.spyOn(navigator, 'onLine', 'get')
    addEventListener('hyper:streamEvent', () => online.mockReturnValue(false), { once: true })
    const call = window.action('save', {}, { ...get, retry: 1 })
    await new Promise((resolve) => setTimeout(resolve, 1400))
    expect(await app.requests()).toHaveLength(1)
    online.mockReturnValue(true)
    dispatchEvent(new Event('online'))

    expect(await call).toEqual(success(1))
  })
})

describe('a long stream', () => {
  test('gives the browser its turn at least every 50 ms', async () => {
    const items = Array.from({ length: 200 }, (_, n) => message(n)).join('')
    await openApp([stream(items, end(1))])
    mount('<div x-data id="caller"></div>')
    let worked = 0
    let longest = 0
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      worked = 0
      port2.postMessage(0)
    }
    port2.postMessage(0)
    const onMessage = () => {
      busy(2)
      worked += 2
      longest = Math.max(longest, worked)
    }

    expect((await actionOf()('save', {}, { onMessage })).result).toBe(1)
    port1.close()
    expect(longest).toBeLessThan(50)
    expect(seen()[1]).toBe(199)
  })

  test('a long JSON answer does too, and is applied to the end though its call is aborted', async () => {
    const items = Array.from({ length: 100 }, (_, n) => ({ event: 'message', data: n }))
    await openApp([{ body: JSON.stringify({ result: 1, items }) }])
    mount('<div x-data id="caller"></div>')
    const stop = new AbortController()
    const onMessage = () => busy(2)
    const call = actionOf()('save', {}, { onMessage, signal: stop.signal })
    await until('$actions.save.pending', true)
    await vi.waitFor(() => expect(seen()[1]).not.toBe(null), { interval: 1 })
    expect(seen()[1]).toBeLessThan(99)
    stop.abort()

    expect(await call).toEqual(success(1))
    expect(seen()[1]).toBe(99)
  })

  test('stops between its turns when its source is removed', async () => {
    const items = Array.from({ length: 100 }, (_, n) => message(n)).join('')
    await openApp([stream(items + end(1))])
    mount('<div x-data id="outer"><i id="caller"></i></div>')
    let heard = 0
    const onMessage = () => {
      heard += 1
      busy(2)
    }
    const call = actionOf()('save', {}, { onMessage })
    await vi.waitFor(() => expect(heard).toBeGreaterThan(0), { interval: 1 })
    find('#caller').remove()

    expect(await call).toEqual(aborted)
    expect(heard).toBeLessThan(100)
  })

  test('10,000 events are applied', async () => {
    const items = Array.from({ length: 10_000 }, (_, n) => signals({ n })).join('')
    await openApp([stream(items, end(1))])
    mount('<div x-data="{n: 0}" id="caller"><b x-text="n"></b></div>')

    expect(await actionOf()('save')).toEqual(success(1))
    await Alpine.nextTick()
    expect(find('b').textContent).toBe('9999')
  })
})
