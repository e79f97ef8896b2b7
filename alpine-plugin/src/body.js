import { asError, complain } from './errors.js'
import { urlencode } from './form.js'
import { hasFiles } from './transport.js'

/** @typedef {import('./form.js').Submission} Submission */

/** Servers refuse longer header lines, and differ in how. */
const maxDataHeaderBytes = 4096

/**
 * Write data and fields into the body of a request.
 *
 * @param {Record<string, any>} data
 * @param {Partial<Submission>} submission
 * @param {FormData} fields To be changed: files and `_data` join them.
 * @param {Headers} headers To be changed.
 * @returns {string | FormData | URLSearchParams | null}
 */
export function writeBody(data, { form, isMultipart }, fields, headers) {
  const json = asJson(moveFiles(data, fields))
  const isUpload = isMultipart || hasFiles(fields)
  if (json && (form || isUpload)) {
    fields.set('_data', json)
  } else if (json) {
    headers.set('Content-Type', 'application/json')
  }
  return isUpload ? fields : form ? urlencode(fields) : json
}

/**
 * Write data into a header and fields into the query, for GET.
 *
 * @param {Record<string, any>} data
 * @param {Partial<Submission>} submission
 * @param {FormData} fields
 * @param {Headers} headers To be changed.
 * @param {URL} address To be changed.
 */
export function writeAddress(data, { form }, fields, headers, address) {
  const name = Object.keys(data).find((each) => filesOf(data[each]).length > 0)
  if (name) {
    throw TypeError(`GET cannot send the file '${name}'; expected POST.`)
  }
  const json = asJson(data)
  if (json) {
    headers.set('X-Hyper-Data', asHeader(json))
  }
  if (form) {
    address.search = /** @type {any} */ (urlencode(fields))
  }
  return null
}

/** @param {Record<string, any>} data */
function asJson(data) {
  return Object.keys(data).length > 0 ? JSON.stringify(data) : null
}

/**
 * Move the files of data into fields.
 *
 * @param {Record<string, any>} data
 * @param {FormData} fields
 * @returns {Record<string, any>} What is left.
 */
function moveFiles(data, fields) {
  const values = { ...data }
  for (const name in data) {
    const files = filesOf(data[name])
    if (files.length > 0) {
      delete values[name]
      fields.delete(name)
    }
    for (const file of files) {
      fields.append(name, file)
    }
  }
  return values
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
    complain(`data has ${text.length} bytes`, `at most ${maxDataHeaderBytes} with GET. Use POST`)
    throw asError('too_large')
  }
  return text
}
