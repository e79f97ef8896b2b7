import { findElement } from './page.js'

/**
 * @typedef {HTMLButtonElement | HTMLInputElement} Submitter
 *
 * @typedef {object} Submission What a browser would send for a form.
 * @property {HTMLFormElement} form
 * @property {Submitter | null} submitter
 * @property {string | null} method
 * @property {string | null} url Empty or null for the current one.
 * @property {FormData} fields
 * @property {boolean} isMultipart Also without files.
 */

/**
 * @param {unknown} form A selector or an element.
 * @returns {HTMLFormElement | null}
 */
export function findForm(form) {
  const found = typeof form === 'string' ? findElement(form) : form
  return found instanceof HTMLFormElement ? found : null
}

/**
 * What submitted a form: that of the submit event which is being handled.
 *
 * @param {HTMLFormElement} form
 * @returns {Submitter | null}
 */
export function submitterOf(form) {
  const { target, submitter } = /** @type {SubmitEvent} */ (window.event ?? {})
  return target === form ? /** @type {Submitter} */ (submitter ?? null) : null
}

/**
 * An attribute of a form, unless its submitter has its own. Read as an attribute: a control
 * named `action` or `method` hides the form's property.
 *
 * @param {HTMLFormElement} form
 * @param {Element | null} submitter
 * @param {string} name
 */
export function attributeOf(form, submitter, name) {
  return submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name)
}

/**
 * Take down what a form would send at this moment.
 *
 * @param {HTMLFormElement} form
 * @param {Submitter | null} submitter
 * @returns {Submission}
 */
export function serialise(form, submitter) {
  return {
    form,
    submitter,
    method: attributeOf(form, submitter, 'method'),
    url: attributeOf(form, submitter, 'action'),
    fields: new FormData(form, submitter),
    isMultipart: /^multipart/i.test(/** @type {string} */ (attributeOf(form, submitter, 'enctype'))),
  }
}

/**
 * Fields as `application/x-www-form-urlencoded`, with the line ends and names of files of a browser.
 *
 * @param {FormData} fields
 */
export function urlencode(fields) {
  const lines = (/** @type {string} */ text) => text.replace(/\r\n?|\n/g, '\r\n')
  return new URLSearchParams(
    [...fields].map(([name, value]) => [lines(name), lines(value instanceof File ? value.name : value)]),
  )
}
