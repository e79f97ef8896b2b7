import { put } from './nodes.js'

/**
 * Put children into their order, with the fewest moves around what is not to be moved.
 *
 * @param {any} parent
 * @param {Node[]} order Those that are here and those that come.
 * @param {Node | null} end What stands behind them.
 */
export function arrange(parent, order, end) {
  const here = [...parent.childNodes]
  const places = new Map(here.map((node, place) => [node, place]))
  const wanted = order.flatMap((node) => places.get(node) ?? [])
  let rise = longestRise(wanted)
  // Only where something moves: asked for the selection, the browser lays out the page.
  if (rise.size < wanted.length) {
    rise = longestRise(besidePinned(parent, wanted, here))
  }
  const resting = order.filter((node) => rise.has(places.get(node)))
  for (const node of order) {
    if (node === resting[0]) {
      resting.shift()
    } else {
      place(parent, node, resting[0] ?? end, places.has(node))
    }
  }
}

/**
 * Move a node, with its focus, its frames and its films where the browser can; or put it in.
 *
 * @param {any} parent
 * @param {Node} node
 * @param {Node | null} next
 * @param {boolean} isHere
 */
function place(parent, node, next, isHere) {
  if (isHere) {
    parent[parent.moveBefore ? 'moveBefore' : 'insertBefore'](node, next)
  } else {
    put(next ?? parent, next ? 'before' : 'append', [node])
  }
}

/**
 * Leave out the places that would have something moved that loses its focus or begins anew.
 *
 * @param {Element} parent
 * @param {number[]} places
 * @param {Node[]} here Its children.
 */
function besidePinned(parent, places, here) {
  for (const pinned of pinnedIn(parent)) {
    const place = here.findIndex((node) => node.contains(pinned))
    const index = places.indexOf(place)
    if (index >= 0) {
      places = places.filter((each, other) => (each - place) * (other - index) >= 0)
    }
  }
  return places
}

/**
 * What is better not moved. The browser drops a selection in what it moves; where it keeps the
 * focus, it scrolls there, also away from what the visitor looks at meanwhile.
 *
 * @param {any} parent
 * @returns {(Node | null)[]}
 */
function pinnedIn(parent) {
  const { isCollapsed, anchorNode } = /** @type {Selection} */ (getSelection())
  const pinned = parent.moveBefore
    ? [...parent.querySelectorAll(':focus')].filter(isOutOfSight)
    : [...parent.querySelectorAll(':focus, iframe, video, audio, object, embed')]
  return isCollapsed ? pinned : [...pinned, anchorNode]
}

/** @param {Element} element */
function isOutOfSight(element) {
  const { x, y, width, height } = element.getBoundingClientRect()
  return !element.contains(document.elementFromPoint(x + width / 2, y + height / 2))
}

/**
 * The longest part of numbers that rises, in the time of a sort.
 * https://en.wikipedia.org/wiki/Longest_increasing_subsequence
 *
 * @param {number[]} numbers Each once, from 0.
 * @returns {Set<number | undefined>}
 */
function longestRise(numbers) {
  /** @type {number[]} The smallest end of a rise, by its length. */
  const ends = []
  /** @type {(number | undefined)[]} What stands before a number in its rise. */
  const before = []
  for (const number of numbers) {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle] < number) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    before[number] = ends[low - 1]
    ends[low] = number
  }
  const rise = new Set()
  for (let number = ends.at(-1); number !== undefined; number = before[number]) {
    rise.add(number)
  }
  return rise
}
