import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { actionOf, cleanUp, mount, openApp, outcome, recordEvents, startAlpine } from './app.js'

beforeAll(startAlpine)
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  mount('<div x-data id="caller"></div>')
})
afterEach(cleanUp)

describe('url and method', () => {
  test.each([
    ['', { q: 1 }, ''],
    ['?q=old', { q: 1 }, ''],
    ['?q=old&page=2&q=older', { q: 1 }, '?page=2'],
    ['?a=%20x&b+c=1&d', { 'b c': 1 }, '?a=%20x&d'],
    ['?q=old#part', {}, '?q=old'],
    ['?q%5B%5D=1&x', { 'q[]': [1] }, '?x'],
  ])('C09 of the current query %s the names of %j are left out', async (query, data, expected) => {
    const app = await openApp([], query)
    await actionOf()('save', data)

    expect((await app.requests())[0].url).toBe(app.home + expected)
  })

  test('C08 a url of the caller keeps its query; it may be relative', async () => {
    const app = await openApp()
    await actionOf()('save', { q: 1 }, { url: 'shop/?q=mine' })

    expect((await app.requests())[0].url).toBe(`${app.home}shop/?q=mine`)
  })

  test('C07 method', async () => {
    const app = await openApp()
    await actionOf()('save', { q: 1 }, { method: 'put' })

    const [{ method, body }] = await app.requests()
    expect([method, body]).toEqual(['PUT', '{"q":1}'])
  })

  test.each(['https://evil.example/', '//evil.example/', 'javascript:alert(1)', 'data:text/html,x'])(
    '%s rejects with not_same_origin; nothing is sent',
    async (url) => {
      const app = await openApp()
      const events = recordEvents()
      const error = await actionOf()('save', {}, { url }).catch((thrown) => thrown)

      expect([error.code, error.message]).toEqual([
        'not_same_origin',
        'This page cannot do that. Please reload it.',
      ])
      expect(await app.requests()).toEqual([])
      expect(events.map(({ name }) => name)).toEqual(['requestException'])
      expect(console.warn).toHaveBeenCalledOnce()
    },
  )
})

test('an element that hides a property of the document hides no address', async () => {
  const app = await openApp()
  mount('<div x-data id="caller"></div><img name="URL"><form name="URL"></form>')

  expect((await actionOf()('save', {})).ok).toBe(true)
  expect((await app.requests())[0].url).toBe(app.home)
})

describe('F12 the origin', () => {
  const evil = 'https://evil.example/'
  const form = (markup) => ({ form: mount(markup).querySelector('form') })

  test.each([
    ['the action of a form', () => form(`<form method="post" action="${evil}"></form>`)],
    ['a hook', () => ({ onBeforeSubmit: (request) => Object.assign(request, { url: evil }) })],
    ['the url of an upload', () => ({ url: evil }), { file: new Blob(['x']) }],
    ['a host that begins alike', () => ({ url: `${location.protocol}//${location.hostname}.evil.example/` })],
    [
      'a user that looks like the host',
      () => ({ url: `${location.protocol}//${location.host}@evil.example/` }),
    ],
    ['another port', () => ({ url: `${location.protocol}//${location.hostname}:1/` })],
  ])('%s leads to no other origin; nothing is sent', async (_, optionsOf, data = {}) => {
    const app = await openApp()
    const send = vi.spyOn(XMLHttpRequest.prototype, 'send')
    const error = await actionOf('body')('save', data, optionsOf()).catch((thrown) => thrown)

    expect(error.code).toBe('not_same_origin')
    expect([await app.requests(), send.mock.calls]).toEqual([[], []])
  })
})

describe('data', () => {
  test('D13 20,000 characters and emoji arrive whole by POST', async () => {
    const app = await openApp()
    const data = { q: '日本 😀', blob: 'ü'.repeat(20_000) }
    await actionOf()('save', data)

    expect(JSON.parse((await app.requests())[0].body)).toEqual(data)
  })

  test('D13 GET carries up to 4,096 bytes', async () => {
    const app = await openApp()
    const data = { q: 'x'.repeat(4096 - '{"q":""}'.length) }
    await actionOf()('save', data, { method: 'GET' })

    expect((await app.requests())[0].headers['x-hyper-data']).toBe(JSON.stringify(data))
  })

  test.each([
    ['one byte more', 'x'.repeat(4096 - '{"q":""}'.length + 1)],
    ['characters that need escapes', '日'.repeat(700)],
  ])('D13 GET with %s rejects with too_large; nothing is sent', async (_, q) => {
    const app = await openApp()
    const error = await actionOf()('save', { q }, { method: 'GET' }).catch((thrown) => thrown)

    expect([error.code, error.message]).toEqual(['too_large', 'This is too large to send.'])
    expect(await app.requests()).toEqual([])
  })

  test('GET without data has no X-Hyper-Data', async () => {
    const app = await openApp()
    await actionOf()('save', {}, { method: 'GET' })

    expect((await app.requests())[0].headers).not.toHaveProperty('x-hyper-data')
  })

  test('headers of the caller win, whatever their case', async () => {
    const app = await openApp()
    await actionOf()('save', { a: 1 }, { headers: { accept: 'text/plain', 'X-CSRFToken': 'mine' } })

    const [{ headers }] = await app.requests()
    expect([headers.accept, headers['x-csrftoken']]).toEqual(['text/plain', 'mine'])
  })
})

describe('files', () => {
  const parts = (body) =>
    body
      .split(/--+WebKitFormBoundary\w+(?:--)?\r\n/)
      .filter(Boolean)
      .map((part) => part.split('\r\n\r\n').map((text) => text.trim()))
      .map(([head, text]) => [head.match(/name="(\w+)"/)[1], head.match(/filename="(.+?)"/)?.[1], text])

  test('files become parts, an array of them repeated parts; the other values are _data', async () => {
    const app = await openApp()
    const file = (name) => new File([`text of ${name}`], name, { type: 'text/plain' })
    const transfer = new DataTransfer()
    transfer.items.add(file('c.txt'))
    const data = {
      title: 'Milk',
      tags: [],
      one: file('a.txt'),
      many: [file('b.txt'), new Blob(['blob'])],
      list: transfer.files,
    }

    expect(await actionOf()('save', data)).toEqual(outcome({ ok: true, status: 200, result: 0 }))
    const [{ headers, body }] = await app.requests()
    expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(parts(body)).toEqual([
      ['one', 'a.txt', 'text of a.txt'],
      ['many', 'b.txt', 'text of b.txt'],
      ['many', 'blob', 'blob'],
      ['list', 'c.txt', 'text of c.txt'],
      ['_data', undefined, '{"title":"Milk","tags":[]}'],
    ])
  })

  test('GET refuses them', async () => {
    const app = await openApp()
    const data = { file: new Blob(['x']) }
    const error = await actionOf()('save', data, { method: 'GET' }).catch((thrown) => thrown)

    expect([error.code, error.cause.message]).toEqual([
      'exception',
      "GET cannot send the file 'file'; expected POST.",
    ])
    expect(await app.requests()).toEqual([])
  })

  test('an upload aborted before it is sent never leaves', async () => {
    const app = await openApp()
    addEventListener('hyper:beforeRequest', () => window.stopUpload.abort(), { once: true })
    window.stopUpload = new AbortController()

    const sent = window.action(
      'save',
      { file: new File(['a'], 'a.txt') },
      { signal: window.stopUpload.signal },
    )

    expect(await sent).toMatchObject({ aborted: true })
    expect(await app.requests()).toEqual([])
  })

  test('C21 a progress hook that throws rejects with exception', async () => {
    await openApp()
    const onUploadProgress = () => {
      throw new RangeError('boom')
    }
    const error = await actionOf()('save', { file: new Blob(['x']) }, { onUploadProgress }).catch(
      (thrown) => thrown,
    )

    expect([error.code, error.cause.message]).toEqual(['exception', 'boom'])
  })

  test('an upload is aborted, times out, is cut, is redirected, as other calls', async () => {
    const app = await openApp([
      { hold: true },
      { hold: true },
      { drop: 'before' },
      { status: 302, headers: { Location: '?there' } },
      {},
      { status: 204, body: '' },
    ])
    const data = { file: new Blob(['x']) }
    const code = (call) => call.then((result) => result.code ?? result.aborted).catch((error) => error.code)
    const stop = new AbortController()
    const aborted = actionOf()('save', data, { signal: stop.signal })
    await app.held(0)
    stop.abort()

    expect(await code(aborted)).toBe(true)
    expect(await code(actionOf()('save', data, { timeout: 50 }))).toBe('timeout')
    expect(await code(actionOf()('save', data))).toBe('network')
    expect(await code(actionOf()('save', data))).toBe('unexpected_answer')
    expect(await code(actionOf()('save', data))).toBe('unexpected_answer')
  })
})
