/**
 * The names on the wire, and the shapes that travel through the client.
 *
 * @typedef {{ event: string, data: any }} Item One thing an answer tells the page to do. Its last one is
 *   `end` or `error`.
 *
 * @typedef {Record<string, string[]>} FieldErrors Messages by the control's name; `__all__` has those of none.
 *
 * @typedef {object} Outcome What a call resolves to.
 * @property {boolean} ok
 * @property {number} status HTTP status; 0 where no answer came.
 * @property {any} result What the action returned.
 * @property {string | null} error Text for the visitor.
 * @property {string | null} code
 * @property {FieldErrors} errors
 * @property {boolean} blocked The call never started.
 * @property {boolean} aborted The call started, or was about to, and was cancelled.
 *
 * @typedef {object} SubmitRequest What `onBeforeSubmit` gets; it may change `data` and `headers`.
 * @property {string} action
 * @property {string} url
 * @property {string} method
 * @property {Record<string, any>} data
 * @property {Record<string, string>} headers
 * @property {HTMLFormElement | null} form
 * @property {string} key
 *
 * @typedef {{ loaded: number, total: number, progress: number | null }} UploadProgress `progress` is 0–1.
 *
 * @typedef {'replace' | 'block' | 'none' | 'queue'} Policy
 *
 * @typedef {object} ActionOptions
 * @property {string | HTMLFormElement} [form]
 * @property {string} [method]
 * @property {string} [url]
 * @property {Policy} [sync]
 * @property {string} [key]
 * @property {string} [target]
 * @property {(request: SubmitRequest) => unknown} [onBeforeSubmit]
 * @property {(progress: UploadProgress) => void} [onUploadProgress]
 * @property {(value: any) => void} [onMessage] Is given each streamed value.
 * @property {string} [confirm]
 * @property {number} [timeout] In ms, from the end of the upload to the first byte of the answer; 0 for none.
 * @property {AbortSignal} [signal]
 * @property {Record<string, string>} [headers]
 * @property {boolean | number} [retry] Repeats after a network failure; `true` for ten, as a stream over GET has them.
 * @property {boolean} [throw]
 */

/**
 * @param {Partial<Outcome>} values
 * @returns {Outcome}
 */
export function outcomeOf(values) {
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

/**
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The value of a key, made where there is none yet.
 *
 * @template K, V
 * @param {{ has: (key: K) => boolean, get: (key: K) => V | undefined, set: (key: K, value: V) => unknown }} map
 * @param {K} key
 * @param {() => V} make
 * @returns {V}
 */
export function obtain(map, key, make) {
  if (!map.has(key)) {
    map.set(key, make())
  }
  return /** @type {V} */ (map.get(key))
}
