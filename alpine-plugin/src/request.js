import { writeAddress, writeBody } from './body.js'
import { addToken } from './csrf.js'
import { asError, complain } from './errors.js'
import { isObject } from './protocol.js'

/**
 * @typedef {import('./form.js').Submission} Submission
 *
 * @typedef {object} WireRequest
 * @property {string} url
 * @property {string} method
 * @property {Headers} headers
 * @property {string | FormData | URLSearchParams | null} body A snapshot: a repeat sends the same.
 * @property {boolean} canRenewToken False where the caller chose the token.
 */

/** Django looks for the token here first; it travels in the header, where it can be renewed. */
const tokenField = 'csrfmiddlewaretoken'

/**
 * Where a call goes, before its hook.
 *
 * @param {import('./protocol.js').ActionOptions} options
 * @param {Partial<Submission>} submission
 */
export function addressOf(options, submission) {
  return new URL(options.url || submission.url || location.href, document.baseURI).href
}

/**
 * Write the request of a call, as `wire/calls` has it.
 *
 * @param {string} id The same for every attempt of a call.
 * @param {import('./protocol.js').SubmitRequest} submit
 * @param {import('./protocol.js').ActionOptions} options
 * @param {Partial<Submission>} submission
 * @returns {WireRequest}
 * @throws {import('./errors.js').ActionError} `not_same_origin`, `too_large`.
 */
export function buildRequest(id, { action, method, url, data, headers: extra }, options, submission) {
  if (!isObject(data)) {
    throw TypeError(`data of '${action}' is ${JSON.stringify(data)}; expected an object. Name the arguments.`)
  }
  const address = new URL(url)
  if (address.origin !== location.origin) {
    complain(`'${action}' would go to ${address}`, `a URL of ${location.origin}`)
    throw asError('not_same_origin')
  }
  const fields = submission.fields ?? new FormData()
  const token = fields.get(tokenField)
  fields.delete(tokenField)
  if (address.search && !options.url && !submission.url) {
    dropNames(address, [...Object.keys(data), ...fields.keys()])
  }
  const headers = new Headers()
  headers.set('Accept', 'application/json, text/event-stream')
  headers.set('X-Requested-With', 'XMLHttpRequest')
  headers.set('X-Hyper-Action', action)
  headers.set('X-Hyper-Request-ID', id)
  if (options.target) {
    headers.set('X-Hyper-Target', options.target)
  }
  const write = method === 'GET' ? writeAddress : writeBody
  const body = write(data, submission, fields, headers, address)
  for (const name in extra) {
    headers.set(name, extra[name])
  }
  const canRenewToken = addToken(headers, token)
  return {
    url: address.href.split('#')[0],
    method,
    headers,
    body,
    canRenewToken,
  }
}

/**
 * Leave out of a query the names that the call sends itself; the rest stays as it is written.
 *
 * @param {URL} url
 * @param {string[]} names
 */
function dropNames(url, names) {
  const pairs = url.search.slice(1).split('&')
  url.search = pairs.filter((pair) => !names.includes([...new URLSearchParams(pair).keys()][0])).join('&')
}
