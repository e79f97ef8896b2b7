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
  const moveFocus = watchFocus(region)

  /** @param {any} toast */
  const add = (toast) => {
    const button = document.createElement('button')
    const dismiss = () => {
      moveFocus(toast)
      toast.remove()
    }
    button.textContent = '×'
    button.ariaLabel = config.messages.dismiss
    button.type = 'button'
    button.onclick = dismiss
    toast.onanimationend = (/** @type {Event} */ { target }) => target === toast && dismiss()
    toast.classList.add('hyper-toast')
    if (toast.matches('.error, .warning')) {
      toast.role = 'alert'
    }
    toast.append(button)
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
  // A live region reads what comes to it, not what it was born with.
  Alpine.nextTick(() => present.forEach(add))
  addEventListener('hyper:toast', listener)
  cleanup(() => removeEventListener('hyper:toast', listener))
}

/**
 * @param {HTMLElement} region
 * @returns {(toast: any) => void} Moves the focus out of a toast that goes: to the next one, after
 *   the last to where it came from, or to the region where that has gone.
 */
function watchFocus(region) {
  /** @type {any} */
  let origin = region
  region.tabIndex = -1
  region.addEventListener('focusin', ({ relatedTarget }) => {
    const isHere = region.contains(/** @type {Node | null} */ (relatedTarget))
    origin = isHere ? origin : (relatedTarget ?? origin)
  })
  return (toast) => {
    const next = toast.nextElementSibling ?? toast.previousElementSibling
    const back = origin.isConnected ? origin : region
    if (toast.contains(document.activeElement)) {
      ;(next ? next.lastElementChild : back).focus()
    }
  }
}
