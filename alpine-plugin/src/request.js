import { writeBody, writeHeader } from './body.js'
import { addToken } from './csrf.js'
import { asError, complain } from './errors.js'
import { urlencode } from './form.js'
import { isObject } from './protocol.js'

/**
 * @typedef {import('./form.js').Submission} Submission
 * @typedef {import('./protocol.js').ActionOptions} ActionOptions
 * @typedef {import('./protocol.js').SubmitRequest} SubmitRequest
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
 * @param {ActionOptions} options
 * @param {Partial<Submission>} submission
 */
export function addressOf(options, submission) {
  const url = options.url || submission.url
  return url ? new URL(url, document.baseURI).href : location.href
}

/**
 * Write the request of a call, as `wire/calls` has it.
 *
 * @param {string} id The same for every attempt of a call.
 * @param {SubmitRequest} submit
 * @param {ActionOptions} options
 * @param {Partial<Submission>} submission
 * @returns {WireRequest}
 * @throws {import('./errors.js').ActionError} `not_same_origin`, `too_large`.
 */
export function buildRequest(id, submit, options, submission) {
  const { action, method, data, headers: extra } = submit
  if (!isObject(data)) {
    throw TypeError(`data of '${action}' is ${JSON.stringify(data)}; expected an object. Name the arguments.`)
  }
  const token = submission.fields?.get(tokenField)
  submission.fields?.delete(tokenField)
  const url = urlOf(submit, options, submission)
  const headers = new Headers()
  headers.set('Accept', 'application/json, text/event-stream')
  headers.set('X-Requested-With', 'XMLHttpRequest')
  headers.set('X-Hyper-Action', action)
  headers.set('X-Hyper-Request-ID', id)
  if (options.target) {
    headers.set('X-Hyper-Target', options.target)
  }
  const body = method === 'GET' ? writeHeader(data, headers) : writeBody(data, headers, submission)
  for (const name in extra) {
    headers.set(name, extra[name])
  }
  return { url, method, headers, body, canRenewToken: addToken(headers, token) }
}

/**
 * @param {SubmitRequest} submit
 * @param {ActionOptions} options
 * @param {Partial<Submission>} submission
 * @returns {string} Without its fragment.
 */
function urlOf({ action, method, url, data }, options, { fields, url: formUrl }) {
  const [address] = ofThisSite(action, url).split('#')
  if (method === 'GET' && fields) {
    return withQuery(address, `${urlencode(fields)}`)
  }
  return options.url || formUrl || !address.includes('?')
    ? address
    : dropNames(address, [...Object.keys(data), ...(fields?.keys() ?? [])])
}

/**
 * @param {string} action
 * @param {string} url
 * @returns {string}
 */
function ofThisSite(action, url) {
  if (url === location.href) {
    return url // most are; to parse it would cost more than all else here
  }
  const { href, origin } = new URL(url)
  if (origin !== location.origin) {
    complain(`'${action}' would go to ${href}`, `a URL of ${location.origin}`)
    throw asError('not_same_origin')
  }
  return href
}

/**
 * Leave out of a query the names that the call sends itself; the rest stays as it is written.
 *
 * @param {string} address
 * @param {string[]} names
 */
function dropNames(address, names) {
  const pairs = address.slice(address.indexOf('?') + 1).split('&')
  const kept = pairs.filter((pair) => !names.includes([...new URLSearchParams(pair).keys()][0]))
  return withQuery(address, kept.join('&'))
}

/**
 * @param {string} address
 * @param {string} query In place of its own.
 */
function withQuery(address, query) {
  return address.split('?')[0] + (query && `?${query}`)
}
