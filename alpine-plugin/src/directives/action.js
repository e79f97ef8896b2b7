import { callAction } from '../action.js'
import { complain } from '../errors.js'
import { attributeOf, submitterOf } from '../form.js'

/**
 * @typedef {import('../protocol.js').ActionOptions} ActionOptions
 * @typedef {import('../protocol.js').Policy} Policy
 */

/**
 * `x-action`: the submit of a form, or the click of anything else, is a call.
 *
 * @param {HTMLElement} element
 * @param {{ expression: string, modifiers: string[] }} markup
 * @param {{ cleanup: (callback: () => void) => void }} utilities
 */
export function actionDirective(element, { expression, modifiers }, { cleanup }) {
  const [type, read] = element instanceof HTMLFormElement ? ['submit', readSubmit] : ['click', readClick]
  const sync = /** @type {Policy} */ (modifiers.find((name) => /^(replace|block|none|queue)$/.test(name)))
  const question = (modifiers.includes('confirm') && element.getAttribute('data-confirm')) || ''
  const reset = modifiers.includes('reset') ? HTMLFormElement.prototype.reset : () => {}
  /** @param {any} event */
  const listener = (event) => {
    const found = event.defaultPrevented ? null : read(/** @type {any} */ (element), event)
    if (!found) {
      return
    }
    const [own, data, options] = found
    const action = expression || own
    if (!action) {
      complain('x-action has no name', 'x-action="name"')
      return
    }
    event.preventDefault()
    callAction(element, action, data, { sync, confirm: question, ...options }).then(
      ({ ok }) => ok && reset.call(/** @type {any} */ (element)),
      tellFault,
    )
  }
  element.addEventListener(type, listener)
  cleanup(() => element.removeEventListener(type, listener))
}

/**
 * @param {HTMLFormElement} form
 * @returns {[string, object, ActionOptions] | undefined} Name, data and options of a call, unless
 *   the submit is the browser's.
 */
function readSubmit(form) {
  const submitter = submitterOf(form)
  if (
    /^dialog$/i.test(`${attributeOf(form, submitter, 'method')}`) ||
    isElsewhere(attributeOf(form, submitter, 'target'))
  ) {
    return
  }
  const own = submitter?.name === '_action' ? submitter.value : new FormData(form).getAll('_action').at(-1)
  return [/** @type {string} */ (own), {}, { form }]
}

/**
 * @param {any} control A button, a link or anything else.
 * @param {MouseEvent} event
 * @returns {[string, object, ActionOptions?] | undefined}
 */
function readClick({ href, target, name, value }, { ctrlKey, metaKey, shiftKey, altKey }) {
  if (href && (ctrlKey || metaKey || shiftKey || altKey || isElsewhere(target))) {
    return
  }
  return name === '_action' ? [value, {}] : ['', name ? { [name]: value } : {}]
}

/** @param {string | null} target */
function isElsewhere(target) {
  return target && target !== '_self'
}

/**
 * What the server or the network did is in the state; a fault of the page is for the console.
 *
 * @param {import('../errors.js').ActionError} error
 */
function tellFault({ code, cause }) {
  if (code === 'exception') {
    console.error(cause)
  }
}

/** Tell of what Alpine does not see. */
export function complainOutside() {
  if (document.querySelector('[x-action]:not([x-data], [x-data] *)')) {
    complain('x-action is outside of x-data', 'x-data on it or around it')
  }
}
