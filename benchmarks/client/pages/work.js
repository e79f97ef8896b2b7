/**
 * What every page of a contestant has: answers from memory, the texts of the work, and checks.
 */
import { whatSurvives } from './survival.js'

const chunkBytes = 16_384

/** Answers the next request; the network's noise would hide a microsecond. */
let nextAnswer = /** @type {() => any} */ (() => null)
window.fetch = async () => nextAnswer()

/** @param {() => any} answer */
export function answerWith(answer) {
  nextAnswer = answer
}

/**
 * What a client reads of an answer, without the 40 µs that a `Response` takes to be made and read.
 *
 * @param {string} type
 * @param {string} text
 */
export function memoryAnswer(type, text) {
  const headers = typed(type)
  const answer = {
    ok: true,
    status: 200,
    statusText: 'OK',
    redirected: false,
    type: 'basic',
    url: document.URL,
    headers,
    body: type === 'text/event-stream' ? bodyOf(text) : null,
    bodyUsed: false,
    text: async () => text,
    json: async () => JSON.parse(text),
    clone: () => answer,
  }
  return answer
}

/** @param {string} text */
function bodyOf(text) {
  const pieces = [new TextEncoder().encode(text)]
  const reader = {
    read: async () => ({ done: pieces.length === 0, value: pieces.pop() }),
    cancel: async () => {},
    releaseLock() {},
  }
  return { getReader: () => reader, cancel: async () => {} }
}

/** @type {Map<string, Headers>} */
const headersByType = new Map()

/** @param {string} type */
function typed(type) {
  if (!headersByType.has(type)) {
    headersByType.set(type, new Headers({ 'Content-Type': type }))
  }
  return /** @type {Headers} */ (headersByType.get(type))
}

/** @param {Uint8Array} bytes An event stream. */
export function streamAnswer(bytes) {
  let at = 0
  const body = new ReadableStream({
    pull(stream) {
      if (at >= bytes.length) {
        stream.close()
      } else {
        stream.enqueue(bytes.slice(at, at + chunkBytes))
        at += chunkBytes
      }
    },
  })
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } })
}

/**
 * @param {number} count
 * @param {(n: number) => string} frameOf
 * @param {string} [end]
 */
export function streamOf(count, frameOf, end = '') {
  return new TextEncoder().encode(Array.from({ length: count }, (_, n) => frameOf(n)).join('') + end)
}

/**
 * @param {number} id
 * @param {string} text
 */
const row = (id, text) =>
  `<tr id="row-${id}" key="${id}" class="row"><td>${id}</td><td>${text}</td><td><a href="/products/${id}/">Open</a></td><td>${id * 3}.50</td><td><button type="button" class="small">Delete</button></td></tr>`

/** @param {string[]} rows */
const tableOf = (rows) =>
  `<table id="table"><thead><tr><th>Id</th><th>Name</th><th>Link</th><th>Price</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>`

/** How many rows are patched one by one, for a clock that is no finer than 0.1 ms. */
const singleRows = 50

/** @param {number} length Of the table. */
export function tables(length) {
  const rows = Array.from({ length }, (_, id) => row(id, `Product ${id}`))
  const middle = length >> 1
  return {
    present: tableOf(rows),
    changed: tableOf(rows.with(middle, row(middle, 'Another name'))),
    reversed: tableOf([...rows].reverse()),
    row: (/** @type {number} */ id) => row(id, 'Another name'),
  }
}

export const settled = () => new Promise((resolve) => setTimeout(resolve))

/**
 * Put a table of rows into a component of Alpine, and one change of it in the contestant's hands.
 *
 * @param {(target: Element, html: string) => unknown} patch
 * @param {'changed' | 'reversed' | 'row'} work
 * @param {number} length
 * @returns {Promise<number>} In ms, for each patch.
 */
async function measurePatch(patch, work, length) {
  const texts = tables(length)
  const last = `#row-${length - 1}`
  const holder = document.createElement('div')
  holder.setAttribute('x-data', '{count: 1}')
  holder.innerHTML = `<p x-text="count"></p>${texts.present}`
  document.body.append(holder)
  await settled()
  holder.getBoundingClientRect()
  const kept = holder.querySelector(last)
  /** @type {[Element | null, string][]} */
  const patches =
    work === 'row'
      ? Array.from({ length: singleRows }, (_, id) => [holder.querySelector(`#row-${id}`), texts.row(id)])
      : [[holder.querySelector('table'), texts[work]]]
  const begin = performance.now()
  for (const [target, html] of patches) {
    await patch(/** @type {Element} */ (target), html)
  }
  const ms = (performance.now() - begin) / patches.length
  const isKept = kept === holder.querySelector(last)
  const html = holder.querySelector('table')?.outerHTML
  const isDone =
    work === 'row'
      ? html?.split('Another name').length === singleRows + 1
      : html?.includes(bodyOfTable(texts[work]))
  holder.remove()
  await settled()
  if (!isDone || !isKept) {
    throw Error(`${work}: ${isKept ? `the table is ${html?.slice(0, 400)}` : 'the rows were made anew'}`)
  }
  return ms
}

/** @param {string} html */
const bodyOfTable = (html) => html.slice(html.indexOf('<tbody>'))

/**
 * Put the contestant before the measuring scripts.
 *
 * @param {object} contestant
 * @param {string} contestant.markup Of the page; `#shown` shows the last value.
 * @param {(n: number) => Promise<unknown>} [contestant.call] Send one; the answer has `n`.
 * @param {(count: number) => () => Promise<unknown>} [contestant.stream] Make it ready; then read it.
 * @param {(target: Element, html: string) => unknown} [contestant.patch]
 */
export function enter({ markup, call, stream, patch }) {
  document.body.insertAdjacentHTML('afterbegin', markup)
  const expect = async (/** @type {string} */ text) => {
    await settled()
    const shown = document.querySelector('#shown')?.textContent
    if (shown !== text) {
      throw Error(`#shown is ${shown}; expected ${text}`)
    }
  }
  let last = 0
  /** @type {(() => Promise<unknown>) | undefined} */
  let read

  Object.assign(window, {
    isReady: true,

    /** @param {number} count */
    async measureCalls(count) {
      const begin = performance.now()
      for (let time = 0; time < count; time += 1) {
        last += 1
        await call?.(last)
      }
      const ms = performance.now() - begin
      await expect(`${last}`)
      return (ms / count) * 1000
    },

    /** @param {number} count */
    prepareStream(count) {
      last = count - 1
      read = stream?.(count)
    },

    async readStream() {
      await read?.()
      await expect(`${last}`)
    },

    measurePatch: (/** @type {'row'} */ work, /** @type {number} */ length) =>
      patch && measurePatch(patch, work, length),

    whatSurvives: () => patch && whatSurvives(patch),

    /** @param {string} html Put beside the rest, and seen by whatever watches the page. */
    async fillPage(html) {
      const holder = document.querySelector('#filling') ?? document.createElement('div')
      holder.id = 'filling'
      holder.innerHTML = html
      document.body.append(holder)
      await settled()
    },
  })
}
