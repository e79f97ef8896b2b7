import { Alpine } from './alpine.js'
import { complain } from './errors.js'
import { obtain } from './protocol.js'

/**
 * @typedef {{ abort: () => void }} Abortable
 * @typedef {{ orphan: () => void }} Tied
 * @typedef {{ online: boolean, pending: boolean, calls: number }} HyperStore
 */

/** @type {Set<Abortable>} The calls of this page that have not ended. */
export const openCalls = new Set()

/** @type {WeakMap<Element, Set<Tied>>} Calls that end with their source element. */
const bound = new WeakMap()

let inFlight = 0

/** @type {{ pending: boolean, calls: number } | undefined} Reactive: made when something reads it. */
let counts

const presentCounts = () => ({ pending: inFlight > 0, calls: inFlight })

function readCounts() {
  counts ??= Alpine.reactive(presentCounts())
  return counts
}

/** @type {{ count: number }} Reactive: rises when elements have come to the page, or were patched. */
export let arrivals

export function noteArrival() {
  arrivals.count += 1
}

/** Make `$store.hyper` and `$store.server`, and follow what happens to the page. */
export function watchPage() {
  const follow = () => {
    hyperStore.online = navigator.onLine
  }
  arrivals = Alpine.reactive({ count: 1 })
  Alpine.store('hyper', {
    get pending() {
      return readCounts().pending
    },
    get calls() {
      return readCounts().calls
    },
  })
  const hyperStore = /** @type {HyperStore} */ (Alpine.store('hyper'))
  if (!Alpine.store('server')) {
    Alpine.store('server', {})
  }
  follow()
  addEventListener('online', follow)
  addEventListener('offline', follow)
  addEventListener('pageshow', ({ persisted }) => persisted && abortAll(openCalls))
}

/**
 * @param {string} selector
 * @param {Document} [page] Another one: a new rendering of this one.
 * @returns {Element | null} Null, and a word to the developer, where nothing matches.
 */
export function findElement(selector, page = document) {
  let element = null
  try {
    element = page.querySelector(selector)
  } catch {}
  if (!element) {
    complain(
      `the target '${selector}' is not on ${page === document ? 'this' : 'the new'} page`,
      'a selector that matches',
    )
  }
  return element
}

/**
 * Write an attribute, or take it away.
 *
 * @param {Element} element
 * @param {string} name
 * @param {boolean | string} value False or empty for none.
 */
export function toggle(element, name, value) {
  element[value ? 'setAttribute' : 'removeAttribute'](name, /** @type {string} */ (value))
}

/** @param {1 | -1} change */
export function count(change) {
  inFlight += change
  if (counts) {
    Object.assign(counts, presentCounts())
  }
}

/**
 * The calls that are told when an element goes. One listener, however many there are.
 *
 * @param {Element} element
 * @returns {Set<Tied>}
 */
export function boundTo(element) {
  return obtain(bound, element, () => {
    const calls = new Set()
    Alpine.onElRemoved(/** @type {any} */ (element), () => {
      bound.delete(element)
      for (const call of [...calls].reverse()) {
        call.orphan()
      }
    })
    return calls
  })
}

/**
 * The last first, so that no queued call starts on the way.
 *
 * @param {Set<Abortable>} calls
 */
export function abortAll(calls) {
  for (const call of [...calls].reverse()) {
    call.abort()
  }
}
