import { Alpine } from './alpine.js'
import { save } from './download.js'
import { complain } from './errors.js'
import { dispatch, fire } from './events.js'
import { findElement } from './page.js'
import { patch, refresh } from './patch.js'
import { has, write } from './signals.js'

/**
 * @typedef {import('./protocol.js').Item} Item
 *
 * @typedef {object} Caller Where a call was made.
 * @property {string} action
 * @property {Element | null} source
 * @property {Element[]} components From its own outwards.
 * @property {(value: unknown) => void} hear Is given each streamed value.
 * @property {{ target?: string }} [options] Of the call.
 */

/** @type {Record<string, (data: any, caller: Caller) => void>} */
const APPLY = {
  toast: (value, { source }) => fire(source, 'toast', { value }),
  dispatch_event: dispatchEvent,
  redirect: ({ url, external }) => navigate(url, external === true),
  history: writeHistory,
  patch_signals: patchSignals,
  download: ({ file, name }) => save(file, name),
  message: (value, caller) => caller.hear(value),
  patch_html: ({ content, target, swap }, caller) =>
    following(caller, () => patch(content, { target: target ?? caller.options?.target, swap })),
  refresh: ({ content, selectors }, caller) => following(caller, () => refresh(content, selectors)),
}

/** @type {Set<string>} */
const unknownEvents = new Set()

/**
 * Do what an item says. One that this version does not know is skipped.
 *
 * @param {Item} item
 * @param {Caller} caller
 */
export function applyItem({ event, data }, caller) {
  if (Object.hasOwn(APPLY, event)) {
    APPLY[event](data, caller)
  } else if (!unknownEvents.has(event)) {
    unknownEvents.add(event)
    complain(`'${caller.action}' sent an item '${event}'`, Object.keys(APPLY).join(', '))
  }
}

/**
 * Go to a URL of this site, or anywhere when the server said so; never to one that runs script.
 *
 * @param {string} address
 * @param {boolean} isExternal
 */
export function navigate(address, isExternal) {
  const url = new URL(address, document.baseURI)
  if (/^https?:$/.test(url.protocol) && (isExternal || url.origin === location.origin)) {
    location.assign(url)
  } else {
    complain(`a redirect to ${url} is refused`, 'one of this site, or external=True')
  }
}

/**
 * Write the address bar: with a new entry, or over the present one.
 *
 * @param {{ push: string | null, replace: string | null }} urls
 */
function writeHistory({ push, replace }) {
  const url = new URL(push ?? replace ?? '', document.baseURI)
  if (url.origin === location.origin) {
    history[push ? 'pushState' : 'replaceState'](history.state, '', url)
  } else {
    complain(`a redirect to ${url} is refused`, 'one of this site')
  }
}

/**
 * @param {{ name: string, detail: unknown, target: string | null }} data
 * @param {Caller} caller
 */
function dispatchEvent({ name, detail, target }, { source }) {
  const element = target ? findElement(target) : source
  if (element || !target) {
    dispatch(element, name, detail)
  }
}

/**
 * @param {{ signals?: Record<string, any>, store?: Record<string, any> }} data
 * @param {Caller} caller
 */
function patchSignals({ signals = {}, store = {} }, { action, source, components }) {
  for (const name of Object.keys(store)) {
    write(/** @type {Record<string, any>} */ (Alpine.store('server')), name, store[name])
  }
  const scopes = scopesAt([source, ...components])
  for (const name of Object.keys(signals)) {
    const scope = scopes.find((each) => has(each, name)) ?? scopesAt(components)[0]
    if (!scope) {
      complain(
        `'${action}' has no component for the signals ${Object.keys(signals)}`,
        'a call by $action in one, or Store()',
      )
      return
    }
    write(scope, name, signals[name])
  }
}

/**
 * The scopes of the first of these elements that is still on the page.
 *
 * @param {(Element | null)[]} elements From the inside outwards.
 * @returns {Record<string, any>[]}
 */
function scopesAt(elements) {
  const place = elements.find((element) => element?.isConnected)
  return place ? Alpine.closestDataStack(/** @type {HTMLElement} */ (place)) : []
}

/**
 * Patch, and let what came to the place of a component of the caller get its later signals.
 *
 * @param {Caller} caller
 * @param {() => Element[]} work
 */
function following(caller, work) {
  const places = caller.components.map(placeOf)
  const came = work()
  caller.components = caller.components.map((component, index) => {
    const id = component.getAttribute('id')
    const heir = component.isConnected || (id ? document.getElementById(id) : elementAt(places[index]))
    return heir instanceof Element && came.some((each) => each.contains(heir)) ? heir : component
  })
}

/**
 * Where an element stands: the number of each element around it, and its own, among their siblings.
 *
 * @param {Element} element
 * @returns {number[]} From the page inwards.
 */
function placeOf(element) {
  const { parentElement: parent } = element
  return parent ? [...placeOf(parent), [...parent.children].indexOf(element)] : []
}

/**
 * @param {number[]} place
 * @returns {Element | undefined}
 */
function elementAt(place) {
  return place.reduce((each, number) => each?.children[number], /** @type {any} */ (document.documentElement))
}
