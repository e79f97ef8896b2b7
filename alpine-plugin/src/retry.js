import { ActionError } from './errors.js'

const maxRetries = 10
const firstDelayMs = 1000
const longestDelayMs = 30_000

/**
 * Do something again after a network failure. One that happens offline is not counted.
 *
 * @template T
 * @param {(attempt: number) => Promise<T>} attempt Is given 1, 2, 3…
 * @param {boolean | number | undefined} limit How many repeats there may be; `true` for ten.
 * @param {AbortSignal} signal Ends the waiting.
 * @param {(attempt: number, delayMs: number) => void} onRetry
 * @returns {Promise<T>}
 */
export async function withRetries(attempt, limit, signal, onRetry) {
  let left = repeatsOf(limit)
  for (let number = 1; ; number += 1) {
    const isLast = left === 0
    try {
      return await attempt(number)
    } catch (error) {
      if (isLast || !isNetworkFailure(error)) {
        throw error
      }
    }
    left -= Number(navigator.onLine)
    const delayMs = delayAfter(number)
    onRetry(number, delayMs)
    await pause(delayMs, signal)
  }
}

/** @param {boolean | number | undefined} limit */
function repeatsOf(limit) {
  return limit === true ? maxRetries : Number(limit ?? 0)
}

/** @param {unknown} error */
function isNetworkFailure(error) {
  return error instanceof ActionError && error.code === 'network'
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
