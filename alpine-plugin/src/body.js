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
 * @param {Headers} headers To be changed.
 * @param {Partial<Submission>} submission Its fields are changed: files and `_data` join them.
 * @returns {string | FormData | URLSearchParams | null}
 */
export function writeBody(data, headers, { form, fields, isMultipart }) {
  const names = namesOfFiles(data)
  if (!form && names.length === 0) {
    const json = asJson(data)
    if (json) {
      headers.set('Content-Type', 'application/json')
    }
    return json
  }
  const all = fields ?? new FormData()
  const json = asJson(moveFiles(data, names, all))
  if (json) {
    all.set('_data', json)
  }
  return !form || isMultipart || hasFiles(all) ? all : urlencode(all)
}

/**
 * Write data into a header, for GET.
 *
 * @param {Record<string, any>} data
 * @param {Headers} headers To be changed.
 */
export function writeHeader(data, headers) {
  const [name] = namesOfFiles(data)
  if (name) {
    throw TypeError(`GET cannot send the file '${name}'; expected POST.`)
  }
  const json = asJson(data)
  if (json) {
    headers.set('X-Hyper-Data', asHeader(json))
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
 * @param {string[]} names Of those that are files.
 * @param {FormData} fields
 * @returns {Record<string, any>} What is left.
 */
function moveFiles(data, names, fields) {
  const values = { ...data }
  for (const name of names) {
    delete values[name]
    fields.delete(name)
    for (const file of filesOf(data[name])) {
      fields.append(name, file)
    }
  }
  return values
}

/** @param {Record<string, any>} data */
function namesOfFiles(data) {
  return Object.keys(data).filter((name) => filesOf(data[name]).length > 0)
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
