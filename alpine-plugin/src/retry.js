import { asError } from './errors.js'

/** @typedef {import('./errors.js').ActionError} ActionError */

const maxRetries = 10
const firstDelayMs = 1000
const longestDelayMs = 30_000

/**
 * Do something again after a failure. One that happens offline is not counted.
 *
 * @template T
 * @param {(attempt: number) => Promise<T>} attempt Is given 1, 2, 3…
 * @param {(error: ActionError) => boolean | number} limitOf How many repeats there may be after a
 *   failure; `true` for ten.
 * @param {AbortSignal} signal Ends the waiting.
 * @param {(attempt: number, delayMs: number) => void} onRetry
 * @returns {Promise<T>}
 */
export async function withRetries(attempt, limitOf, signal, onRetry) {
  let failures = 0
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(number)
    } catch (error) {
      if (signal.aborted || failures >= repeatsOf(limitOf(asError('exception', error)))) {
        throw error
      }
    }
    failures += Number(navigator.onLine)
    const delayMs = delayAfter(number)
    onRetry(number, delayMs)
    await pause(delayMs, signal)
  }
}

/** @param {boolean | number} limit */
function repeatsOf(limit) {
  return limit === true ? maxRetries : Number(limit)
}

/** @param {number} attempt */
function delayAfter(attempt) {
  return Math.min(firstDelayMs * 2 ** (attempt - 1), longestDelayMs) * (0.8 + 0.4 * Math.random())
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 */
async function pause(ms, signal) {
  await new Promise((resolve) => setTimeout(resolve, ms))
  if (!navigator.onLine) {
    await new Promise((resolve) => addEventListener('online', resolve, { once: true, signal }))
  }
  signal.throwIfAborted()
}
