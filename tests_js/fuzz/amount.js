/** How much is tried: the same few examples in each run of the tests, many others by `make fuzz`. */
import { inject } from 'vitest'

const seed = inject('fuzzSeed')

/**
 * @param {number} few
 * @returns {import('fast-check').Parameters}
 */
export function amount(few) {
  return seed === null ? { seed: 1, numRuns: few } : { seed, numRuns: few * 20 }
}

/** For `test`, in milliseconds. */
export const patience = seed === null ? 60_000 : 3_600_000
