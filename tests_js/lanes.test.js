import { describe, expect, test, vi } from 'vitest'
import { enter, isBlocked, leave } from '../alpine-plugin/src/lanes.js'

let lastKey = 0

/** A lane and what happened in it. */
function lane() {
  lastKey += 1
  const key = `lane ${lastKey}`
  const log = []
  const entry = (name) => ({
    start: () => log.push(`start ${name}`),
    replace: () => log.push(`replace ${name}`),
  })
  const [a, b, c] = ['a', 'b', 'c'].map(entry)
  return { key, log, a, b, c }
}

describe('lanes', () => {
  test('C10 replace: those before are replaced, then the call starts', () => {
    const { key, log, a, b, c } = lane()
    enter(key, 'none', a)
    enter(key, 'none', b)

    enter(key, 'replace', c)

    expect(log).toEqual(['start a', 'start b', 'replace a', 'replace b', 'start c'])
  })

  test('C11 block: the lane is closed while a call is in it', () => {
    const { key, a } = lane()
    const seen = [isBlocked(key, 'block')]
    enter(key, 'block', a)
    seen.push(isBlocked(key, 'block'), isBlocked(key, 'replace'))
    leave(key, a)()
    seen.push(isBlocked(key, 'block'))

    expect(seen).toEqual([false, true, false, false])
  })

  test('C12 none: all run', () => {
    const { key, log, a, b } = lane()
    enter(key, 'none', a)
    enter(key, 'none', b)

    expect(log).toEqual(['start a', 'start b'])
  })

  test('C29 queue: one after another, in order', async () => {
    const { key, log, a, b, c } = lane()
    enter(key, 'queue', a)
    enter(key, 'queue', b)
    enter(key, 'queue', c)
    leave(key, a)()
    await null
    log.push('a left')
    leave(key, b)()
    await null

    expect(log).toEqual(['start a', 'start b', 'a left', 'start c'])
  })

  test('queue waits for every call before it, also those of other policies', async () => {
    const { key, log, a, b, c } = lane()
    enter(key, 'none', a)
    enter(key, 'none', b)
    enter(key, 'queue', c)
    leave(key, b)()
    await null
    log.push('b left')
    leave(key, a)()
    await null

    expect(log).toEqual(['start a', 'start b', 'b left', 'start c'])
  })

  test('a queued call that leaves before its turn is passed over', async () => {
    const { key, log, a, b, c } = lane()
    enter(key, 'queue', a)
    enter(key, 'queue', b)
    enter(key, 'queue', c)
    leave(key, b)()
    leave(key, a)()
    await null

    expect(log).toEqual(['start a', 'start c'])
  })

  test('C16 one that was replaced never clears the lane of its successor', () => {
    const { key, log, a, b, c } = lane()
    enter(key, 'queue', a)
    enter(key, 'queue', b)
    enter(key, 'replace', c)
    leave(key, a)()
    leave(key, b)()

    expect(log).toEqual(['start a', 'replace a', 'replace b', 'start c'])
    expect(isBlocked(key, 'block')).toBe(true)
  })

  test('one that is replaced between leaving and starting is not started', async () => {
    const { key, log, a, b, c } = lane()
    enter(key, 'queue', a)
    enter(key, 'queue', b)
    const startNext = leave(key, a)
    enter(key, 'replace', c)
    startNext()
    await null

    expect(log).toEqual(['start a', 'replace b', 'start c'])
  })

  test('C29 queue waits for the last of those that run at once', async () => {
    const { key, log, a, b, c } = lane()
    enter(key, 'none', a)
    enter(key, 'none', b)
    enter(key, 'queue', c)
    leave(key, a)()
    await null

    expect(log).toEqual(['start a', 'start b'])
  })

  test('C29 a long queue whose calls end at once does not overflow the stack', async () => {
    let ended = 0
    for (let number = 0; number < 5000; number += 1) {
      const entry = {
        start: () => {
          ended += 1
          leave('long', entry)()
        },
        replace: () => {},
      }
      enter('long', 'queue', entry)
    }

    await vi.waitFor(() => expect(ended).toBe(5000))
    expect(isBlocked('long', 'block')).toBe(false)
  })
})
