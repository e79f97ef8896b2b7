/**
 * The Alpine of this page. `hyper(Alpine)` sets it before anything else runs.
 *
 * @type {import('alpinejs').Alpine}
 */
export let Alpine

/** @param {import('alpinejs').Alpine} instance */
export function useAlpine(instance) {
  Alpine = instance
}
