import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { cdp } from 'vitest/browser'
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
  startAlpine,
  stream,
} from './app.js'

beforeAll(startAlpine)
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  mount('<div x-data="{n: 0}" id="caller"></div>')
})
afterEach(cleanUp)

const megabytes = (number) => new Blob(['x'.repeat(number * 1_000_000)])
const file = () => ({ file: new File(['text'], 'a.txt') })
const end = (result) => frame('end', { result })
const progress = () => evaluate('#caller', '$actions.save.progress')
const text = () => evaluate('#caller', '$actions.save.text')
const success = (result) => outcome({ ok: true, status: 200, result })
const thrownBy = (call) => call.then(() => null).catch((error) => error)

/** @param {number} bytesPerSecond -1 for no limit. */
const limitUploads = (bytesPerSecond) =>
  cdp().send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  })

describe('C19 E09 progress', () => {
  afterEach(() => limitUploads(-1))

  test.each([
    ['JSON', { body: '{"result":1}' }],
    ['a stream', stream(frame('message', 'a'), end(1))],
  ])('of 5 MB over a narrow line rises to 1, alike when %s answers', async (_, script) => {
    const app = await openApp([{ ...script, hold: true }])
    await limitUploads(6_000_000)
    const events = recordEvents()
    const seen = []
    const onUploadProgress = (step) => seen.push({ ...step, state: progress() })
    const call = actionOf()('save', { file: megabytes(5) }, { onUploadProgress, key: 'k' })
    await vi.waitFor(() => expect(progress()).toBe(1), { timeout: 10_000 })
    await app.held(0)
    await app.release(0)

    expect(await call).toEqual(success(1))
    expect(seen.length).toBeGreaterThan(2)
    const { total } = seen[0]
    expect(total).toBeGreaterThan(5_000_000)
    expect(seen.at(-1)).toEqual({ loaded: total, total, progress: 1, state: 1 })
    for (const [index, step] of seen.entries()) {
      expect(step.loaded).toBeGreaterThanOrEqual(seen[index - 1]?.loaded ?? 0)
      expect(step).toEqual({
        loaded: step.loaded,
        total,
        progress: step.loaded / total,
        state: step.progress,
      })
    }
    const told = events.filter(({ name }) => name === 'uploadProgress').map(({ detail }) => detail)
    expect(told).toEqual(seen.map((step) => ({ key: 'k', progress: step.progress })))
    expect(progress()).toBe(null)
  })

  test('F06 an upload that is cut rejects with network; progress is reset, the file is still chosen', async () => {
    const app = await openApp(Array(9).fill({ cutAfter: 2_000_000 }))
    mount('<form x-data id="form" method="post"><input type="file" name="file"></form>')
    const transfer = new DataTransfer()
    transfer.items.add(new File([megabytes(5)], 'big.csv'))
    find('input').files = transfer.files
    const seen = []
    const call = actionOf('#form')('save', {}, { form: '#form', onUploadProgress: (step) => seen.push(step) })

    expect((await thrownBy(call)).code).toBe('network')
    expect(evaluate('#form', '[$actions.save.progress, $actions.save.pending]')).toEqual([null, false])
    expect(find('input').files[0].name).toBe('big.csv')
    expect(seen.every((step) => step.progress >= 0 && step.progress <= 1)).toBe(true)
    // The browser itself repeats a request whose used connection just ends.
    const ids = (await app.requests()).map(({ headers }) => headers['x-hyper-request-id'])
    expect(new Set(ids).size).toBe(1)
  })
})

describe('an upload that a stream answers', () => {
  test('is applied as it arrives, with any character', async () => {
    const app = await openApp([{ ...stream(frame('message', '日本 '), frame('message', '😀ü')), open: true }])
    const call = actionOf()('save', file())
    await vi.waitFor(() => expect(text()).toBe('日本 😀ü'))
    expect(evaluate('#caller', '$actions.save.pending')).toBe(true)
    await app.send(
      0,
      frame('patch_signals', { signals: { n: 1 }, store: {} }),
      frame('message', '日'),
      end(1),
    )

    expect(await call).toEqual(success(1))
    expect([evaluate('#caller', 'n'), text()]).toEqual([1, '日本 😀ü日'])
  })

  test('is aborted on the server too', async () => {
    const app = await openApp([{ ...stream(frame('message', 'a')), open: true }])
    const call = actionOf()('save', file())
    await vi.waitFor(() => expect(text()).toBe('a'))
    evaluate('#caller', '$actions.save.abort()')

    expect(await call).toEqual(outcome({ aborted: true }))
    await vi.waitFor(async () => expect((await app.requests())[0].closed).toBe(true))
  })

  test('is closed after its last event', async () => {
    const app = await openApp([{ ...stream(end(1)), open: true }])

    expect(await actionOf()('save', file())).toEqual(success(1))
    await vi.waitFor(async () => expect((await app.requests())[0].closed).toBe(true))
  })

  test('F03 that breaks off rejects with disconnected; one that just ends does too', async () => {
    const app = await openApp([
      { ...stream(frame('message', 'a')), open: true },
      stream(frame('message', 'a')),
    ])
    const call = thrownBy(actionOf()('save', file()))
    await vi.waitFor(() => expect(text()).toBe('a'))
    await app.cut(0)

    expect((await call).code).toBe('disconnected')
    expect((await thrownBy(actionOf()('save', file()))).code).toBe('disconnected')
  })

  test('timeout ends with its first byte', async () => {
    const app = await openApp([{ ...stream(frame('message', 'a')), open: true }])
    const call = actionOf()('save', file(), { timeout: 150 })
    await vi.waitFor(() => expect(text()).toBe('a'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    await app.send(0, end(1))

    expect(await call).toEqual(success(1))
  })

  test('timeout ends with the first byte of JSON too', async () => {
    const json = { 'Content-Type': 'application/json' }
    const app = await openApp([{ ...stream('{"result"'), headers: json, open: true }])
    const call = actionOf()('save', file(), { timeout: 150 })
    await app.held(0)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await app.send(0, ':1}')
    await app.release(0)

    expect(await call).toEqual(success(1))
  })

  test('C30 after a redirect, or without success, resolves unexpected_answer; nothing is applied', async () => {
    const app = await openApp([
      { status: 302, headers: { Location: '?there' } },
      stream(frame('message', 'a'), end(1)),
      { ...stream(frame('message', 'a'), end(1)), status: 502 },
    ])

    expect(await actionOf()('save', file())).toMatchObject({ code: 'unexpected_answer', status: 0 })
    expect(await actionOf()('save', file())).toMatchObject({ code: 'unexpected_answer', status: 502 })
    expect(text()).toBe('')
    expect(await app.requests()).toHaveLength(3)
  })
})
