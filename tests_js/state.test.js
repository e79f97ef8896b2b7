import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { actionOf, cleanUp, evaluate, find, mount, openApp, outcome, settled, startAlpine } from './app.js'

/** @type {ReturnType<typeof startAlpine>} */
let Alpine

beforeAll(() => {
  Alpine = startAlpine()
})
afterEach(cleanUp)

const held = { hold: true, body: '{"result":"held"}' }
const failing = { status: 422, body: '{"error":"No","code":"invalid","errors":{"title":["Required."]}}' }
const idle = {
  pending: false,
  delayed: false,
  error: null,
  errors: {},
  code: null,
  status: 0,
  result: null,
  progress: null,
  text: '',
  message: null,
}
const state = (selector, name = 'save') => JSON.parse(JSON.stringify(evaluate(selector, `$actions.${name}`)))

describe('$actions', () => {
  test('an action that never ran is idle, and its state is a plain object', () => {
    mount('<div x-data id="caller"></div>')

    expect(state('#caller')).toEqual(idle)
    expect(typeof evaluate('#caller', '$actions.save')).toBe('object')
    expect(evaluate('#caller', '$actions.save')).toBe(evaluate('#caller', '$actions.save'))
  })

  test('C23 markup re-renders: pending, result, error', async () => {
    const app = await openApp([held, failing])
    mount(`<div x-data>
      <button id="caller" :disabled="$actions.save.pending" @click="$action('save')"></button>
      <p id="result" x-text="$actions.save.result"></p>
      <p id="error" x-text="$actions.save.error"></p>
    </div>`)
    const page = () => [find('#caller').disabled, find('#result').textContent, find('#error').textContent]

    find('#caller').click()
    await settled()
    expect(page()).toEqual([true, '', ''])
    await app.held(0)
    await app.release(0)
    await vi.waitFor(() => expect(page()).toEqual([false, 'held', '']))
    find('#caller').click()
    await vi.waitFor(() => expect(page()).toEqual([false, '', 'No']))
  })

  test('C24 S14 a call sets pending and clears what was there before the network', async () => {
    await openApp([failing, {}, failing])
    mount('<div x-data id="caller"></div>')
    await actionOf()('save')
    expect(state('#caller')).toEqual({
      ...idle,
      error: 'No',
      errors: { title: ['Required.'] },
      code: 'invalid',
      status: 422,
    })

    const second = actionOf()('save')
    expect(state('#caller')).toEqual({ ...idle, pending: true })
    await second
    expect(state('#caller')).toEqual({ ...idle, status: 200 })
    await actionOf()('save')
    expect(state('#caller').result).toBe(null)
  })

  test('C23 state bubbles to the components around, through x-teleport, and to no sibling', async () => {
    const app = await openApp([held])
    mount(`<main x-data id="outer">
      <template x-teleport="body"><div x-data id="inner"><i id="caller"></i><b x-data id="nested"></b></div></template>
      <div x-data id="sibling"></div>
    </main>`)
    await settled()
    const pending = () =>
      ['#outer', '#inner', '#nested', '#sibling'].map((each) => evaluate(each, '$actions.save.pending'))

    const call = actionOf()('save')
    expect(pending()).toEqual([true, true, false, false])
    await app.held(0)
    await app.release(0)
    await call
    expect(pending()).toEqual([false, false, false, false])
    expect(evaluate('#outer', '$actions.save.result')).toBe('held')
    find('#inner').remove()
  })

  test('rows of x-for have their own state, the table around them sees whether any is pending', async () => {
    const app = await openApp([held])
    mount(`<div x-data="{rows: [1, 2]}" id="table"><template x-for="row in rows" :key="row">
      <p x-data :id="'row' + row"></p>
    </template></div>`)
    await settled()
    const call = actionOf('#row1')('remove')

    expect(['#table', '#row1', '#row2'].map((each) => state(each, 'remove').pending)).toEqual([
      true,
      true,
      false,
    ])
    await app.held(0)
    await app.release(0)
    await call
  })

  test('a component shows the call that began last; an earlier one changes only pending', async () => {
    const app = await openApp([held, { body: '{"result":"last"}' }])
    mount('<div x-data id="caller"></div>')
    const first = actionOf()('save', {}, { sync: 'none' })
    await app.held(0)
    await actionOf()('save', {}, { sync: 'none' })

    expect(state('#caller')).toEqual({ ...idle, pending: true, result: 'last', status: 200 })
    await app.release(0)
    await first
    expect(state('#caller')).toEqual({ ...idle, result: 'last', status: 200 })
  })

  test('delayed turns true after 200 ms of pending', async () => {
    const app = await openApp([held])
    mount('<div x-data id="caller"></div>')
    const start = performance.now()
    const call = actionOf()('save')
    expect(state('#caller').delayed).toBe(false)
    await vi.waitFor(() => expect(state('#caller').delayed).toBe(true), { interval: 5 })
    const waited = performance.now() - start
    await app.release(0)
    await call

    expect(state('#caller').delayed).toBe(false)
    expect(waited).toBeGreaterThanOrEqual(195)
  })

  test('a state that is first read after 200 ms of its call is delayed', async () => {
    const app = await openApp([held])
    mount('<div x-data id="caller"></div>')
    const call = actionOf()('save')
    await new Promise((resolve) => setTimeout(resolve, 250))

    expect([state('#caller').pending, state('#caller').delayed]).toEqual([true, true])
    await app.release(0)
    await call
    expect([state('#caller').pending, state('#caller').delayed]).toEqual([false, false])
  })

  test('a state that is read only after its call shows what came of it', async () => {
    await openApp([failing])
    mount('<div x-data id="caller"></div>')
    await actionOf()('save')
    const shown = state('#caller')
    expect([shown.pending, shown.error]).toEqual([false, 'No'])
    evaluate('#caller', '$actions.save.reset()')
    expect(state('#caller')).toEqual(idle)
  })

  test('reset() makes it idle wherever the call is shown, not a later call; abort() aborts every call of the component', async () => {
    const app = await openApp([failing, failing, failing, held, held])
    mount('<div x-data id="outer"><i x-data id="a"></i><i x-data id="b"></i></div>')
    await actionOf('#a')('save')
    evaluate('#a', '$actions.save.reset()')
    expect(state('#a')).toEqual(idle)
    expect(state('#outer')).toEqual(idle)
    await actionOf('#a')('save')
    await actionOf('#b')('save')
    evaluate('#a', '$actions.save.reset()')
    expect(['#outer', '#a', '#b'].map((each) => state(each).error)).toEqual(['No', null, 'No'])

    const calls = [actionOf('#a')('save'), actionOf('#b')('save')]
    await app.held(3)
    await app.held(4)
    evaluate('#outer', '$actions.save.abort()')
    expect(await Promise.all(calls)).toEqual([outcome({ aborted: true }), outcome({ aborted: true })])
    expect(['#outer', '#a', '#b'].map((each) => state(each))).toEqual([idle, idle, idle])
  })

  test('abort and reset work unbound, as a click handler names them', async () => {
    await openApp([failing])
    mount('<div x-data id="caller"><button @click="$actions.save.reset"></button></div>')
    await actionOf()('save')

    find('#caller button').click()
    expect(state('#caller')).toEqual(idle)
  })

  test('a call inside an effect does not run the effect again', async () => {
    const app = await openApp()
    mount(`<div x-data="{q: 'a'}" id="caller" x-effect="$action('search', {q: q})"></div>`)
    await app.arrived(1)
    await vi.waitFor(() => expect(state('#caller', 'search').result).toBe(0))
    evaluate('#caller', `q = 'b'`)
    await app.arrived(2)
    await vi.waitFor(() => expect(state('#caller', 'search').result).toBe(1))
    await settled()

    expect((await app.requests()).map(({ body }) => body)).toEqual(['{"q":"a"}', '{"q":"b"}'])
  })

  test('names that no action can have are undefined', () => {
    Alpine.data('box', () => ({
      all() {
        return this.$actions
      },
    }))
    mount('<div x-data="box" id="caller"></div>')
    const actions = evaluate('#caller', '$actions')

    expect([actions._x, actions.constructor, actions[Symbol.iterator], actions.toString]).toEqual(
      Array(4).fill(undefined),
    )
    expect(evaluate('#caller', 'all().save.pending')).toBe(false)
  })

  test('outside any component the page has one state', async () => {
    await openApp([failing])
    mount('<p id="caller"></p>')
    await actionOf()('save')

    expect(evaluate('#caller', '$actions.save.error')).toBe('No')
    expect(evaluate('body', '$actions.save.error')).toBe('No')
  })
})

describe('$lane and $store.hyper', () => {
  test('C14 a lane is seen anywhere on the page, by its key', async () => {
    const app = await openApp([held])
    mount('<div x-data id="caller"></div><p x-data id="other" x-text="$lane(\'k\').pending"></p>')
    const call = actionOf()('save', {}, { key: 'k' })
    await settled()
    expect(find('#other').textContent).toBe('true')
    await app.held(0)
    await app.release(0)
    await call
    await settled()

    expect(find('#other').textContent).toBe('false')
    expect(evaluate('#other', `$lane('k').result`)).toBe('held')
  })

  test('window.action shows in its lane', async () => {
    await openApp()
    mount('<p x-data id="other"></p>')
    await window.action('load')

    expect(evaluate('#other', `$lane('load').result`)).toBe(0)
  })

  test('lanes that the page reads are kept, others are forgotten beyond a hundred', async () => {
    await openApp()
    mount('<p x-data id="other"></p>')
    const read = evaluate('#other', `$lane('read')`)
    for (let n = 0; n < 110; n += 1) {
      await window.action('load', {}, { key: `lane ${n}`, onBeforeSubmit: () => false })
    }
    await window.action('load', {}, { key: 'read' })

    expect(evaluate('#other', `$lane('read')`)).toBe(read)
    expect(read.status).toBe(200)
  })

  test('$store.hyper counts the calls in flight', async () => {
    const app = await openApp([held, held])
    const seen = []
    const runner = Alpine.effect(() => {
      const { online, pending, calls } = Alpine.store('hyper')
      seen.push([online, pending, calls])
    })
    const calls = [window.action('a'), window.action('b')]
    await settled()
    await app.held(0)
    await app.held(1)
    await app.release(0, 1)
    await Promise.all(calls)
    await settled()
    Alpine.release(runner)

    expect(seen[0]).toEqual([true, false, 0])
    expect(seen).toContainEqual([true, true, 2])
    expect(seen.at(-1)).toEqual([true, false, 0])
  })
})
