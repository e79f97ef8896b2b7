import { Alpine } from './alpine.js'
import { abortAll } from './page.js'
import { obtain } from './protocol.js'
import { after } from './timers.js'

/**
 * @typedef {object} State What the page sees of an action or a lane.
 * @property {boolean} pending
 * @property {boolean} delayed True after 200 ms of `pending`.
 * @property {string | null} error
 * @property {import('./protocol.js').FieldErrors} errors
 * @property {string | null} code
 * @property {number} status
 * @property {any} result
 * @property {number | null} progress Of the upload, 0–1.
 * @property {string} text
 * @property {any} message
 * @property {() => void} abort
 * @property {() => void} reset
 *
 * @typedef {object} Display What a call shows, in those of its cells that show no later one.
 * @property {Cell[]} cells
 * @property {Partial<State>} values
 *
 * @typedef {object} Cell One state and what stands behind it. Only `view` is reactive: a call made
 *   inside an effect must not subscribe that effect to what the call then writes.
 * @property {State} [view] Made when something reads it: most are never read.
 * @property {Set<import('./page.js').Abortable>} calls Begun or not.
 * @property {number} begun How many of them are pending.
 * @property {number} since When the first of these began.
 * @property {() => void} [stopWatching] Till it is `delayed`.
 * @property {Display} [shown]
 */

/** No action begins with `_`: what these cells hold is of all actions of a component or a form. */
export const wholeComponent = '_'
export const wholeForm = '__'

const delayedAfterMs = 200

/** Lanes that nobody reads are forgotten, oldest first, beyond this number. */
const maxIdleLanes = 100

/** @type {WeakMap<Element, Map<string, Cell>>} */
const components = new WeakMap()

/** @type {Map<string, Cell>} */
const lanes = new Map()

/** @type {Set<string>} Keys of lanes that the page reads. */
const readLanes = new Set()

/**
 * Every component around an element, from its own outwards, along Alpine's own parents.
 *
 * @param {Element} element
 * @returns {Element[]} Never empty: outside any component the page itself stands for one.
 */
export function componentsOf(element) {
  /** @type {Element[]} */
  const found = []
  const attribute = Alpine.prefixed('data')
  Alpine.findClosest(element, (each) => {
    if (each.hasAttribute(attribute)) {
      found.push(each)
    }
    return false
  })
  return found.length > 0 ? found : [document.documentElement]
}

/**
 * What `$actions` is at an element.
 *
 * @param {Element} element
 * @returns {Record<string, State>}
 */
export function actionsOf(element) {
  const [component] = componentsOf(element)
  return new Proxy(/** @type {any} */ ({}), {
    get: (_, name) => {
      // Alpine's reactivity asks for `__v_skip`: it leaves this object alone.
      const isAction =
        typeof name === 'string' && !/^(_|(constructor|prototype|toString|valueOf)$)/.test(name)
      return isAction ? viewOf(cellOf(component, name)) : name === '__v_skip' || undefined
    },
  })
}

/**
 * What `$lane(key)` is.
 *
 * @param {string} key
 * @returns {State}
 */
export function laneState(key) {
  readLanes.add(key)
  return viewOf(laneOf(key))
}

/**
 * @param {Element} component
 * @param {string} name
 * @returns {Cell}
 */
export function cellOf(component, name) {
  return obtain(
    obtain(components, component, () => new Map()),
    name,
    createCell,
  )
}

/**
 * Where a directive at an element looks: the form it is in, else its component.
 *
 * @param {any} element A control may stand outside of its form.
 * @returns {{ root: Element, cell: Cell }}
 */
export function scopeOf(element) {
  const form = element.form ?? Alpine.findClosest(element, (each) => each instanceof HTMLFormElement)
  const root = form ?? componentsOf(element)[0]
  return { root, cell: cellOf(root, form ? wholeForm : wholeComponent) }
}

/**
 * @param {string} key
 * @returns {Cell}
 */
export function laneOf(key) {
  if (lanes.size > maxIdleLanes) {
    const isIdle = (/** @type {string} */ each) => !readLanes.has(each) && lanes.get(each)?.calls.size === 0
    lanes.delete(/** @type {string} */ ([...lanes.keys()].find(isIdle)))
  }
  return obtain(lanes, key, createCell)
}

const idle = {
  error: null,
  errors: Object.freeze({}),
  code: null,
  status: 0,
  result: null,
  progress: null,
  text: '',
  message: null,
}

/** @returns {Cell} */
function createCell() {
  return { calls: new Set(), begun: 0, since: 0 }
}

/**
 * @param {Cell} cell
 * @returns {State} Reactive.
 */
export function viewOf(cell) {
  if (!cell.view) {
    const pending = cell.begun > 0
    cell.view = Alpine.reactive({
      ...idle,
      ...cell.shown?.values,
      pending,
      delayed: pending && timeLeft(cell) < 0,
      abort: () => abortAll(cell.calls),
      reset: () => cell.shown && show(cell.shown, idle),
    })
    watchDelay(cell)
  }
  return /** @type {State} */ (cell.view)
}

/**
 * @param {Cell} cell
 * @param {Partial<State>} values
 */
function write({ view }, values) {
  if (view) {
    Object.assign(view, values)
  }
}

/** @param {Cell} cell */
function watchDelay(cell) {
  if (cell.view && cell.begun > 0) {
    cell.stopWatching = after(timeLeft(cell), () => write(cell, { delayed: true }))
  }
}

/**
 * @param {Cell} cell
 * @returns {number} Ms till it is `delayed`, if it is still pending then.
 */
function timeLeft({ since }) {
  return since + delayedAfterMs - performance.now()
}

/**
 * A call has begun: it is the one that is shown from now on.
 *
 * @param {Display} display
 */
export function begin(display) {
  display.values = { ...idle }
  for (const cell of display.cells) {
    cell.begun += 1
    cell.shown = display
    write(cell, { ...idle, pending: true })
    if (cell.begun === 1) {
      cell.since = performance.now()
      watchDelay(cell)
    }
  }
}

/**
 * @param {Display} display
 * @param {Partial<State>} values Shown where no later call has begun.
 */
export function show(display, values) {
  Object.assign(display.values, values)
  for (const cell of display.cells) {
    if (cell.shown === display) {
      write(cell, values)
    }
  }
}

/**
 * A call that had begun has ended.
 *
 * @param {Display} display
 */
export function end({ cells }) {
  for (const cell of cells) {
    cell.begun -= 1
    if (cell.begun === 0) {
      cell.stopWatching?.()
      write(cell, { pending: false, delayed: false })
    }
  }
}
