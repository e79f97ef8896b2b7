/**
 * Timers of which one of the browser's stands for all: one of its own for each call would cost as
 * much as half of what the call does, and nearly all of them are cancelled.
 *
 * @typedef {{ at: number, run: () => void }} Timer
 */

/** @type {Set<Timer>} */
const timers = new Set()

/** @type {ReturnType<typeof setTimeout> | undefined} */
let next
let nextAt = Infinity

/**
 * Run something later.
 *
 * @param {number} ms
 * @param {() => void} run
 * @returns {() => void} Cancels it.
 */
export function after(ms, run) {
  const timer = { at: performance.now() + ms, run }
  timers.add(timer)
  wakeAt(timer.at)
  return () => timers.delete(timer)
}

/** @param {number} at Nothing where the browser's timer ends before. */
function wakeAt(at) {
  if (at < nextAt) {
    clearTimeout(next)
    nextAt = at
    next = setTimeout(wake, at - performance.now())
  }
}

function wake() {
  nextAt = Infinity
  const now = performance.now()
  for (const timer of timers) {
    if (timer.at > now) {
      wakeAt(timer.at)
    } else {
      timers.delete(timer)
      timer.run()
    }
  }
}
