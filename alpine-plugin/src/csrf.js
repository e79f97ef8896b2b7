import { config } from './config.js'

let freshToken = ''

/** What was read last. A browser asks another process for its cookies, each time, and waits. */
let known = { name: '', token: '' }

/**
 * Read the cookie anew after the visitor was elsewhere, where a login changes it. Whatever else
 * changes it costs one `csrf_failed`, after which the call is repeated.
 */
export function watchToken() {
  document.addEventListener('visibilitychange', () => {
    known = { name: '', token: '' }
  })
}

/**
 * Add the CSRF header, unless the caller's own headers have it.
 *
 * @param {Headers} headers
 * @param {unknown} formToken The form's hidden field.
 * @returns {boolean} Whether the token is ours, so that a fresh one may replace it.
 */
export function addToken(headers, formToken) {
  const { cookie, header, token } = config.csrf
  const isOurs = !headers.has(header)
  const value = freshToken || formToken || token || readCookie(cookie)
  if (isOurs && value) {
    headers.set(header, /** @type {string} */ (value))
  }
  return isOurs
}

/**
 * Keep the token of a `csrf_failed` answer, and put it into the request that is repeated.
 *
 * @param {Headers} headers
 * @param {string} token
 */
export function renewToken(headers, token) {
  freshToken = token
  headers.set(config.csrf.header, token)
}

/** @param {string} name */
function readCookie(name) {
  if (known.name !== name || !known.token) {
    known = { name, token: `; ${document.cookie}`.split(`; ${name}=`)[1]?.split(';')[0] }
  }
  return known.token
}
