import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ActionError } from '../alpine-plugin/src/index.js'
import {
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

beforeAll(startAlpine)
afterEach(cleanUp)

const success = (result) => outcome({ ok: true, status: 200, result })
const names = (events) => events.map(({ name }) => name)
const held = { hold: true, body: '{"result":"held"}' }
const invalid = {
  status: 422,
  body: '{"error":"No title","code":"invalid","errors":{"title":["Required."]}}',
}

/** @type {ReturnType<typeof vi.fn>} */
let events

beforeEach(() => {
  events = recordEvents()
})

describe('calling', () => {
  test('C01 the magic works in markup', async () => {
    const app = await openApp()
    mount(`<div x-data><button id="b" @click="$action('save', {title: 'Milk'})"></button></div>`)

    find('#b').click()

    const [{ method, headers, body }] = await app.arrived(1)
    expect([method, headers['x-hyper-action'], body]).toEqual(['POST', 'save', '{"title":"Milk"}'])
  })

  test('C02 window.action takes the same arguments', async () => {
    const app = await openApp()

    expect(await window.action('save', { title: 'Milk' }, { target: '#x' })).toEqual(success(0))
    const [{ headers, body }] = await app.requests()
    expect([headers['x-hyper-target'], body]).toEqual(['#x', '{"title":"Milk"}'])
  })

  test('C03 data and options may be left out', async () => {
    await openApp()

    expect(await window.action('save')).toEqual(success(0))
    expect(await window.action('save', undefined, undefined)).toEqual(success(1))
    expect(await window.action('save', {})).toEqual(success(2))
  })

  test('C22 an error status resolves with ok: false', async () => {
    await openApp([invalid])

    expect(await window.action('save')).toEqual(
      outcome({ status: 422, error: 'No title', code: 'invalid', errors: { title: ['Required.'] } }),
    )
  })

  test('C22 throw: true rejects with what the server said', async () => {
    await openApp([invalid])

    const error = await window.action('save', {}, { throw: true }).catch((thrown) => thrown)

    expect(error).toBeInstanceOf(ActionError)
    expect({ ...error, message: error.message }).toEqual({
      name: 'ActionError',
      message: 'No title',
      code: 'invalid',
      status: 422,
      errors: { title: ['Required.'] },
    })
    expect(names(events)).toEqual(['beforeRequest', 'requestError', 'afterRequest'])
  })

  test('data that is no object rejects, and nothing is sent', async () => {
    const app = await openApp()

    const onBeforeSubmit = (request) => {
      request.data = ['x']
    }
    const error = await window.action('save', {}, { onBeforeSubmit }).catch((thrown) => thrown)

    expect([error.code, error.cause.message]).toEqual([
      'exception',
      `data of 'save' is ["x"]; expected an object. Name the arguments.`,
    ])
    expect(await app.requests()).toEqual([])
  })
})

describe('lanes', () => {
  beforeEach(() => mount('<div x-data id="caller"><i id="other"></i></div><p x-data id="second"></p>'))

  test('C10 C13 E04 replace is the default: the first resolves aborted, the last wins, events in order', async () => {
    const app = await openApp([held, { body: '{"result":"last"}' }])
    const first = actionOf()('save')
    await app.held(0)

    const last = actionOf()('save')

    expect(await first).toEqual(outcome({ aborted: true }))
    expect(await last).toEqual(success('last'))
    expect(names(events)).toEqual([
      'beforeRequest',
      'requestReplaced',
      'requestAborted',
      'afterRequest',
      'beforeRequest',
      'requestSuccess',
      'afterRequest',
    ])
    await vi.waitFor(async () => expect((await app.requests())[0].closed).toBe(true))
  })

  test('C18 a promise of another realm that gives false aborts too', async () => {
    const app = await openApp()
    // biome-ignore lint/suspicious/noThenProperty: a promise as other libraries make them
    const promise = { then: (resolve) => resolve(false) }

    expect(await window.action('save', {}, { onBeforeSubmit: () => promise })).toEqual(
      outcome({ aborted: true }),
    )
    expect(await app.requests()).toEqual([])
  })

  test('data that is no object rejects, and nothing is sent', async () => {
    const app = await openApp()

    await expect(window.action('save', 'Milk')).rejects.toMatchObject({ code: 'exception' })
    expect(await app.requests()).toEqual([])
  })

  test('with DEBUG the developer reads the sentence of the server', async () => {
    await openApp([
      { status: 404, body: '{"error":"No","code":"unknown_action","detail":"no action is called x"}' },
    ])
    const info = vi.spyOn(console, 'info').mockImplementation(() => {})

    await window.action('x')

    expect(info.mock.calls).toEqual([["[hyper] 'x': no action is called x"]])
    info.mockRestore()
  })

  test('C20 ok, blocked and aborted exclude each other', async () => {
    const app = await openApp([held, invalid])
    const first = window.action('save')
    await app.held(0)

    const outcomes = [await window.action('save', {}, { sync: 'block' })]
    outcomes.push(await window.action('save'), await first, await window.action('save'))

    expect(outcomes.map(({ ok, blocked, aborted }) => [ok, blocked, aborted])).toEqual([
      [false, true, false],
      [false, false, false],
      [false, false, true],
      [true, false, false],
    ])
  })

  test('C11 E03 block: the second call resolves blocked, one request is on the wire', async () => {
    const app = await openApp([held])
    const first = actionOf()('save', {}, { sync: 'block', key: 'k' })
    const second = await actionOf()('save', {}, { sync: 'block', key: 'k' })
    await app.held(0)
    await app.release(0)

    expect(second).toEqual(outcome({ blocked: true }))
    expect(await first).toEqual(success('held'))
    expect(names(events)).toEqual(['beforeRequest', 'requestBlocked', 'requestSuccess', 'afterRequest'])
    expect(await app.requests()).toHaveLength(1)
  })

  test('C12 none: both run and overlap', async () => {
    const app = await openApp([held, { body: '{"result":"second"}' }])
    const first = actionOf()('save', {}, { sync: 'none' })
    await app.held(0)
    const second = await actionOf()('save', {}, { sync: 'none' })
    await app.release(0)

    expect([await first, second]).toEqual([success('held'), success('second')])
  })

  test('C29 queue: 20 clicks run one after another, in order; a failing one stops none', async () => {
    const script = Array.from({ length: 20 }, (_, n) => (n === 3 ? invalid : { body: `{"result":${n}}` }))
    const app = await openApp(script)

    const calls = Array.from({ length: 20 }, (_, n) => actionOf()('save', { n }, { sync: 'queue' }))
    const results = (await Promise.all(calls)).map(({ result, code }) => code ?? result)

    expect(results).toEqual(Array.from({ length: 20 }, (_, n) => (n === 3 ? 'invalid' : n)))
    expect((await app.requests()).map(({ body }) => JSON.parse(body).n)).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    )
    expect(names(events).filter((name) => /before|after/.test(name))).toEqual(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? 'afterRequest' : 'beforeRequest')),
    )
  })

  test('C29 a queued call that is aborted resolves aborted and is never sent', async () => {
    const app = await openApp([held])
    const stop = new AbortController()
    const first = actionOf()('save', {}, { sync: 'queue' })
    const second = actionOf()('save', {}, { sync: 'queue', signal: stop.signal })
    const third = actionOf()('save', {}, { sync: 'queue' })
    await app.held(0)
    stop.abort()
    await app.release(0)

    expect(await Promise.all([first, second, third])).toEqual([
      success('held'),
      outcome({ aborted: true }),
      success(1),
    ])
  })

  test('C29 abort() ends the call in flight and those that wait', async () => {
    const app = await openApp([held])
    const calls = [1, 2, 3].map(() => actionOf()('save', {}, { sync: 'queue' }))
    await app.held(0)

    evaluate('#caller', '$actions.save.abort()')

    expect(await Promise.all(calls)).toEqual([1, 2, 3].map(() => outcome({ aborted: true })))
    expect(await app.requests()).toHaveLength(1)
    expect(names(events)).toEqual([
      'beforeRequest',
      'requestAborted',
      'requestAborted',
      'requestAborted',
      'afterRequest',
    ])
  })

  test('C14 key shares the policy between actions', async () => {
    const app = await openApp([held])
    const first = actionOf()('save', {}, { key: 'shared' })
    await app.held(0)
    await actionOf('#second')('remove', {}, { key: 'shared' })

    expect(await first).toEqual(outcome({ aborted: true }))
  })

  test.each([
    ['elements', ['#caller', {}], ['#other', {}]],
    ['targets', ['#caller', { target: '#a' }], ['#caller', { target: '#b' }]],
    ['target and none', ['#caller', { target: '#a' }], ['#caller', {}]],
  ])('C15 other %s have lanes of their own', async (_, [one, options], [two, others]) => {
    const app = await openApp([held, held])
    const calls = [actionOf(one)('save', {}, options), actionOf(two)('save', {}, others)]
    await app.held(0)
    await app.held(1)
    await app.release(0, 1)

    expect(await Promise.all(calls)).toEqual([success('held'), success('held')])
  })

  test('C15 a shared target is one lane, and window.action has the lane of the action', async () => {
    const app = await openApp([held, held, {}, {}])
    const calls = [actionOf('#caller')('save', {}, { target: '#a' }), window.action('load')]
    await app.held(0)
    await app.held(1)
    await actionOf('#second')('save', {}, { target: '#a' })
    await window.action('load')

    expect(await Promise.all(calls)).toEqual([outcome({ aborted: true }), outcome({ aborted: true })])
    expect(new Set(events.map(({ detail }) => detail.key))).toEqual(new Set(['save #a', 'load']))
  })

  test('a listener of afterRequest may call again in a blocked lane', async () => {
    await openApp()
    let second
    addEventListener('hyper:afterRequest', () => (second = actionOf()('save', {}, { sync: 'block' })), {
      once: true,
    })
    await actionOf()('save', {}, { sync: 'block' })

    expect(await second).toEqual(success(1))
  })
})

describe('before sending', () => {
  beforeEach(() => mount('<div x-data id="caller"></div>'))

  test('C17 onBeforeSubmit runs once, sees the request, may change data and headers', async () => {
    const app = await openApp([], '?q=1')
    const data = { title: 'Milk' }
    const onBeforeSubmit = vi.fn((request) => {
      request.data.count = 2
      request.headers['X-Tenant'] = 'acme'
    })
    await actionOf()('save', data, { onBeforeSubmit, headers: { 'X-One': '1' }, key: 'k' })

    const [{ headers, body }] = await app.requests()
    expect(onBeforeSubmit.mock.calls).toEqual([
      [
        {
          action: 'save',
          url: location.href,
          method: 'POST',
          data: { title: 'Milk', count: 2 },
          headers: { 'X-One': '1', 'X-Tenant': 'acme' },
          form: null,
          key: 'k',
        },
      ],
    ])
    expect([headers['x-tenant'], headers['x-one'], body]).toEqual(['acme', '1', '{"title":"Milk","count":2}'])
    expect(data).toEqual({ title: 'Milk' })
  })

  test('C17 it may be async, and may put other objects in place', async () => {
    const app = await openApp()
    const onBeforeSubmit = async (request) => {
      await settled()
      request.data = { late: true }
      request.headers = { 'X-Late': 'yes' }
    }
    await actionOf()('save', {}, { onBeforeSubmit })

    const [{ headers, body }] = await app.requests()
    expect([headers['x-late'], body]).toEqual(['yes', '{"late":true}'])
  })

  test.each([
    ['false', () => false],
    ['a promise of false', async () => false],
  ])(
    'C18 E05 %s aborts: no request, no flash of pending, requestAborted alone',
    async (_, onBeforeSubmit) => {
      const app = await openApp()
      const seen = []
      const Alpine = startAlpine()
      Alpine.effect(() => seen.push(evaluate('#caller', '$actions.save.pending')))

      expect(await actionOf()('save', {}, { onBeforeSubmit })).toEqual(outcome({ aborted: true }))
      expect(names(events)).toEqual(['requestAborted'])
      expect(await app.requests()).toEqual([])
      expect(seen).toEqual([false])
    },
  )

  test.each([
    [
      'throws',
      () => {
        throw new RangeError('boom')
      },
    ],
    [
      'rejects',
      async () => {
        throw new RangeError('boom')
      },
    ],
  ])('C21 E08 a hook that %s rejects with exception, and pending clears', async (_, onBeforeSubmit) => {
    const app = await openApp()

    const error = await actionOf()('save', {}, { onBeforeSubmit }).catch((thrown) => thrown)

    expect([error instanceof ActionError, error.code, error.cause.message]).toEqual([
      true,
      'exception',
      'boom',
    ])
    expect(names(events)).toEqual(['requestException'])
    expect(events[0].detail.error).toBe(error)
    expect(evaluate('#caller', '[$actions.save.pending, $actions.save.code, $actions.save.error]')).toEqual([
      false,
      'exception',
      error.message,
    ])
    expect(await app.requests()).toEqual([])
  })

  test('a call that is replaced while its hook runs is never sent', async () => {
    const app = await openApp()
    let go
    const first = actionOf()(
      'save',
      { n: 1 },
      { onBeforeSubmit: () => new Promise((resolve) => (go = resolve)) },
    )
    await actionOf()('save', { n: 2 })
    go()

    expect(await first).toEqual(outcome({ aborted: true }))
    expect((await app.requests()).map(({ body }) => body)).toEqual(['{"n":2}'])
    expect(names(events).slice(0, 3)).toEqual(['requestReplaced', 'requestAborted', 'beforeRequest'])
  })

  test('confirm: "no" aborts and leaves the call in flight alone, "yes" goes on', async () => {
    const app = await openApp([held])
    const ask = vi.spyOn(window, 'confirm').mockReturnValueOnce(false).mockReturnValueOnce(true)
    const first = actionOf()('save')
    await app.held(0)

    const no = await actionOf()('save', {}, { confirm: 'Sure?' })
    expect(names(events)).toEqual(['beforeRequest', 'requestAborted'])
    const yes = await actionOf()('save', {}, { confirm: 'Sure?' })

    expect([await first, no, yes]).toEqual([
      outcome({ aborted: true }),
      outcome({ aborted: true }),
      success(1),
    ])
    expect(ask.mock.calls).toEqual([['Sure?'], ['Sure?']])
  })

  test('a blocked call asks nothing', async () => {
    const app = await openApp([held])
    const ask = vi.spyOn(window, 'confirm')
    const first = actionOf()('save')
    await actionOf()('save', {}, { sync: 'block', confirm: 'Sure?' })
    await app.held(0)
    await app.release(0)
    await first

    expect(ask).not.toHaveBeenCalled()
  })

  test('signal: aborted before, nothing is sent; aborted in flight, the call ends', async () => {
    const app = await openApp([held])
    const stop = new AbortController()
    const call = actionOf()('save', {}, { signal: stop.signal })
    await app.held(0)
    stop.abort()

    expect(await call).toEqual(outcome({ aborted: true }))
    expect(await actionOf()('save', {}, { signal: stop.signal })).toEqual(outcome({ aborted: true }))
    expect(await app.requests()).toHaveLength(1)
    expect(names(events)).toEqual(['beforeRequest', 'requestAborted', 'afterRequest', 'requestAborted'])
  })
})
