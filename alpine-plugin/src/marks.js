import { cellOf, wholeForm } from './state.js'

/** @type {WeakMap<Element, [Element, string][]>} What is marked for each form, with the attribute. */
const marked = new WeakMap()

/**
 * Mark a form whose call has begun. An attribute that its author wrote stays as it is.
 *
 * @param {Element} form
 * @param {Element | null} [submitter] Not disabled: it keeps the focus, and the lane refuses a second press.
 */
export function mark(form, submitter) {
  const marks = marked.get(form) ?? []
  marked.set(form, marks)
  const set = (/** @type {Element} */ element, /** @type {string} */ name) => {
    if (!element.hasAttribute(name)) {
      element.setAttribute(name, 'true')
      marks.push([element, name])
    }
  }
  set(form, 'data-hyper-pending')
  set(form, 'aria-busy')
  if (submitter) {
    set(submitter, 'aria-disabled')
  }
}

/**
 * Take the marks of a form away, unless another of its calls is pending.
 *
 * @param {Element} form
 */
export function unmark(form) {
  if (cellOf(form, wholeForm).begun === 0) {
    for (const [element, name] of marked.get(form)?.splice(0) ?? []) {
      element.removeAttribute(name)
    }
  }
}
