import { Alpine } from './alpine.js'
import { abortAll } from './page.js'
import { obtain } from './protocol.js'

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
 * @typedef {object} Cell One state and what stands behind it. Only `view` is reactive: a call made
 *   inside an effect must not subscribe that effect to what the call then writes.
 * @property {State} view The same, reactive: made when something reads it, for most are never read.
 * @property {(values: Partial<State>) => void} write
 * @property {Set<import('./page.js').Abortable>} calls Begun or not.
 * @property {number} begun How many of them are pending.
 * @property {Cell[]} [shown] Of the call whose outcome is shown, all its cells: they stand for it.
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
      return isAction ? cellOf(component, name).view : name === '__v_skip' || undefined
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
  return laneOf(key).view
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
  /** @type {State | undefined} */
  let view
  const raw = {
    pending: false,
    delayed: false,
    ...idle,
    abort: () => abortAll(cell.calls),
    reset: () => show(cell.shown ?? [], idle),
  }
  /** @type {Cell} */
  const cell = {
    calls: new Set(),
    begun: 0,
    get view() {
      view ??= Alpine.reactive(raw)
      return view
    },
    write: (values) => Object.assign(view ?? raw, values),
  }
  return cell
}

/** @type {Map<Cell, number>} Pending, not yet `delayed`: when each began, the first first. */
const waiting = new Map()

/** One timer for all: one for each cell would cost as much as the rest of a call. */
let isWatching = false

function watchDelays() {
  for (const [cell, since] of waiting) {
    const rest = since + delayedAfterMs - Date.now()
    if (rest > 0) {
      setTimeout(watchDelays, rest)
      return
    }
    waiting.delete(cell)
    cell.write({ delayed: true })
  }
  isWatching = false
}

/**
 * A call has begun: it is the one that is shown from now on.
 *
 * @param {Cell[]} cells All of the call, the same array at each step.
 */
export function begin(cells) {
  for (const cell of cells) {
    cell.begun += 1
    cell.shown = cells
    cell.write({ ...idle, pending: true })
    if (cell.begun === 1) {
      waiting.set(cell, Date.now())
      if (!isWatching) {
        isWatching = true
        setTimeout(watchDelays, delayedAfterMs)
      }
    }
  }
}

/**
 * @param {Cell[]} cells
 * @param {Partial<State>} values Shown where no later call has begun.
 */
export function show(cells, values) {
  for (const cell of cells) {
    if (cell.shown === cells) {
      cell.write(values)
    }
  }
}

/**
 * A call that had begun has ended.
 *
 * @param {Cell[]} cells
 */
export function end(cells) {
  for (const cell of cells) {
    cell.begun -= 1
    if (cell.begun === 0) {
      waiting.delete(cell)
      cell.write({ pending: false, delayed: false })
    }
  }
}
