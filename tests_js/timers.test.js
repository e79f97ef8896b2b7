import { expect, test } from 'vitest'
import { after } from '../alpine-plugin/src/timers.js'

test('timers end in the order of their times, however they began; a cancelled one never does', async () => {
  const start = performance.now()
  /** @type {[string, number][]} */
  const ended = []
  await new Promise((resolve) => {
    const note = (/** @type {string} */ name) => () => ended.push([name, performance.now() - start])
    after(120, () => resolve(note('last')()))
    after(60, note('second'))
    after(80, note('cancelled'))()
    after(30, () => {
      note('first')()
      after(60, note('begun by another'))
    })
  })

  expect(ended.map(([name]) => name)).toEqual(['first', 'second', 'begun by another', 'last'])
  for (const [index, ms] of [30, 60, 90, 120].entries()) {
    expect(ended[index][1]).toBeGreaterThanOrEqual(ms)
  }
})

test('one that is due when it begins ends soon, after what began it', async () => {
  let isEnded = false
  await new Promise((resolve) => {
    after(-5, () => {
      isEnded = true
      resolve(undefined)
    })
    expect(isEnded).toBe(false)
  })

  expect(isEnded).toBe(true)
})
