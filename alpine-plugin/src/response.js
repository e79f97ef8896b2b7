import { config } from './config.js'
import { asError, complain } from './errors.js'
import { isObject, outcomeOf } from './protocol.js'

/**
 * @typedef {import('./protocol.js').Outcome} Outcome
 * @typedef {import('./protocol.js').Item} Item
 *
 * @typedef {object} Answer
 * @property {Outcome} outcome
 * @property {Item[]} items
 * @property {Record<string, any>} body What came beside them: `csrf_token`, `login_url`.
 */

/**
 * Read an answer to its end, and tell what kind it is.
 *
 * @param {string} action For messages.
 * @param {Response} response Unread; its body is consumed here.
 * @returns {Promise<Answer>}
 * @throws {import('./errors.js').ActionError} `network`: the body broke off.
 */
export async function readAnswer(action, response) {
  const { ok, status } = response
  const body = parse(await readText(response))
  const { error, code, errors, items, result } = body
  if (ok && Object.hasOwn(body, 'result')) {
    return { outcome: outcomeOf({ ok, status, result }), items: Array.isArray(items) ? items : [], body }
  }
  if (!ok && typeof error === 'string' && typeof code === 'string') {
    tellDeveloper(action, body.detail)
    const outcome = outcomeOf({ status, error, code, errors: isObject(errors) ? errors : {} })
    return { outcome, items: [], body }
  }
  return unexpected(action, response)
}

/**
 * @param {string} action
 * @param {string} [detail] The server sends it with DEBUG only.
 */
function tellDeveloper(action, detail) {
  if (detail) {
    console.info(`[hyper] '${action}': ${detail}`)
  }
}

/** @param {Response} response */
async function readText(response) {
  try {
    return await response.text()
  } catch (cause) {
    throw asError('network', cause)
  }
}

/**
 * @param {string} text
 * @returns {Record<string, any>} Empty where the text is no JSON object.
 */
function parse(text) {
  try {
    const body = JSON.parse(text)
    return isObject(body) ? body : {}
  } catch {
    return {}
  }
}

/**
 * @param {string} action
 * @param {Response} response
 * @returns {Answer}
 */
function unexpected(action, { status, headers }) {
  complain(
    `'${action}' was answered with ${status ? `${status} ${headers.get('Content-Type')}` : 'a redirect'}`,
    'the JSON of an action',
  )
  const code = 'unexpected_answer'
  return { outcome: outcomeOf({ status, error: config.messages[code], code }), items: [], body: {} }
}
