import { applyItem } from './items.js'
import { isLast, readItems } from './response.js'

/**
 * @typedef {import('./call.js').Call} Call
 * @typedef {import('./protocol.js').Item} Item
 *
 * @typedef {object} Progress
 * @property {number} turnEnds When the browser gets its turn.
 * @property {boolean} hasPatched Whether effects may now change the page for an item.
 * @property {unknown[]} thrown
 */

/** With what an item and its effects take, the page waits less than 50 ms. */
const turnMs = 25

/**
 * Do what an answer says, in order, as it arrives.
 *
 * A stream stops when its call ends; a JSON answer whose items have begun is applied to the end.
 *
 * @param {Call} call
 * @param {Response} response Unread; its body is consumed here.
 * @returns {Promise<Item | null>} The last item; null where the call has ended.
 */
export async function applyAnswer(call, response) {
  /** @type {Progress} */
  const progress = { turnEnds: 0, hasPatched: false, thrown: [] }
  for await (const items of readItems(response, call.options.target)) {
    progress.turnEnds ||= Date.now() + turnMs
    const last = await applyAll(call, items, progress)
    if (last !== undefined) {
      if (progress.thrown.length > 0) {
        throw progress.thrown[0]
      }
      return last
    }
  }
  return null
}

/**
 * @param {Call} call
 * @param {Item[]} items
 * @param {Progress} progress
 * @returns {Promise<Item | null | void>} Nothing where more may follow.
 */
async function applyAll(call, items, progress) {
  for (const item of items) {
    if (Date.now() > progress.turnEnds) {
      await settle(call, progress)
      await nextTurn()
      progress.turnEnds = Date.now() + turnMs
    }
    if (!announce(call, item)) {
      return null
    }
    if (isLast(item)) {
      return item
    }
    apply(call, item, progress)
  }
  return settle(call, progress)
}

/**
 * Tell the page of an item, if it comes by a stream.
 *
 * @param {Call} call
 * @param {Item} item
 * @returns {boolean} Whether it is still wanted.
 */
function announce(call, item) {
  if (call.isStream && call.isLive) {
    const { event, data } = item
    dispatchEvent(new CustomEvent('hyper:streamEvent', { detail: { event, data, key: call.key } }))
  }
  return isWanted(call)
}

/**
 * Whether the call lives. A stream ends with its source element, which a hook may just have removed.
 *
 * @param {Call} call
 */
function isWanted(call) {
  if (call.isStream && call.isGone) {
    call.orphan()
  }
  return call.isLive
}

/**
 * @param {Call} call
 * @param {Item} item
 * @param {Progress} progress
 */
function apply(call, item, progress) {
  call.isApplying = !call.isStream
  try {
    applyItem(item, call)
  } catch (error) {
    if (call.isStream) {
      throw error
    }
    progress.thrown.push(error)
  }
  if (item?.event !== 'message') {
    progress.hasPatched = true
    call.isTied &&= !call.isGone
  }
}

/**
 * Let effects run: an element that they remove for an item was removed by the answer.
 *
 * @param {Call} call
 * @param {Progress} progress
 */
async function settle(call, progress) {
  const { isTied } = call
  if (progress.hasPatched) {
    progress.hasPatched = false
    call.isTied = false
    await null
    call.isTied = isTied && !call.isGone
  }
}

/** Give the browser its turn. Timers are slowed down in a hidden page, `scheduler.yield` puts them last. */
function nextTurn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => resolve(port1.close())
    port2.postMessage(0)
  })
}
