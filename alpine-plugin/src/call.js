import { ActionError, asError } from './errors.js'
import { fire } from './events.js'
import { leave } from './lanes.js'
import { boundTo, count, openCalls, toggle } from './page.js'
import { obtain, outcomeOf } from './protocol.js'
import { begin, cellOf, componentsOf, end, laneOf, show, wholeComponent, wholeForm } from './state.js'

/**
 * @typedef {import('./protocol.js').ActionOptions} ActionOptions
 * @typedef {import('./protocol.js').Outcome} Outcome
 * @typedef {import('./state.js').State} State
 */

// With a counter, unique; `crypto.randomUUID` needs https.
const pageId = crypto.getRandomValues(new Uint32Array(4)).join('-')
let lastNumber = 0

/** @type {WeakMap<Element, number>} */
const sources = new WeakMap()

/**
 * The lane of a call without `key`.
 *
 * @param {Element | null} source The form, where there is one.
 * @param {string} action
 * @param {ActionOptions} options
 */
function defaultKey(source, action, { target }) {
  if (target || !source) {
    return target ? `${action} ${target}` : action
  }
  return `${action} @${obtain(sources, source, () => lastNumber)}`
}

/** One call, from its first moment to its only end: what it writes and says. When is `action.js`. */
export class Call {
  isLive = true
  #hasBegun = false
  #isAnnounced = false
  isApplying = false
  isStream = false

  /** False once the answer itself has removed the source element. */
  isTied = true

  /** The strings that were streamed. */
  #text = ''

  start = () => {}

  /** @type {Partial<import('./form.js').Submission>} What its form was when it was called. */
  submission = {}

  /** @type {import('./state.js').Display} */
  #display = { cells: [], values: {} }

  #onSignal = () => this.abort()

  /** @type {(outcome: Outcome) => void} */
  #resolve

  /** @type {(error: ActionError) => void} */
  #reject

  /** @type {Element[]} The form that shows the call, if there is one. */
  #forms

  /** @type {Set<any>[]} Where it can be found to be aborted. */
  #groups = []

  /**
   * @param {Element | null} source
   * @param {HTMLFormElement | null} form
   * @param {string} action
   * @param {ActionOptions} options
   * @param {(outcome: Outcome) => void} resolve
   * @param {(error: ActionError) => void} reject
   */
  constructor(source, form, action, options, resolve, reject) {
    lastNumber += 1
    this.id = `${pageId}-${lastNumber}`
    this.source = source
    this.form = form
    this.action = action
    this.options = options
    this.#resolve = resolve
    this.#reject = reject
    this.key = options.key ?? defaultKey(form ?? source, action, options)
    this.components = source ? componentsOf(source) : []
    this.#forms = [form ?? source].filter((each) => each instanceof HTMLFormElement)
    this.controller = new AbortController()
  }

  /** Take a place in the states of the page, where the call can be aborted from now on. */
  open() {
    const { options, submission } = this
    const { cells } = this.#display
    for (const component of this.components) {
      cells.push(cellOf(component, this.action), cellOf(component, wholeComponent))
    }
    for (const form of this.#forms) {
      cells.push(cellOf(form, wholeForm))
    }
    cells.push(laneOf(this.key))
    this.#groups = [openCalls, ...cells.map(({ calls }) => calls)]
    for (const group of this.#groups) {
      group.add(this)
    }
    if ((options.method ?? submission.method)?.toUpperCase() === 'GET') {
      this.#tie()
    }
    options.signal?.addEventListener('abort', this.#onSignal)
  }

  /** From now on the call ends with its source element. */
  #tie() {
    if (this.source) {
      const group = boundTo(this.source)
      group.add(this)
      this.#groups.push(group)
    }
  }

  orphan() {
    if (this.isTied) {
      this.abort()
    }
  }

  /** @param {boolean} isStream Whether the answer that has begun is one. */
  follow(isStream) {
    this.isStream = isStream
    if (isStream) {
      this.#tie()
    }
    if (isStream && this.isGone) {
      this.orphan()
    }
  }

  /** Whether the source element is no longer on the page. */
  get isGone() {
    return this.source?.isConnected === false
  }

  begin() {
    this.#hasBegun = true
    count(1)
    begin(this.#display)
    this.#mark()
  }

  /** @param {{ url: string, method: string }} request */
  announce({ url, method }) {
    this.#isAnnounced = true
    this.fire('beforeRequest', { url, method, action: this.action })
  }

  /**
   * @param {string} name
   * @param {object} [detail]
   */
  fire(name, detail) {
    return fire(this.source, name, { key: this.key, ...detail })
  }

  /** @param {Partial<State>} values */
  show(values) {
    show(this.#display, values)
  }

  /** @param {unknown} value Streamed. */
  hear(value) {
    this.show({ message: value })
    if (typeof value === 'string') {
      this.#text += value
      this.show({ text: this.#text })
    }
    this.options.onMessage?.(value)
  }

  block() {
    this.fire('requestBlocked')
    this.#resolve(outcomeOf({ blocked: true }))
  }

  replace() {
    this.abort('requestReplaced')
  }

  /**
   * Cancel the call, unless it has ended or its answer is being applied.
   *
   * @param {string} [reason] An event that goes before.
   */
  abort(reason) {
    if (this.isLive && !this.isApplying) {
      this.#finish({}, 'requestAborted', {}, reason)
      this.controller.abort()
      this.#resolve(outcomeOf({ aborted: true }))
    }
  }

  /** @param {Outcome} outcome */
  answer(outcome) {
    const { ok, blocked, aborted, ...values } = outcome
    const { status, result, error: message } = values
    if (ok) {
      this.#finish({ status, result }, 'requestSuccess', { status })
    } else {
      this.#finish(values, 'requestError', { status, message })
    }
    if (!ok && this.options.throw) {
      this.#reject(new ActionError(/** @type {string} */ (message), /** @type {any} */ (values)))
    }
    this.#resolve(outcome)
  }

  /** @param {unknown} thrown */
  fail(thrown) {
    if (this.isLive) {
      const error = asError('exception', thrown)
      if (!this.#hasBegun) {
        this.begin()
      }
      this.#finish({ error: error.message, code: error.code }, 'requestException', { error })
      this.controller.abort()
      this.#reject(error)
    }
  }

  /**
   * The one end of every call: its state, its lane, its events, and then whose turn it is.
   *
   * @param {Partial<State>} values
   * @param {string} name Of its event.
   * @param {object} detail
   * @param {string} [reason] An event that goes before.
   */
  #finish(values, name, detail, reason) {
    this.isLive = false
    this.show({ ...values, progress: null })
    this.#close()
    const startNext = leave(this.key, this)
    if (reason) {
      this.fire(reason)
    }
    this.fire(name, detail)
    if (this.#isAnnounced) {
      this.fire('afterRequest')
    }
    startNext()
  }

  #close() {
    this.options.signal?.removeEventListener('abort', this.#onSignal)
    for (const group of this.#groups) {
      group.delete(this)
    }
    if (this.#hasBegun) {
      count(-1)
      end(this.#display)
      this.#mark()
    }
  }

  /** Mark the form while any of its calls is pending, and the submitter of this one. */
  #mark() {
    const { submitter } = this.submission
    for (const form of this.#forms) {
      for (const name of ['aria-busy', 'data-hyper-pending']) {
        toggle(form, name, cellOf(form, wholeForm).begun > 0)
      }
    }
    if (submitter) {
      // Not disabled: it keeps the focus, and the lane refuses a second press.
      toggle(submitter, 'aria-disabled', this.isLive)
    }
  }
}
