import { describe, expect, test } from 'vitest'
import { readEvents } from '../alpine-plugin/src/sse.js'

const bytesOf = (text) => new TextEncoder().encode(text)

/** @param {...(string | Uint8Array)} pieces */
function bodyOf(...pieces) {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) {
        controller.enqueue(typeof piece === 'string' ? bytesOf(piece) : piece)
      }
      controller.close()
    },
  })
}

async function collect(batches) {
  const all = []
  for await (const batch of batches) {
    all.push(batch)
  }
  return all
}

const read = async (...pieces) => (await collect(readEvents(bodyOf(...pieces)))).flat()
const message = (data) => ({ event: 'message', data })

describe('reads', () => {
  test.each([
    ['one line', ['event: toast\ndata: a\n\n'], [{ event: 'toast', data: 'a' }]],
    ['CR', ['event: toast\rdata: a\r\rdata: b\r\r'], [{ event: 'toast', data: 'a' }, message('b')]],
    ['CRLF', ['event: toast\r\ndata: a\r\n\r\n'], [{ event: 'toast', data: 'a' }]],
    [
      'CRLF cut in two',
      ['data: a\r', '\ndata: b\r', '\n\r', '\ndata: c\n\n'],
      [message('a\nb'), message('c')],
    ],
    ['CR at the end of a chunk, at once', ['data: a\r\r', 'data: b\r\r'], [message('a'), message('b')]],
    ['CR, a chunk of no character, LF', ['data: a\r', new Uint8Array(), '\n\n'], [message('a')]],
    ['an event cut in two', ['data: a', 'b\n\n'], [message('ab')]],
    ['a blank line cut off', ['data: a\n', '\n'], [message('a')]],
    ['an unfinished event', ['data: a\n\ndata: b\n'], [message('a')]],
    ['an unfinished line', ['data: a'], []],
    ['comments', [': ping\n\n:\n\ndata: a\n: b\n\n'], [message('a')]],
    ['several lines of data', ['data: a\ndata\ndata:\ndata: b\n\n'], [message('a\n\n\nb')]],
    ['data with and without a space', ['data:a\n\ndata: b\n\ndata:  c\n\n'], ['a', 'b', ' c'].map(message)],
    ['colons in data', ['data: {"a":1}\n\n'], [message('{"a":1}')]],
    ['an event without data, which is none', ['event: toast\n\ndata: a\n\n'], [message('a')]],
    ['data without text', ['data\n\n'], [message('')]],
    ['an empty name', ['event:\ndata: a\n\n'], [message('a')]],
    ['fields it does not know', ['id: 1\nretry: 5\ndatax: x\n data: y\ndata: a\n\n'], [message('a')]],
    ['a byte order mark', ['\ufeffdata: a\n\n'], [message('a')]],
    ['line separators of other formats', ['data: a\u2028b\u0085c\n\n'], [message('a\u2028b\u0085c')]],
    ['nothing', [], []],
  ])('%s', async (_, pieces, expected) => {
    expect(await read(...pieces)).toEqual(expected)
  })

  test('F11 any chunking of its bytes gives the same events', async () => {
    const text =
      '\ufeff: x\r\nevent: a\rdata: 日本 😀\r\ndata: ü\n\n\r\ndata:\u2028\r\revent: b\ndata: {}\r\n\r\n'
    const expected = [{ event: 'a', data: '日本 😀\nü' }, message('\u2028'), { event: 'b', data: '{}' }]
    const bytes = bytesOf(text)

    expect(await read(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(expected)
    for (let one = 0; one <= bytes.length; one += 1) {
      for (const two of [one + 1, one + 7]) {
        const pieces = [bytes.slice(0, one), bytes.slice(one, two), bytes.slice(two)]
        expect(await read(...pieces)).toEqual(expected)
      }
    }
  })
})

test('gives one array per chunk', async () => {
  const batches = await collect(readEvents(bodyOf('data: a\n\ndata: b\n\nda', 'ta: c\n\n')))

  expect(batches).toEqual([[message('a'), message('b')], [message('c')]])
})

test('cancels the body when the reader stops', async () => {
  let isCancelled = false
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(bytesOf('data: a\n\n')),
    cancel: () => {
      isCancelled = true
    },
  })
  for await (const _ of readEvents(body)) {
    break
  }

  expect(isCancelled).toBe(true)
})

test('throws what reading the body throws', async () => {
  const body = new ReadableStream({
    pull: (controller) => controller.error(new RangeError('boom')),
  })

  await expect(collect(readEvents(body))).rejects.toThrow('boom')
})
