import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEvents } from '../../alpine-plugin/src/sse.js'
import { amount, patience } from './amount.js'

/**
 * @param {Uint8Array} bytes
 * @param {number[]} cuts Places, by any number.
 */
function bodyOf(bytes, cuts) {
  const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((one, other) => one - other)
  return new ReadableStream({
    start(controller) {
      for (const [index, start] of [0, ...places].entries()) {
        controller.enqueue(bytes.slice(start, places[index]))
      }
      controller.close()
    },
  })
}

async function read(text, cuts) {
  const events = []
  for await (const batch of readEvents(bodyOf(new TextEncoder().encode(text), cuts))) {
    events.push(...batch)
  }
  return events
}

/** A line of a stream holds any text without a line end. */
const line = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', ' ', ' a', ':', 'data: x', '日本 😀', '\u2028\u0085', '\ufeff'),
  )
  .map((text) => text.replaceAll(/[\r\n]/g, ''))
const name = line.filter((text) => text !== '')
const noise = fc.constantFrom([], [': ping'], [':'], ['id: 1'], ['retry'], ['datax: y'], [' data: z'])
const lineEnd = fc.constantFrom('\n', '\r', '\r\n')
const cuts = fc.array(fc.nat(), { maxLength: 20 })

/** Some lines of a stream, and what they say; several sets of the name, the last counts. */
const event = fc.record({
  names: fc.array(name, { maxLength: 2 }),
  data: fc.array(line, { maxLength: 3 }),
  noises: fc.array(noise, { maxLength: 3 }),
  space: fc.boolean(),
  ends: fc.array(lineEnd, { minLength: 1, maxLength: 4 }),
})

function linesOf({ names, data, noises, space }) {
  const colon = space ? ': ' : ':'
  const fields = [...names.map((text) => ['event', text]), ...data.map((text) => ['data', text])]
  const lines = fields.map(
    ([field, text]) => field + (text === '' && !space ? '' : (text.startsWith(' ') ? ': ' : colon) + text),
  )
  return [...lines.flatMap((text, index) => [...(noises[index] ?? []), text]), '']
}

/** Lines with their ends. A CR before an empty line that ends with LF would be one CRLF. */
function textOf(events) {
  let text = ''
  for (const each of events) {
    for (const [index, content] of linesOf(each).entries()) {
      const end = each.ends[index % each.ends.length]
      text += content + (content === '' && text.endsWith('\r') && end[0] === '\n' ? '\r' : end)
    }
  }
  return text
}

const modelOf = (events) =>
  events
    .filter(({ data }) => data.length > 0)
    .map(({ names, data }) => ({ event: names.at(-1) ?? 'message', data: data.join('\n') }))

test('F11 events are read as they were written, in every style, cut anywhere', {
  timeout: patience,
}, async () => {
  const property = fc.asyncProperty(
    fc.array(event, { maxLength: 5 }),
    fc.boolean(),
    cuts,
    async (events, mark, places) => {
      expect(await read((mark ? '\ufeff' : '') + textOf(events), places)).toEqual(modelOf(events))
    },
  )
  await fc.assert(property, amount(400))
})

/** The standard, for a text that is there at once. */
function readSlowly(text) {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .slice(0, -1)
  const events = []
  for (let end = lines.indexOf(''); end >= 0; end = lines.indexOf('')) {
    const fields = lines.splice(0, end + 1).map((line) => line.match(/^([^:]*):? ?(.*)$/s))
    const valuesOf = (name) => fields.filter(([, field]) => field === name).map(([, , value]) => value)
    events.push({ event: valuesOf('event').at(-1) || 'message', data: valuesOf('data') })
  }
  return events
    .filter(({ data }) => data.length > 0)
    .map(({ event, data }) => ({ event, data: data.join('\n') }))
}

test('F11 any text at all gives the events of the standard, cut anywhere', {
  timeout: patience,
}, async () => {
  const piece = fc.constantFrom(
    '\n',
    '\n',
    '\r',
    '\r\n',
    ':',
    ' ',
    'data',
    'event',
    'data:',
    'é',
    '😀',
    '\ufeff',
  )
  const property = fc.asyncProperty(fc.array(piece, { maxLength: 30 }), cuts, async (pieces, places) => {
    const text = pieces.join('')

    expect(await read(text, places)).toEqual(readSlowly(text))
  })
  await fc.assert(property, amount(400))
})
