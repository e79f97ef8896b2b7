import { config } from './config.js'
import { fileName } from './download.js'
import { asError, complain } from './errors.js'
import { isObject, outcomeOf } from './protocol.js'
import { readEvents } from './sse.js'

/**
 * @typedef {import('./protocol.js').Outcome} Outcome
 * @typedef {import('./protocol.js').Item} Item
 */

/**
 * Whether an answer is sent while its action still runs.
 *
 * @param {Response} response
 */
export function isStream(response) {
  return response.ok && isOfType(response, 'text/event-stream')
}

/**
 * Whether an item is the last of its answer, which `readOutcome` understands.
 *
 * @param {Item} item
 */
export function isLast(item) {
  return item?.event === 'end' || item?.event === 'error'
}

/**
 * Read an answer as items, as soon as they have arrived.
 *
 * @param {Response} response Unread; its body is consumed here.
 * @param {string} [target] Where a fragment of HTML goes.
 * @returns {AsyncGenerator<Item[], void>} One array per chunk. An answer that is not ours has only a
 *   last item, one that `readOutcome` does not understand.
 * @throws {import('./errors.js').ActionError} `network`: the body broke off; `disconnected`: the stream
 *   has no last item.
 */
export async function* readItems(response, target) {
  const { body } = response
  const name = fileName(response)
  if (response.ok && name !== null) {
    const file = await readWhole(response.blob())
    yield [{ event: 'download', data: { file, name } }, ...asItems(response, { result: null })]
    return
  }
  if (!body || !isStream(response)) {
    yield asItems(response, await readBody(response, target))
    return
  }
  try {
    for await (const frames of readEvents(body)) {
      yield frames.map(asItem)
    }
    throw asError('disconnected')
  } catch (cause) {
    throw asError('disconnected', cause)
  }
}

/**
 * What a call resolves to, by the last item of its answer.
 *
 * @param {string} action For messages.
 * @param {Response} response
 * @param {Item} last
 * @returns {Outcome}
 */
export function readOutcome(action, response, { event, data }) {
  const { result, error, code, errors, detail, status } = { status: response.status, ...data }
  if (event === 'end' && result !== undefined) {
    return outcomeOf({ ok: true, status, result })
  }
  if (event === 'error' && typeof error === 'string' && typeof code === 'string') {
    tellDeveloper(action, detail)
    return outcomeOf({ status, error, code, errors: isObject(errors) ? errors : {} })
  }
  return unexpected(action, response)
}

/**
 * @param {Response} response
 * @param {string} type
 */
function isOfType({ headers }, type) {
  return headers.get('Content-Type')?.startsWith(type) === true
}

/**
 * @param {import('./sse.js').Frame} frame
 * @returns {Item}
 */
function asItem(frame) {
  const data = parse(frame.data)
  return { event: data === undefined ? 'error' : frame.event, data }
}

/**
 * @param {Response} response
 * @param {any} body
 * @returns {Item[]}
 */
function asItems({ ok, status }, body) {
  const { result, items } = Object(body)
  const isList = ok && result !== undefined && Array.isArray(items)
  return [...(isList ? items : []), { event: ok ? 'end' : 'error', data: { ...body, status } }]
}

/**
 * @param {Response} response
 * @param {string} [target]
 * @returns {Promise<any>} Undefined where it is not ours, which may have no end.
 */
async function readBody(response, target) {
  if (isOfType(response, 'application/json')) {
    return parse(await readWhole(response.text()))
  }
  if (target && response.status === 200 && isOfType(response, 'text/html')) {
    return asFragment(await readWhole(response.text()), target)
  }
  await response.body?.cancel()
}

/**
 * @param {string} content
 * @param {string} target
 * @returns {object | undefined} Undefined for a whole page: one to log in must not be put into this one.
 */
function asFragment(content, target) {
  return /<(!doctype|html|head|body)[\s>]/i.test(content)
    ? undefined
    : { result: content, items: [{ event: 'patch_html', data: { content, target } }] }
}

/**
 * @template T
 * @param {Promise<T>} reading
 */
async function readWhole(reading) {
  try {
    return await reading
  } catch (cause) {
    throw asError('network', cause)
  }
}

/**
 * @param {string} text
 * @returns {any} Undefined where the text is no JSON.
 */
function parse(text) {
  try {
    return JSON.parse(text)
  } catch {}
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

/**
 * @param {string} action
 * @param {Response} response
 * @returns {Outcome}
 */
function unexpected(action, { status, headers }) {
  complain(
    `'${action}' was answered with ${status ? `${status} ${headers.get('Content-Type')}` : 'a redirect'}`,
    'the JSON or the stream of an action',
  )
  const code = 'unexpected_answer'
  return outcomeOf({ status, error: config.messages[code], code })
}
