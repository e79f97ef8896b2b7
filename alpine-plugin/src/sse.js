/**
 * @typedef {object} Frame One event of a stream.
 * @property {string} event
 * @property {string} data Its lines, joined by LF.
 */

/**
 * Read the events of a `text/event-stream`.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 *
 * @param {ReadableStream<Uint8Array>} body Consumed; cancelled when the caller stops reading.
 * @returns {AsyncGenerator<Frame[], void>} The events that each chunk completes: an `await` per
 *   event would cost eight times the parsing. One that the stream leaves unfinished is dropped.
 * @throws What reading the body throws.
 */
export async function* readEvents(body) {
  const reader = body.getReader()
  const decoder = new TextDecoder() // skips a byte order mark
  const parse = createParser()
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      yield parse(decoder.decode(chunk.value, { stream: true }))
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

/** @returns {(text: string) => Frame[]} Gives the events that a further piece of text completes. */
function createParser() {
  let rest = ''
  let last = ''
  let frame = emptyFrame()
  return (text) => {
    const isCutInTwo = last === '\r' && text[0] === '\n'
    last = text.at(-1) ?? last
    const lines = text.slice(Number(isCutInTwo)).replaceAll(/\r\n?/g, '\n').split('\n')
    lines[0] = rest + lines[0]
    rest = /** @type {string} */ (lines.pop())
    const frames = []
    for (const line of lines) {
      if (line) {
        addLine(frame, line)
      } else {
        frames.push(frame)
        frame = emptyFrame()
      }
    }
    return /** @type {Frame[]} */ (frames.filter(({ data }) => data !== undefined))
  }
}

/** @returns {Partial<Frame>} */
function emptyFrame() {
  return { event: 'message', data: undefined }
}

/**
 * @param {Partial<Frame>} frame To be changed.
 * @param {string} line
 */
function addLine(frame, line) {
  const at = line.indexOf(':')
  const colon = at < 0 ? line.length : at
  const name = line.slice(0, colon)
  const value = line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1))
  if (name === 'data') {
    frame.data = frame.data === undefined ? value : `${frame.data}\n${value}`
  } else if (name === 'event') {
    frame.event = value || 'message'
  }
}
