import { addToken } from './csrf.js'
import { asError, complain } from './errors.js'
import { isObject } from './protocol.js'

/**
 * @typedef {object} WireRequest
 * @property {string} url
 * @property {string} method
 * @property {Headers} headers
 * @property {string | FormData | null} body A snapshot: a repeat sends the same.
 * @property {boolean} canRenewToken False where the caller chose the token.
 */

/** Servers refuse longer header lines, and differ in how. */
const maxDataHeaderBytes = 4096

/**
 * The method and the URL of a call, before its hook.
 *
 * @param {import('./protocol.js').ActionOptions} options
 */
export function addressOf({ method = 'POST', url = location.href }) {
  return { method: method.toUpperCase(), url: new URL(url, document.baseURI).href }
}

/**
 * Write the request of a call, as `wire/calls` has it.
 *
 * @param {string} id The same for every attempt of a call.
 * @param {import('./protocol.js').SubmitRequest} submit
 * @param {import('./protocol.js').ActionOptions} options
 * @returns {WireRequest}
 * @throws {import('./errors.js').ActionError} `not_same_origin`, `too_large`.
 */
export function buildRequest(id, { action, method, url, data, headers: extra }, options) {
  if (!isObject(data)) {
    throw TypeError(`data of '${action}' is ${JSON.stringify(data)}; expected an object. Name the arguments.`)
  }
  const address = new URL(url)
  if (address.origin !== location.origin) {
    complain(`'${action}' would go to ${url}`, `a URL of ${location.origin}`)
    throw asError('not_same_origin')
  }
  const names = Object.keys(data)
  if (!options.url) {
    dropNames(address, names)
  }
  const headers = new Headers({
    Accept: 'application/json, text/event-stream',
    'X-Requested-With': 'XMLHttpRequest',
    'X-Hyper-Action': action,
    'X-Hyper-Request-ID': id,
  })
  if (options.target) {
    headers.set('X-Hyper-Target', options.target)
  }
  const body = names.length > 0 ? write(data, headers, method === 'GET') : null
  for (const name in extra) {
    headers.set(name, extra[name])
  }
  return { url: address.href, method, headers, body, canRenewToken: addToken(headers) }
}

/**
 * Leave out of a query the names that the call sends itself; the rest stays as it is written.
 *
 * @param {URL} url
 * @param {string[]} names
 */
function dropNames(url, names) {
  url.hash = ''
  const pairs = url.search.slice(1).split('&')
  url.search = pairs.filter((pair) => !names.includes([...new URLSearchParams(pair).keys()][0])).join('&')
}

/**
 * Write data where its method carries it.
 *
 * @param {Record<string, any>} data
 * @param {Headers} headers
 * @param {boolean} isGet
 * @returns {string | FormData | null} The body.
 */
function write(data, headers, isGet) {
  const files = Object.entries(data).flatMap(([name, value]) =>
    filesOf(value).map((file) => ({ name, file })),
  )
  if (files.length > 0 && isGet) {
    throw TypeError(`GET cannot send the file '${files[0].name}'; expected POST.`)
  }
  if (files.length > 0) {
    return writeParts(data, files)
  }
  const text = JSON.stringify(data)
  if (isGet) {
    headers.set('X-Hyper-Data', asHeader(text))
    return null
  }
  headers.set('Content-Type', 'application/json')
  return text
}

/**
 * @param {Record<string, any>} data
 * @param {{ name: string, file: Blob }[]} files
 */
function writeParts(data, files) {
  const body = new FormData()
  const values = { ...data }
  for (const { name, file } of files) {
    body.append(name, file)
    delete values[name]
  }
  body.append('_data', JSON.stringify(values))
  return body
}

/**
 * The files of a value: a `File` or `Blob`, a `FileList`, an array of nothing but files.
 *
 * @param {any} value
 * @returns {Blob[]}
 */
function filesOf(value) {
  const values = value instanceof FileList ? [...value] : [value].flat()
  return values.every((each) => each instanceof Blob) ? values : []
}

/** @param {string} json */
function asHeader(json) {
  const text = json.replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  if (text.length > maxDataHeaderBytes) {
    complain(`data has ${text.length} bytes`, `at most ${maxDataHeaderBytes} with GET. Send it with POST`)
    throw asError('too_large')
  }
  return text
}
