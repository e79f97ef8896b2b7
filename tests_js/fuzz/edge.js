/** The network, as the page sees it: each request waits until the test says how it ends. */
import { vi } from 'vitest'

const json = { 'Content-Type': 'application/json' }
const bytesOf = (text) => new TextEncoder().encode(text)

/** How a request may be answered. */
export const ANSWERS = {
  ok: (id) => new Response(JSON.stringify({ result: id }), { headers: json }),
  refused: () => new Response('{"error":"No","code":"invalid"}', { status: 422, headers: json }),
  foreign: () =>
    new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'Content-Type': 'text/html' } }),
}

/**
 * Take the place of the browser's network; all that is built on it is real.
 *
 * @returns {Map<number, Exchange>} The requests that nobody has answered or aborted, by the
 *   number that the call sent as its data.
 *
 * @typedef {object} Exchange
 * @property {(answer: Response) => void} answer
 * @property {() => void} lose
 */
export function openEdge() {
  const waiting = new Map()
  vi.spyOn(console, 'warn').mockImplementation(() => {}) // of answers that are not ours
  vi.spyOn(window, 'fetch').mockImplementation((_, { signal, body, headers }) => {
    const text = body?.get?.('_data') ?? body ?? headers.get('X-Hyper-Data')
    const { id } = JSON.parse(text)
    return new Promise((resolve, reject) => {
      const settle = (end) => (value) => {
        waiting.delete(id)
        end(value)
      }
      waiting.set(id, {
        answer: settle(resolve),
        lose: () => settle(reject)(new TypeError('Failed to fetch')),
      })
      signal.addEventListener('abort', () => settle(reject)(signal.reason))
    })
  })
  return waiting
}

/** A streamed answer that the test goes on with. */
export function openStream() {
  let stream
  let isOpen = true
  const body = new ReadableStream({
    start(controller) {
      stream = controller
    },
    cancel() {
      isOpen = false
    },
  })
  const send = (event, data) => {
    if (isOpen) {
      stream.enqueue(bytesOf(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
    }
  }
  return {
    response: new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }),
    say: (text) => send('message', text),
    end: (result) => send('end', { result }),
    fail: () => send('error', { error: 'No', code: 'invalid', status: 422 }),
    cut: () => stream.error(new TypeError('network error')),
  }
}
