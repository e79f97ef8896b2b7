import { callAction } from '../action.js'
import { attributeOf, submitterOf } from '../form.js'
import { focusInvalid } from './error.js'

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
  const confirm = /** @type {string} */ (
    modifiers.includes('confirm') && element.getAttribute('data-confirm')
  )
  const reset = modifiers.includes('reset') ? HTMLFormElement.prototype.reset : () => {}
  /** @param {any} event */
  const listener = (event) => {
    const found = event.defaultPrevented ? null : read(/** @type {any} */ (element), event)
    const action = expression || found?.[0]
    if (found && action) {
      event.preventDefault()
      callAction(element, action, found[1], { sync, confirm, ...found[2] }).then(
        ({ ok }) => (ok ? reset.call(/** @type {any} */ (element)) : focusInvalid(element)),
        console.error,
      )
    }
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
    /^dialog/i.test(/** @type {string} */ (attributeOf(form, submitter, 'method'))) ||
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
  return [name === '_action' ? value : '', name ? { [name]: value } : {}]
}

/** @param {string | null} target */
function isElsewhere(target) {
  return target && target !== '_self'
}
