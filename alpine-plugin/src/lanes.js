import { obtain } from './protocol.js'

/**
 * A lane holds the calls that share a key, in the order they came.
 *
 * @typedef {import('./protocol.js').Policy} Policy
 *
 * @typedef {object} Entry One call, as its lane sees it.
 * @property {() => void} start Called once, when its turn has come.
 * @property {() => void} replace Another call takes its place.
 *
 * @typedef {Map<Entry, boolean>} Lane True where the entry has started.
 */

/** @type {Map<string, Lane>} */
const lanes = new Map()

/**
 * Whether a call must not start at all.
 *
 * @param {string} key
 * @param {Policy} policy
 */
export function isBlocked(key, policy) {
  return policy === 'block' && lanes.has(key)
}

/**
 * Put a call into its lane, and start it as the policy says.
 *
 * @param {string} key
 * @param {Policy} policy
 * @param {Entry} entry
 */
export function enter(key, policy, entry) {
  if (policy === 'replace') {
    clear(key)
  }
  const lane = obtain(lanes, key, () => new Map())
  lane.set(entry, false)
  if (policy !== 'queue' || lane.size === 1) {
    startIn(lane, entry)
  }
}

/**
 * Take a call out of its lane. One that was replaced has left already.
 *
 * @param {string} key
 * @param {Entry} entry
 * @returns {() => void} Starts the call whose turn has come, if there is one.
 */
export function leave(key, entry) {
  const lane = lanes.get(key)
  if (!lane?.delete(entry)) {
    return () => {}
  }
  if (lane.size === 0) {
    lanes.delete(key)
  }
  const [next] = lane.keys()
  const isBusy = [...lane.values()].includes(true)
  // Later: a long queue of calls that all end at once would overflow the stack.
  return () => next && !isBusy && queueMicrotask(() => startIn(lane, next))
}

/**
 * @param {Lane} lane
 * @param {Entry} entry
 */
function startIn(lane, entry) {
  if (lane.get(entry) === false) {
    lane.set(entry, true)
    entry.start()
  }
}

/**
 * Replace every call of a lane. It is emptied first, so that no queued call starts on the way.
 *
 * @param {string} key
 */
function clear(key) {
  const lane = lanes.get(key) ?? new Map()
  const entries = [...lane.keys()]
  lanes.delete(key)
  lane.clear()
  for (const entry of entries) {
    entry.replace()
  }
}
