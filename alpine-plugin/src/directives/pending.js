import { isObject } from '../protocol.js'
import { scopeOf, viewOf } from '../state.js'

/** Tells our `disabled` from that of the author, who may write it during the call. */
const ours = 'pending'

/** @type {HTMLElement | null} What had the focus last when it was disabled. */
let lost = null

/** @type {Record<string, (element: HTMLElement, isPending: boolean) => void>} */
const SHOW = {
  hide: (element, isPending) => {
    element.hidden = isPending
  },
  show: (element, isPending) => {
    element.hidden = !isPending
  },
  disabled: disable,
}

/**
 * `x-pending:hide`, `x-pending:show`, `x-pending:disabled`.
 *
 * @param {HTMLElement} element
 * @param {{ value: string, expression: string, modifiers: string[] }} markup
 * @param {any} utilities
 */
export function pendingDirective(element, { value, expression, modifiers }, { effect, evaluateLater }) {
  if (Object.hasOwn(SHOW, value)) {
    const name = modifiers.includes('delay') ? 'delayed' : 'pending'
    const view = viewOf(scopeOf(element).cell)
    const show = (/** @type {any} */ state) => SHOW[value](element, isObject(state) ? state[name] : state)
    const read = expression ? evaluateLater(expression) : () => show(view)
    effect(() => read(show))
  }
}

/**
 * @param {HTMLElement} element
 * @param {boolean} isPending
 */
function disable(element, isPending) {
  const present = element.getAttribute('disabled')
  if (isPending && present === null) {
    const { activeElement } = document
    lost = element.contains(activeElement) ? /** @type {HTMLElement} */ (activeElement) : lost
    element.setAttribute('disabled', ours)
  } else if (!isPending && present === ours) {
    element.removeAttribute('disabled')
    refocus(element)
  }
}

/** @param {Element} element */
function refocus(element) {
  if (document.activeElement === document.body && element.contains(lost)) {
    lost?.focus()
  }
}
