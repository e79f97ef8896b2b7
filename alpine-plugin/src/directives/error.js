import { Alpine } from '../alpine.js'
import { arrivals, noteArrival, toggle } from '../page.js'
import { cellOf, scopeOf, viewOf, wholeForm } from '../state.js'

/** Follow what comes to the page, and the resets of its forms. */
export function watchErrors() {
  let isWaiting = false
  Alpine.interceptInit(() => {
    if (!isWaiting) {
      isWaiting = true
      // Later: outside of the effect that inserts, and when names are bound.
      Alpine.nextTick(() => {
        isWaiting = false
        noteArrival()
      })
    }
  })
  addEventListener('reset', ({ target, defaultPrevented }) => {
    const view = viewOf(cellOf(/** @type {Element} */ (target), wholeForm))
    // A result stays: `x-action.reset` resets the form after success.
    if (view.error && !defaultPrevented) {
      view.reset()
    }
  })
}

/**
 * `x-error="field"`: the messages of a field; `x-error="__all__"`: those of none, as a live region;
 * `x-error` alone: those of fields without an `x-error` too, likewise.
 *
 * @param {HTMLElement} element
 * @param {{ expression: string }} markup
 * @param {any} utilities
 */
export function errorDirective(element, { expression: field }, { effect, cleanup }) {
  const { root, cell } = scopeOf(element)
  /** @type {Element[]} */
  let marked = []
  /** @param {boolean} isInvalid */
  const mark = (isInvalid) => {
    for (const control of marked) {
      describe(control, element.id, isInvalid)
    }
  }
  element.id ||= `hyper${Math.random()}`
  if (!field || field === '__all__') {
    element.role = 'alert'
  }
  effect(() => {
    const messages = messagesOf(viewOf(cell))
    const names = field ? [field] : Object.keys(messages).filter((name) => !isShown(root, name))
    // Until the first call the text is the server's.
    if (cell.shown) {
      write(element, names.flatMap((name) => messages[name] ?? []).join(' '))
    }
    element.hidden = !element.textContent?.trim()
    mark(false)
    // A control that comes later is marked too.
    marked = !element.hidden && arrivals.count ? names.flatMap((name) => controlsOf(root, name)) : []
    mark(true)
  })
  cleanup(() => mark(false))
}

/**
 * @param {import('../state.js').State} state
 * @returns {Record<string, (string | null)[]>} By field; `__all__` has those of none.
 */
function messagesOf({ errors, error }) {
  return Object.keys(errors)[0] ? errors : { __all__: [error] }
}

/**
 * Whether an `x-error` shows the messages of a name; those of others stand in the general one.
 *
 * @param {Element} root
 * @param {string} name
 */
function isShown(root, name) {
  return root.querySelector(selectorOf(Alpine.prefixed('error'), name))
}

/**
 * @param {Element} element
 * @param {string} text
 */
function write(element, text) {
  // The same once more would be read aloud once more.
  if (element.textContent !== text) {
    element.textContent = text
  }
}

/**
 * @param {Element} root
 * @param {string} name
 */
function controlsOf(root, name) {
  return [...document.querySelectorAll(selectorOf('name', name))].filter((each) => isOf(root, each))
}

/**
 * @param {string} attribute
 * @param {string} value
 */
function selectorOf(attribute, value) {
  return `[${attribute}="${CSS.escape(value)}"]`
}

/**
 * Whether a control is one of a form, wherever it stands, or of another element.
 *
 * @param {Element} root
 * @param {any} control
 */
function isOf(root, control) {
  return root.contains(control.form ?? control)
}

/**
 * Say of a control whether it is invalid, and where its messages are, beside what its author wrote.
 *
 * @param {Element} control
 * @param {string} id
 * @param {boolean} isInvalid
 */
function describe(control, id, isInvalid) {
  const ids = new Set(control.getAttribute('aria-describedby')?.split(' '))
  ids[isInvalid ? 'add' : 'delete'](id)
  toggle(control, 'aria-describedby', [...ids].join(' '))
  toggle(control, 'aria-invalid', isInvalid)
}

/**
 * Give the focus to the first invalid field of a form, if it is still in that form.
 *
 * @param {Element} form
 */
export function focusInvalid(form) {
  // By then errors are shown, and what was disabled has its focus back.
  Alpine.nextTick(() => {
    if (isOf(form, document.activeElement)) {
      /** @type {NodeListOf<HTMLElement>} */
      const invalid = document.querySelectorAll('[aria-invalid=true]')
      // One that is hidden or disabled does not take it.
      ;[...invalid].some((each) => {
        isOf(form, each) && each.focus()
        return each === document.activeElement
      })
    }
  })
}
