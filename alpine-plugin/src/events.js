/**
 * Dispatch `hyper:<name>` on an element, bubbling, or on `window` when it is gone.
 *
 * @param {Element | null} source
 * @param {string} name
 * @param {object} detail
 * @returns {boolean} False when a listener prevented it.
 */
export function fire(source, name, detail) {
  return dispatch(source, `hyper:${name}`, detail, true)
}

/**
 * @param {Element | null} element
 * @param {string} name
 * @param {unknown} detail
 * @param {boolean} [cancelable]
 */
export function dispatch(element, name, detail, cancelable = false) {
  const target = element?.isConnected ? element : window
  return target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, cancelable }))
}
