import { Alpine } from '../alpine.js'
import { toggle } from '../page.js'
import { scopeOf } from '../state.js'

/**
 * `x-error="field"`: the messages of a field; `x-error` alone: those of none, as a live region.
 *
 * @param {HTMLElement} element
 * @param {{ expression: string }} markup
 * @param {any} utilities
 */
export function errorDirective(element, { expression: field }, { effect }) {
  const { root, cell } = scopeOf(element)
  element.id ||= `hyper${Math.random()}`
  if (!field) {
    element.role = 'alert'
  }
  effect(() => {
    const messages = messagesOf(cell.view, field)
    // Until the first call the text is the server's.
    if (cell.shown) {
      element.textContent = messages.join(' ')
    }
    element.hidden = !(/** @type {string} */ (element.textContent).trim())
    for (const control of root.querySelectorAll(`[name="${CSS.escape(field)}"]`)) {
      describe(control, element)
    }
  })
}

/**
 * @param {import('../state.js').State} state
 * @param {string} field Empty for the messages of none.
 */
function messagesOf({ errors, error }, field) {
  return errors[field || '__all__'] ?? [field || Object.keys(errors)[0] ? null : error]
}

/**
 * Say of a control where its messages are, beside what its author wrote, and whether it has any.
 *
 * @param {Element} control
 * @param {HTMLElement} message
 */
function describe(control, { id, hidden }) {
  const ids = control.getAttribute('aria-describedby') ?? ''
  if (!ids.split(' ').includes(id)) {
    control.setAttribute('aria-describedby', `${ids} ${id}`.trim())
  }
  toggle(control, 'aria-invalid', !hidden)
}

/**
 * Give the focus to the first invalid field of a form, if it is still in that form.
 *
 * @param {Element} form
 */
export function focusInvalid(form) {
  // By then errors are shown, and what was disabled has its focus back.
  Alpine.nextTick(
    () =>
      form.querySelector(':focus') &&
      /** @type {HTMLElement | null} */ (form.querySelector('[aria-invalid=true]'))?.focus(),
  )
}
