import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { actionOf, cleanUp, evaluate, find, mount, openApp, settled, startAlpine } from '../app.js'

beforeAll(startAlpine)
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(cleanUp)

const held = { hold: true }
const ended = () => new Promise((resolve) => addEventListener('hyper:afterRequest', resolve, { once: true }))
const isHidden = (...selectors) => selectors.map((selector) => find(selector).hidden)

async function release(app, number = 0) {
  await app.held(number)
  const end = ended()
  await app.release(number)
  await end
  await settled()
}

describe('in a form', () => {
  const form = (id, more = '') => `<form x-data id="${id}" x-action="save">
    <i class="hide" x-pending:hide></i><i class="show" x-pending:show></i>${more}</form>`

  test('P01 P02 P06 P07 hide and show: before, during and after, in the submitting form only', async () => {
    const app = await openApp([held])
    mount(form('a') + form('b'))
    const states = () => isHidden('#a .hide', '#a .show', '#b .hide', '#b .show')
    const before = states()
    find('#a').requestSubmit()
    await settled()
    const during = states()
    await release(app)

    expect([before, during, states()]).toEqual([
      [false, true, false, true],
      [true, false, false, true],
      [false, true, false, true],
    ])
  })

  test('P03 disabled: the author’s stays, also one that a binding writes during the call', async () => {
    const app = await openApp([held])
    mount(`<form x-data="{off: false}" x-action="save"><button id="a" x-pending:disabled></button>
      <button id="b" x-pending:disabled disabled></button>
      <button id="c" x-pending:disabled :disabled="off"></button></form>
      <button id="outside" x-data form="none" x-pending:disabled></button>`)
    const states = () => ['#a', '#b', '#c', '#outside'].map((selector) => find(selector).disabled)
    const before = states()
    find('form').requestSubmit()
    await settled()
    const during = states()
    evaluate('form', 'off = true')
    await release(app)

    expect([before, during, states()]).toEqual([
      [false, true, false, false],
      [true, true, true, false],
      [false, true, true, false],
    ])
  })

  test('a control of the form that stands outside of it joins in', async () => {
    const app = await openApp([held])
    mount(
      '<form x-data id="f" x-action="save"></form><div x-data><button form="f" x-pending:disabled></button></div>',
    )
    find('button').click()
    await settled()

    expect(find('button').disabled).toBe(true)
    await release(app)
  })

  test.each([
    ['goes back to it', '#a', '#a', () => {}],
    ['goes back into a fieldset', '#c', '#c', () => {}],
    ['stays where the visitor went', '#a', '#b', () => find('#b').focus()],
  ])('the focus %s', async (_, from, to, act) => {
    const app = await openApp([held])
    mount(`<form x-data x-action="save"><button id="a" x-pending:disabled></button><input id="b">
      <fieldset x-pending:disabled><input id="c"></fieldset></form>`)
    find(from).focus()
    find('form').requestSubmit()
    await vi.waitFor(() => expect(document.activeElement).toBe(document.body))
    act()
    await release(app)

    expect(document.activeElement).toBe(find(to))
  })

  test('.delay waits 200 ms', async () => {
    const app = await openApp([held])
    mount('<form x-data x-action="save"><i x-pending:show.delay></i></form>')
    find('form').requestSubmit()
    await settled()
    const atOnce = isHidden('i')

    await vi.waitFor(() => expect(isHidden('i')).toEqual([false]))
    expect(atOnce).toEqual([true])
    await release(app)
    expect(isHidden('i')).toEqual([true])
  })

  test('P12 what x-if and x-for insert during the call joins in', async () => {
    const app = await openApp([held])
    mount(`<form x-data="{on: false, rows: []}" x-action="save"><template x-if="on"><i x-pending:hide></i></template>
      <template x-for="row in rows"><button x-pending:disabled></button></template></form>`)
    find('form').requestSubmit()
    evaluate('form', 'on = true')
    evaluate('form', 'rows = [1]')
    await settled()
    const during = [find('i').hidden, find('button').disabled]
    await release(app)

    expect([during, [find('i').hidden, find('button').disabled]]).toEqual([
      [true, true],
      [false, false],
    ])
  })

  test('P11 overlapping calls are counted', async () => {
    const app = await openApp([held, held])
    mount('<form x-data x-action.none="save"><i x-pending:hide></i></form>')
    find('form').requestSubmit()
    find('form').requestSubmit()
    await app.held(1)
    await release(app, 0)
    const between = isHidden('i')
    await release(app, 1)

    expect([between, isHidden('i')]).toEqual([[true], [false]])
  })

  test.each([
    ['500', { status: 500, body: '{"error":"No","code":"server_error"}' }],
    ['a lost connection', { drop: 'before' }],
    ['abort()', held, () => evaluate('form', '$actions.save.abort()')],
    ['Back', held, () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))],
  ])('P08 C26 nothing is left after %s', async (_, answer, act = () => {}) => {
    await openApp([answer])
    mount('<form x-data x-action="save"><button x-pending:disabled></button><i x-pending:hide></i></form>')
    await settled()
    const html = find('form').outerHTML
    const end = ended()
    find('form').requestSubmit()
    await settled()
    act()
    await end
    await settled()

    expect(find('form').outerHTML).toBe(html)
  })

  test('P08 nothing is left after a thrown hook', async () => {
    mount('<form x-data><button x-pending:disabled></button></form>')
    const onBeforeSubmit = () => {
      throw new RangeError('boom')
    }
    await actionOf('form')('save', {}, { form: 'form', onBeforeSubmit }).catch(() => {})
    await settled()

    expect(find('form').outerHTML).toBe('<form x-data=""><button x-pending:disabled=""></button></form>')
  })

  test('P04 unknown modes do nothing', async () => {
    await openApp()
    mount(
      '<form x-data x-action="save"><i x-pending:toString></i><i x-pending></i><i x-pending:blink></i></form>',
    )
    const html = find('form').innerHTML
    const end = ended()
    find('form').requestSubmit()
    await end

    expect(find('form').innerHTML).toBe(html)
    expect(console.error).not.toHaveBeenCalled()
    expect(console.warn).not.toHaveBeenCalled()
  })
})

describe('P10 outside of a form', () => {
  test.each([
    ['its component', ''],
    ['a lane', '="$lane(\'k\')"'],
    ['an action', '="$actions.save"'],
    ['a value', '="$store.hyper.pending"'],
  ])('%s', async (_, expression) => {
    const app = await openApp([held])
    mount(`<div x-data id="caller"><i x-pending:show${expression}></i></div>
      <div x-data><b x-pending:show></b></div>`)
    actionOf()('save', {}, { key: 'k' })
    await settled()
    const during = isHidden('i', 'b')
    await release(app)

    expect([during, isHidden('i', 'b')]).toEqual([
      [false, true],
      [true, true],
    ])
  })
})
