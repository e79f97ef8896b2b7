import { Alpine } from '../alpine.js'
import { config } from '../config.js'

/**
 * `x-toasts`: shows toasts as they come, and what the server wrote into it, until they are dismissed.
 *
 * @param {HTMLElement} region
 * @param {unknown} _
 * @param {{ cleanup: (callback: () => void) => void }} utilities
 */
export function toastsDirective(region, _, { cleanup }) {
  const present = [...region.children]
  /** @type {any} Where the focus was before it came here. */
  let origin = region
  const refocus = () => (origin.isConnected ? origin : region).focus()

  /** @param {Element} toast */
  const add = (toast) => {
    makeDismissible(toast, refocus)
    region.append(toast)
  }
  /** @param {any} event */
  const listener = ({ detail: { value } }) => {
    const toast = document.createElement('div')
    toast.className = [value.level, value.tags].join(' ')
    toast.textContent = value.message
    add(toast)
  }

  region.role = 'status'
  region.ariaAtomic = 'false' // each toast is read alone, not all of them again
  region.tabIndex = -1
  region.addEventListener('focusin', ({ relatedTarget }) => {
    const isHere = region.contains(/** @type {Node | null} */ (relatedTarget))
    origin = isHere ? origin : (relatedTarget ?? origin)
  })
  // A live region reads what comes to it, not what it was born with.
  Alpine.nextTick(() => present.forEach(add))
  addEventListener('hyper:toast', listener)
  cleanup(() => removeEventListener('hyper:toast', listener))
}

/**
 * @param {any} toast
 * @param {() => void} refocus Called where no other toast can have the focus.
 */
function makeDismissible(toast, refocus) {
  const button = document.createElement('button')
  const dismiss = () => {
    if (toast.contains(document.activeElement)) {
      const next = toast.nextElementSibling ?? toast.previousElementSibling
      next ? next.lastElementChild.focus() : refocus()
    }
    toast.remove()
  }
  button.type = 'button'
  button.textContent = '×'
  button.ariaLabel = config.messages.dismiss
  button.onclick = dismiss
  toast.onanimationend = (/** @type {Event} */ { target }) => target === toast && dismiss()
  toast.classList.add('hyper-toast')
  if (toast.matches('.error, .warning')) {
    toast.role = 'alert'
  }
  toast.append(button)
}
