import { config } from './config.js'

/**
 * Error
 * └── ActionError   code: network, disconnected, offline, timeout, exception,
 *                   no_form, not_same_origin, too_large; with `throw: true` the server's
 */

/** A call that rejected. `message` may be shown to visitors; `cause` has what was thrown. */
export class ActionError extends Error {
  /**
   * @param {string} message
   * @param {{ code: string, status?: number, errors?: import('./protocol.js').FieldErrors, cause?: unknown }} details
   */
  constructor(message, { code, status = 0, errors = {}, cause }) {
    super(message, { cause })
    this.name = 'ActionError'
    this.code = code
    this.status = status
    this.errors = errors
  }
}

/**
 * What rejects: an `ActionError` as it is, anything else as the cause of one.
 *
 * @param {import('./config.js').ClientCode | 'no_form'} code Of a fault of the page, when no text is its own.
 * @param {unknown} [cause]
 * @returns {ActionError}
 */
export function asError(code, cause) {
  /** @type {Record<string, string>} */
  const { exception, [code]: message = exception } = config.messages
  return cause instanceof ActionError ? cause : new ActionError(message, { code, cause })
}

/**
 * Tell the developer what happened, with the value, what was expected, and the next step.
 *
 * @param {string} what
 * @param {string} expected
 */
export function complain(what, expected) {
  console.warn(`[hyper] ${what}; expected ${expected}.`)
}
