import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  actionOf,
  cleanUp,
  evaluate,
  find,
  mount,
  openApp,
  outcome,
  recordEvents,
  recordNavigations,
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

const answer = (...items) => ({ body: JSON.stringify({ result: null, items }) })
const item = (event, data) => ({ event, data })
const signals = (values, store = {}) => answer(item('patch_signals', { signals: values, store }))
const done = outcome({ ok: true, status: 200 })

describe('E11 toast', () => {
  test('is an event on the source element', async () => {
    const toast = { message: 'Saved', level: 'success', tags: '' }
    await openApp([answer(item('toast', toast))])
    mount('<div x-data id="caller"></div>')
    const events = recordEvents()
    await actionOf()('save', {}, { key: 'k' })

    const { detail, target } = events.find(({ name }) => name === 'toast')
    expect([detail.value, target]).toEqual([toast, find('#caller')])
  })
})

describe('dispatch_event', () => {
  const heard = () => {
    const events = []
    addEventListener('cart:changed', ({ detail, target }) => events.push([detail, target]), { once: true })
    return events
  }

  test('goes to its target', async () => {
    await openApp([
      answer(item('dispatch_event', { name: 'cart:changed', detail: { n: 1 }, target: '#cart' })),
    ])
    mount('<div x-data id="caller"></div><i id="cart"></i>')
    const events = heard()
    await actionOf()('save')

    expect(events).toEqual([[{ n: 1 }, find('#cart')]])
  })

  test('without a target it bubbles from the source element', async () => {
    await openApp([answer(item('dispatch_event', { name: 'cart:changed', detail: null, target: null }))])
    mount('<div x-data id="caller"></div>')
    const events = heard()
    await actionOf()('save')

    expect(events).toEqual([[null, find('#caller')]])
  })

  test.each(['#nowhere', '<<<'])(
    'a target %s that matches nothing is warned about; the answer goes on',
    async (target) => {
      await openApp([answer(item('dispatch_event', { name: 'x', detail: null, target }), item('toast', {}))])
      const events = recordEvents()

      expect(await window.action('save')).toEqual(done)
      expect(console.warn.mock.calls).toEqual([
        [`[hyper] the target '${target}' is not on this page; expected a selector that matches.`],
      ])
      expect(events.some(({ name }) => name === 'toast')).toBe(true)
    },
  )
})

describe('F12 redirect', () => {
  test.each([
    ['/done/', false, '/done/'],
    ['https://example.com/pay', true, 'https://example.com/pay'],
  ])('%s with external %s is followed', async (url, external, expected) => {
    const urls = recordNavigations()
    await openApp([answer(item('redirect', { url, external }))])

    expect(await window.action('save')).toEqual(done)
    expect(urls).toEqual([new URL(expected, location.origin).href])
  })

  test.each([
    ['javascript:window.hacked=1', true],
    ['javascript:window.hacked=1', false],
    ['data:text/html,x', true],
    ['//evil.example/', false],
    ['/\\evil.example/', false],
    ['https://evil.example/', false],
    ['https://evil.example/', 'yes'],
  ])('%s with external %s is refused', async (url, external) => {
    const urls = recordNavigations()
    await openApp([answer(item('redirect', { url, external }))])

    expect(await window.action('save')).toEqual(done)
    expect([urls, window.hacked]).toEqual([[], undefined])
    expect(console.warn).toHaveBeenCalledOnce()
  })
})

describe('history', () => {
  test.each([
    [{ push: '/search/?q=a', replace: null }, '/search/?q=a', 1],
    [{ push: null, replace: '?page=2' }, '?page=2', 0],
    [{ push: `${location.origin}/b/`, replace: null }, '/b/', 1],
  ])('%o is written into the address bar', async (urls, expected, entries) => {
    await openApp([answer(item('history', urls))])
    history.replaceState({ kept: 1 }, '')
    const before = history.length
    const { baseURI } = document

    expect(await window.action('save')).toEqual(done)
    expect([location.href, history.length - before]).toEqual([new URL(expected, baseURI).href, entries])
    expect(history.state).toEqual({ kept: 1 })
    expect(console.warn).not.toHaveBeenCalled()
  })

  test.each([
    'https://evil.example/',
    '//evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:null/1',
  ])('F12 %s is refused', async (url) => {
    await openApp([
      answer(item('history', { push: url, replace: null })),
      answer(item('history', { push: null, replace: url })),
    ])
    const before = [location.href, history.length]

    expect([await window.action('save'), await window.action('save')]).toEqual([done, done])
    expect([location.href, history.length]).toEqual(before)
    expect(console.warn).toHaveBeenCalledTimes(2)
  })
})

describe('patch_signals', () => {
  test('writes into the nearest component that has the name, else into the own one', async () => {
    await openApp([signals({ mine: 1, outer: 2, neu: 3 })])
    mount(
      `<div x-data="{mine: 0, outer: 0}" id="out"><div x-data="{mine: 0}" id="own"><i id="caller"></i></div></div>`,
    )
    await actionOf()('save')

    expect(evaluate('#out', '[mine, outer]')).toEqual([0, 2])
    expect(evaluate('#own', '[mine, outer, neu]')).toEqual([1, 2, 3])
    expect('neu' in Alpine.$data(find('#out'))).toBe(false)
  })

  test('a source that is the component itself, and rows of x-for', async () => {
    await openApp([signals({ a: 1, neu: 2 }), signals({ row: { done: true } })])
    mount(`<div x-data="{a: 0, rows: [{id: 1}]}" id="own">
      <template x-for="row in rows"><i :id="'row' + row.id"></i></template></div>`)
    await vi.waitFor(() => find('#row1'))
    await actionOf('#own')('save')
    await actionOf('#row1')('save')

    expect(evaluate('#own', '[a, neu, rows]')).toEqual([1, 2, [{ id: 1, done: true }]])
  })

  test('objects merge deeply, arrays and scalars replace; alike in the store', async () => {
    const values = { deep: { b: { c: 2 } }, list: [{ x: 1 }], flat: { now: 'object' } }
    await openApp([signals(values, values)])
    mount(`<div x-data="{deep: {a: 1, b: {d: 4}}, list: [1, 2], flat: 5}" id="caller"></div>`)
    Object.assign(Alpine.store('server'), { deep: { a: 1, b: { d: 4 } }, list: [1, 2], flat: 5 })
    await actionOf()('save')

    const expected = { deep: { a: 1, b: { c: 2, d: 4 } }, list: [{ x: 1 }], flat: { now: 'object' } }
    expect(evaluate('#caller', '({deep: deep, list: list, flat: flat})')).toEqual(expected)
    expect(Alpine.store('server')).toEqual(expected)
  })

  test('markup follows', async () => {
    await openApp([signals({ count: 3 }, { cart: 5 })])
    mount(
      `<div x-data="{count: 0}" id="caller"><b x-text="count"></b><i x-text="$store.server.cart"></i></div>`,
    )
    await actionOf()('save')

    await vi.waitFor(() => expect(find('#caller').textContent).toBe('35'))
  })

  test.each([
    ['{"__proto__": {"polluted": 1}}'],
    ['{"constructor": {"prototype": {"polluted": 1}}}'],
    ['{"deep": {"__proto__": {"polluted": 1}}}'],
    ['{"neu": {"constructor": {"prototype": {"polluted": 1}}}}'],
    ['{"list": [{"__proto__": {"polluted": 1}}]}'],
    ['{"toString": {"constructor": {"prototype": {"polluted": 1}}}}'],
  ])('C25 hostile: %s pollutes nothing', async (text) => {
    const body = `{"result":null,"items":[{"event":"patch_signals","data":{"signals":${text},"store":${text}}}]}`
    await openApp([{ body }])
    mount('<div x-data="{deep: {a: 1}, list: []}" id="caller"></div>')

    expect(await actionOf()('save')).toEqual(done)
    const data = Alpine.$data(find('#caller'))
    const reached = [{}, [], data.deep, data.neu, data.list[0], Object, Alpine.store('server')]
    expect(reached.map((each) => each?.polluted)).toEqual(Array(7).fill(undefined))
    expect(Object.getPrototypeOf(Alpine.raw(data.list)[0] ?? {})).toBe(Object.prototype)
    expect(console.warn).toHaveBeenCalled()
  })

  test('what a script of the page has added to every object is no signal', async () => {
    await openApp([signals({ deep: { b: 2 } }, { seen: true })])
    mount('<div x-data="{deep: {a: 1}}" id="caller"></div>')
    Object.prototype.inherited = 1
    try {
      await actionOf()('save')
    } finally {
      delete Object.prototype.inherited
    }

    const written = [Alpine.$data(find('#caller')).deep, Alpine.store('server')]
    expect(written.map((each) => Object.hasOwn(Alpine.raw(each), 'inherited'))).toEqual([false, false])
  })

  test('window.action has no component: signals are dropped with a warning, the store is written', async () => {
    await openApp([signals({ count: 3, other: 1 }, { seen: true })])
    await window.action('save')

    expect(Alpine.store('server').seen).toBe(true)
    expect(console.warn.mock.calls).toEqual([
      [
        `[hyper] 'save' has no component for the signals count,other; expected a call by $action in one, or Store().`,
      ],
    ])
  })

  test('C27 when the source is gone, they go to the components that remain', async () => {
    const app = await openApp([{ ...signals({ count: 3 }), hold: true }])
    mount('<div x-data="{count: 0}" id="own"><i id="caller"></i></div>')
    const call = actionOf()('save')
    await app.held(0)
    find('#caller').remove()
    await app.release(0)
    await call

    expect(evaluate('#own', 'count')).toBe(3)
  })
})

describe('hyper:items, which an answer to htmx triggers', () => {
  const trigger = (target, ...value) =>
    target.dispatchEvent(new CustomEvent('hyper:items', { detail: { value }, bubbles: true }))
  const toast = (message) => item('toast', { message, level: 'info', tags: '' })

  test('every item arrives, in order, at the element that made the request', () => {
    mount('<div x-data="{count: 0}" id="own"><button id="caller"></button></div>')
    const events = recordEvents()
    trigger(
      find('#caller'),
      toast('2'),
      item('patch_signals', { signals: { count: 3 }, store: { cart: 5 } }),
      toast('3'),
    )

    const seen = events.filter(({ name }) => name === 'toast')
    expect(seen.map(({ detail, target }) => [detail.value.message, target.id])).toEqual([
      ['2', 'caller'],
      ['3', 'caller'],
    ])
    expect([evaluate('#own', 'count'), Alpine.store('server').cart]).toEqual([3, 5])
  })

  test('the element is gone: htmx takes the document, the toast the window', () => {
    const events = recordEvents()
    trigger(document, toast('2'))

    expect(events.map(({ name, target }) => [name, target])).toContainEqual(['toast', window])
  })
})

describe('items', () => {
  test('an event that is not known is warned about once; the answer goes on', async () => {
    const later = answer(item('later', {}), item('later', {}), item('toString', {}), item('toast', {}))
    await openApp([later, later])
    const events = recordEvents()

    expect([await window.action('save'), await window.action('save')]).toEqual([done, done])
    expect(console.warn.mock.calls.map(([text]) => text.match(/'(\w+)';/)[1])).toEqual(['later', 'toString'])
    expect(events.filter(({ name }) => name === 'toast')).toHaveLength(2)
  })

  test('C21 one that throws does not stop the others; the call rejects with exception', async () => {
    await openApp([answer(item('patch_signals', { signals: { bad: 1 } }), item('toast', {}))])
    mount('<div x-data id="caller"></div>')
    const scope = {
      get bad() {
        return 0
      },
      set bad(_) {
        throw new RangeError('boom')
      },
    }
    Alpine.addScopeToNode(find('#caller'), scope)
    const events = recordEvents()

    const error = await actionOf()('save').catch((thrown) => thrown)

    expect([error.code, error.cause.message]).toEqual(['exception', 'boom'])
    expect(events.map(({ name }) => name)).toEqual([
      'beforeRequest',
      'toast',
      'requestException',
      'afterRequest',
    ])
  })

  test('C25 an answer whose items have begun is applied to the end, even if one of them makes a new call', async () => {
    const changed = item('dispatch_event', { name: 'changed', detail: null, target: null })
    await openApp([answer(changed, item('patch_signals', { signals: { count: 3 } })), {}])
    mount('<div x-data="{count: 0}" id="caller"></div>')
    let second
    find('#caller').addEventListener('changed', () => {
      second = actionOf()('save')
    })

    expect(await actionOf()('save')).toEqual(done)
    expect(await second).toEqual(done)
    expect(evaluate('#caller', '[count, $actions.save.pending]')).toEqual([3, false])
  })
})
