import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { cleanUp, startAlpine } from '../app.js'
import { amount, patience } from './amount.js'
import { Play, turn } from './play.js'

beforeAll(startAlpine)

const which = fc.nat({ max: 20 })
const call = fc.record({
  type: fc.constant('call'),
  source: fc.constantFrom('caller', 'form'),
  key: fc.constantFrom('a', 'a', 'b'),
  sync: fc.constantFrom('replace', 'block', 'none', 'queue', 'queue'),
  isGet: fc.boolean(),
  throws: fc.boolean(),
  hook: fc.constantFrom('no', 'no', 'no', 'no', 'no', 'refuse', 'throw'),
})
const command = fc.oneof(
  { weight: 6, arbitrary: call },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('answer'),
      which,
      how: fc.constantFrom('ok', 'ok', 'refused', 'foreign', 'network', 'stream', 'stream'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('stream'),
      which,
      how: fc.constantFrom('say', 'say', 'end', 'fail', 'cut'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('abort'),
      which,
      how: fc.constantFrom('signal', 'signal', 'lane', 'action', 'back'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('reset'), place: fc.constantFrom('a', 'b', 'outer', 'form') }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('remove') }) },
)
const commands = fc.array(command, { minLength: 2, maxLength: 16 })
const how = fc.constantFrom('signal', 'lane', 'action', 'back')
const ambush = fc.record({ type: fc.constant('ambush'), which, how, wait: fc.nat({ max: 12 }) })
const surprises = fc.array(fc.oneof({ weight: 9, arbitrary: command }, { weight: 2, arbitrary: ambush }), {
  minLength: 2,
  maxLength: 16,
})

/** Wait until the page shows what it should; after that it must stay so. */
async function agree(play) {
  play.model.settle()
  const expected = JSON.stringify(play.expected())
  for (let turns = 0; turns < 200 && JSON.stringify(play.seen()) !== expected; turns += 1) {
    await turn()
  }
  await turn()
  expect(play.seen()).toEqual(play.expected())
}

/** Answer all that is open, so that the calls that wait have their turn too. */
async function finish(play) {
  while (play.model.open.length > 0) {
    play.answer({ which: 0, how: 'ok' })
    play.stream({ which: 0, how: 'end' })
    await agree(play)
  }
}

test('C10 C11 C12 C20 C26 C29 P08 the page shows what the policies promise, after every step', {
  timeout: patience,
}, async () => {
  const property = fc.asyncProperty(commands, async (steps) => {
    const play = new Play()
    for (const step of steps) {
      play[step.type](step)
      await agree(play)
    }
    await finish(play)

    expect(play.expected().inFlight).toEqual([0, false])
  })
  await fc.assert(property.afterEach(cleanUp), amount(150))
})

const pace = fc.array(fc.nat({ max: 2 }), { minLength: 16, maxLength: 16 })
const count = (names, ...wanted) => names.filter((name) => wanted.includes(name)).length

/** Answer until nothing is open; what is answered may wait for its turn to be read. */
async function drain(play) {
  const isOpen = () => play.calls.some(({ endings }) => endings === 0)
  for (let turns = 0; turns < 300 && isOpen(); turns += 1) {
    play.answer({ which: 0, how: 'ok' })
    for (const [id, stream] of play.streams) {
      stream.end(id)
    }
    await turn()
  }
}

test('C21 C26 E02 whatever comes at once, every call ends once and leaves nothing', {
  timeout: patience,
}, async () => {
  const property = fc.asyncProperty(surprises, pace, async (steps, turns) => {
    const play = new Play()
    const idle = JSON.stringify(play.seen().marks)
    for (const [index, step] of steps.entries()) {
      play[step.type](step)
      for (let left = turns[index]; left > 0; left -= 1) {
        await turn()
      }
    }
    await drain(play)
    play.listening.abort()
    const { endings, wire, cells, events, inFlight, marks } = play.seen()

    expect(endings).toEqual(endings.map(() => 1))
    expect([wire, inFlight, JSON.stringify(marks)]).toEqual([[], [0, false], idle])
    expect(Object.values(cells).filter(({ pending }) => pending)).toEqual([])
    for (const names of events) {
      expect(count(names, 'beforeRequest')).toBe(count(names, 'afterRequest'))
    }
    const ends = ['requestSuccess', 'requestError', 'requestException', 'requestAborted', 'requestBlocked']
    expect(count(events.flat(), ...ends)).toBe(play.calls.length)
  })
  await fc.assert(property.afterEach(cleanUp), amount(250))
})
