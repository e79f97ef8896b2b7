/** The page's side of the tests: Alpine with the plugin, and the server that answers it. */
import Alpine from 'alpinejs'
import { vi } from 'vitest'
import hyper from '../alpine-plugin/src/index.js'

let lastApp = 0

/** Start Alpine once per test file. */
export function startAlpine() {
  if (!Alpine.hyper) {
    window.Alpine = Alpine
    Alpine.plugin(hyper)
    Alpine.start()
  }
  return Alpine
}

/**
 * A page of its own: its URL is answered as scripted.
 *
 * @param {object[]} [script]
 * @param {string} [path] After `/app/<id>/`.
 */
export async function openApp(script = [], path = '') {
  lastApp += 1
  const id = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}-${lastApp}`
  const home = `/app/${id}/`
  const talk = async (message = {}) => {
    const response = await fetch(`/control/${id}`, { method: 'POST', body: JSON.stringify(message) })
    return response.json()
  }
  history.replaceState(null, '', home + path)
  await talk({ script })
  return {
    home,
    script: (...answers) => talk({ script: answers }),
    requests: async () => (await talk()).requests,
    release: (...numbers) => talk({ release: numbers }),
    /** Send more of a stream that was left open. */
    send: (number, ...frames) => talk({ send: { number, text: frames.join('') } }),
    /** Cut the connection of a stream that was left open. */
    cut: (number) => talk({ cut: number }),
    /** Until so many requests have arrived. */
    arrived: (number) =>
      vi.waitFor(async () => {
        const { requests } = await talk()
        if (requests.length < number) {
          throw new Error(`${requests.length} of ${number} requests have arrived`)
        }
        return requests
      }),
    /** Until this request is held, so that releasing it answers it. */
    held: (number) =>
      vi.waitFor(async () => {
        const { held } = await talk()
        if (!held.includes(number)) {
          throw new Error(`request ${number} is not held`)
        }
      }),
  }
}

/**
 * One event of a stream.
 *
 * @param {string} event
 * @param {any} data
 */
export function frame(event, data) {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

/**
 * A streamed answer, for a script.
 *
 * @param {...string} pieces
 */
export function stream(...pieces) {
  return { pieces }
}

/**
 * Put markup into the page and let Alpine start it.
 *
 * @param {string} html
 * @returns {HTMLElement}
 */
export function mount(html) {
  const holder = document.createElement('div')
  holder.innerHTML = html
  // Unseen by Alpine's observer, which would start it a second time in 3.14.
  Alpine.mutateDom(() => document.body.append(holder))
  Alpine.initTree(holder)
  return holder
}

/** @param {string} selector */
export function find(selector) {
  const element = document.querySelector(selector)
  if (!element) {
    throw new Error(`no element matches ${selector}`)
  }
  return element
}

/**
 * An expression's value, as Alpine gives it at an element.
 *
 * @param {string} selector
 * @param {string} expression
 */
export function evaluate(selector, expression) {
  return Alpine.evaluate(find(selector), expression)
}

/**
 * `$action` of an element.
 *
 * @param {string} [selector]
 * @returns {(name: string, data?: object, options?: object) => Promise<any>}
 */
export function actionOf(selector = '#caller') {
  return actionAt(find(selector))
}

/** @param {Element} element */
export function actionAt(element) {
  let action
  Alpine.dontAutoEvaluateFunctions(() => {
    action = Alpine.evaluate(element, '$action')
  })
  return action
}

/**
 * Record every event of the plugin that reaches `window`.
 *
 * @returns {{ name: string, detail: any, target: EventTarget | null }[]}
 */
export function recordEvents() {
  const events = []
  const listening = new AbortController()
  for (const name of EVENTS) {
    addEventListener(`hyper:${name}`, ({ detail, target }) => events.push({ name, detail, target }), {
      signal: listening.signal,
    })
  }
  cleanups.push(() => listening.abort())
  return events
}

const EVENTS = [
  'beforeRequest',
  'afterRequest',
  'requestBlocked',
  'requestReplaced',
  'requestAborted',
  'requestSuccess',
  'requestError',
  'requestException',
  'requestRetry',
  'streamEvent',
  'uploadProgress',
  'toast',
  'loginRequired',
]

/** @type {(() => void)[]} */
const cleanups = []

/**
 * Where the page would go, without going there.
 *
 * @returns {string[]}
 */
export function recordNavigations() {
  const urls = []
  const record = (event) => {
    if (event.navigationType === 'push') {
      event.preventDefault()
      urls.push(event.destination.url)
    }
  }
  navigation.addEventListener('navigate', record)
  cleanups.push(() => navigation.removeEventListener('navigate', record))
  return urls
}

/**
 * Let the browser itself submit a form, into a frame.
 *
 * @param {string} form
 * @param {string} [submitter]
 */
export async function submitNatively(form, submitter) {
  const frame = document.createElement('iframe')
  frame.name = 'native'
  document.body.append(frame)
  find(form).setAttribute('target', frame.name)
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
  find(form).requestSubmit(submitter && find(submitter))
  await loaded
  find(form).removeAttribute('target')
}

/**
 * Choose a file.
 *
 * @param {string} selector
 * @param {string} name
 */
export function choose(selector, name) {
  const transfer = new DataTransfer()
  transfer.items.add(new File([`text of ${name}`], name, { type: 'text/plain' }))
  find(selector).files = transfer.files
}

/** Leave nothing to the next test. */
export function cleanUp() {
  for (const cleanup of cleanups.splice(0)) {
    cleanup()
  }
  for (const element of [...document.body.children]) {
    Alpine.destroyTree(element)
    element.remove()
  }
  vi.restoreAllMocks()
}

/** An outcome, whole. */
export function outcome(values) {
  return {
    ok: false,
    status: 0,
    result: null,
    error: null,
    code: null,
    errors: {},
    blocked: false,
    aborted: false,
    ...values,
  }
}

/** Until effects and microtasks have run. */
export const settled = () => new Promise((resolve) => setTimeout(resolve))
