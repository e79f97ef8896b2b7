import { callAction } from './action.js'
import { Alpine, useAlpine } from './alpine.js'
import { configure, readConfig } from './config.js'
import { watchToken } from './csrf.js'
import { actionDirective } from './directives/action.js'
import { errorDirective, watchErrors } from './directives/error.js'
import { pendingDirective } from './directives/pending.js'
import { toastsDirective } from './directives/toasts.js'
import { complain } from './errors.js'
import { applyItem } from './items.js'
import { watchPage } from './page.js'
import { patch } from './patch.js'
import { actionsOf, componentsOf, laneState } from './state.js'

export { ActionError } from './errors.js'

/**
 * @typedef {import('./protocol.js').ActionOptions} ActionOptions
 * @typedef {import('./protocol.js').Outcome} Outcome
 * @typedef {import('./state.js').State} State
 */

/** @type {Record<string, (element: any, markup: any, utilities: any) => void>} */
const DIRECTIVES = {
  action: actionDirective,
  error: errorDirective,
  pending: pendingDirective,
  toasts: toastsDirective,
}

/**
 * The Alpine plugin: `Alpine.plugin(hyper)`. Once per page; a second time changes nothing.
 *
 * @param {import('alpinejs').Alpine} instance
 */
export default function hyper(instance) {
  if (Alpine) {
    return
  }
  useAlpine(instance)
  readConfig()
  watchPage()
  watchErrors()
  watchToken()
  Object.assign(instance, { hyper: { configure, patch } })
  Object.assign(window, { action: actionFrom(null) })
  instance.magic('action', actionFrom)
  instance.magic('actions', actionsOf)
  instance.magic('lane', () => laneState)
  for (const name in DIRECTIVES) {
    // After Alpine's own, so that a listener in the same markup can prevent a submit.
    instance.directive(name, DIRECTIVES[name]).before('teleport')
  }
  document.addEventListener('alpine:initialized', complainOutside)
  addEventListener('hyper:items', applyItemsOf)
}

/**
 * Do the items that an answer to htmx carries in its one header.
 *
 * @param {any} event
 */
function applyItemsOf({ target, detail }) {
  const source = target instanceof Element ? target : null
  const components = source ? componentsOf(source) : []
  for (const item of detail.value) {
    applyItem(item, { action: 'htmx', source, components, hear() {} })
  }
}

/** Tell, once, of a directive that Alpine does not see. */
function complainOutside() {
  const ours = RegExp(`^${Alpine.prefixed(`(${Object.keys(DIRECTIVES).join('|')})`)}([.:]|$)`)
  for (const element of /** @type {NodeListOf<any>} */ (document.querySelectorAll('*'))) {
    const name = element.getAttributeNames().find((/** @type {string} */ each) => ours.test(each))
    if (name && !Alpine.closestRoot(element, true)) {
      complain(`${name} is in no x-data`, 'x-data')
      return
    }
  }
}

/**
 * `$action` of an element, or `window.action`.
 *
 * @param {Element | null} source
 */
function actionFrom(source) {
  /**
   * @param {string} name
   * @param {Record<string, any>} [data]
   * @param {ActionOptions} [options]
   */
  return (name, data, options) => callAction(source, name, data, options)
}
