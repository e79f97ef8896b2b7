import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { cleanUp, evaluate, find, mount, openApp, recordEvents, settled, startAlpine } from '../app.js'

/** @type {ReturnType<typeof startAlpine>} */
let Alpine

beforeAll(() => {
  Alpine = startAlpine()
})
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(cleanUp)

const held = { hold: true }
const sent = async (app, number = 1) =>
  (await app.arrived(number)).map(({ headers, body }) => [headers['x-hyper-action'], body])
const ended = () => new Promise((resolve) => addEventListener('hyper:afterRequest', resolve, { once: true }))

/** A browser that stays where it is: what it would do itself is recorded. */
function recordNative() {
  const seen = []
  const listening = new AbortController()
  onTestFinished(() => listening.abort())
  for (const type of ['submit', 'click']) {
    const listener = (event) => {
      if (!event.defaultPrevented && (type === 'submit' || event.target.matches('a'))) {
        seen.push(type)
        event.preventDefault()
      }
    }
    addEventListener(type, listener, listening)
  }
  return seen
}

describe('on a form', () => {
  test.each([
    ['a submitter', () => find('#go').click(), 'title=Milk&press=go'],
    ['requestSubmit()', () => find('form').requestSubmit(), 'title=Milk'],
    ['requestSubmit(submitter)', () => find('form').requestSubmit(find('#go')), 'title=Milk&press=go'],
  ])('C06 %s sends it', async (_, submit, body) => {
    const app = await openApp()
    mount(`<form x-data x-action="create_todo" method="post"><input name="title" value="Milk">
      <button id="go" name="press" value="go"></button></form>`)
    const seen = recordNative()
    submit()

    expect(await sent(app)).toEqual([['create_todo', body]])
    expect(seen).toEqual([])
  })

  test.each([
    ['the submitter’s _action', '#two', 'two'],
    ['the field _action, where the submitter has another name', '#other', 'field'],
  ])('without a value: %s', async (_, button, action) => {
    const app = await openApp()
    mount(`<form x-data x-action method="post"><button id="one" name="_action" value="one"></button>
      <button id="two" name="_action" value="two"></button><button id="other" name="x"></button>
      <input type="hidden" name="_action" value="field"></form>`)
    find(button).click()

    expect((await sent(app))[0][0]).toBe(action)
  })

  test('without any name the submit is the browser’s', async () => {
    const app = await openApp()
    mount('<form x-data x-action></form>')
    const seen = recordNative()
    find('form').requestSubmit()

    expect(seen).toEqual(['submit'])
    expect(await app.requests()).toEqual([])
  })

  test.each([
    ['a target', 'target="_blank"', '', true],
    ['a submitter’s target', '', 'formtarget="_blank"', true],
    ['the own target', 'target="_self"', '', false],
    ['method=dialog', 'method="dialog"', '', true],
    ['a submitter’s dialog', '', 'formmethod="dialog"', true],
  ])('%s keeps its meaning', async (_, attributes, onSubmitter, isNative) => {
    const app = await openApp()
    mount(`<form x-data x-action="save" ${attributes}><button ${onSubmitter}></button></form>`)
    const seen = recordNative()
    find('button').click()
    await settled()

    expect(seen).toEqual(isNative ? ['submit'] : [])
    if (!isNative) {
      await app.arrived(1)
    }
  })

  test('validation holds, and formnovalidate goes around it', async () => {
    const app = await openApp()
    mount(`<form x-data x-action="save" method="post"><input name="title" required><button id="a"></button>
      <button id="b" formnovalidate></button></form>`)
    find('#a').click()
    find('#b').click()

    expect(await sent(app)).toEqual([['save', 'title=']])
  })

  test('a submit that the author prevented is not sent, wherever the attribute stands', async () => {
    const app = await openApp()
    mount('<form x-data x-action="save" @submit="$event.preventDefault()"></form>')
    find('form').requestSubmit()
    await settled()

    expect(await app.requests()).toEqual([])
  })

  test('C13 block is the default, .replace replaces', async () => {
    const app = await openApp([held, held])
    const events = recordEvents()
    mount('<form id="a" x-data x-action="save"></form><form id="b" x-data x-action.replace="save"></form>')
    find('#a').requestSubmit()
    find('#a').requestSubmit()
    find('#b').requestSubmit()
    find('#b').requestSubmit()
    await app.arrived(3)
    await app.held(0)
    await app.release(0)

    expect(events.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['requestBlocked', 'requestReplaced']),
    )
  })

  test.each([
    ['after success', { body: '{"result":1}' }, ''],
    ['not after a failure', { status: 422, body: '{"error":"No","code":"invalid"}' }, 'typed'],
  ])('.reset resets it %s', async (_, answer, value) => {
    await openApp([answer])
    mount('<form x-data x-action.reset="save"><input name="title"><button name="reset"></button></form>')
    find('input').value = 'typed'
    const end = ended()
    find('form').requestSubmit()
    await end
    await settled()

    expect(find('input').value).toBe(value)
  })

  test('.confirm asks what data-confirm says', async () => {
    const app = await openApp()
    const ask = vi.spyOn(window, 'confirm').mockReturnValueOnce(false).mockReturnValueOnce(true)
    mount('<form x-data x-action.confirm="save" data-confirm="Sure?"></form>')
    find('form').requestSubmit()
    find('form').requestSubmit()

    expect(await sent(app)).toHaveLength(1)
    expect(ask.mock.calls).toEqual([['Sure?'], ['Sure?']])
  })

  test('P05 the form and its submitter are marked in flight', async () => {
    const app = await openApp([held])
    mount(`<form x-data x-action="save"><button></button></form><form id="b" x-data></form>`)
    const marks = () =>
      [find('form'), find('button'), find('#b')].map((element) =>
        ['data-hyper-pending', 'aria-busy', 'aria-disabled', 'disabled'].map((name) =>
          element.getAttribute(name),
        ),
      )
    const before = marks()
    find('button').click()
    const during = marks()
    await app.held(0)
    const end = ended()
    await app.release(0)
    await end

    expect(during).toEqual([
      ['true', 'true', null, null],
      [null, null, 'true', null],
      [null, null, null, null],
    ])
    expect(marks()).toEqual(before)
  })

  test('P11 two overlapping calls of a form: marked until the last has ended', async () => {
    const app = await openApp([held, held])
    mount('<form x-data x-action.none="save"><button></button><button id="b"></button></form>')
    find('button').click()
    find('#b').click()
    await app.held(0)
    await app.held(1)
    const marks = () => [
      find('form').dataset.hyperPending,
      find('button').ariaDisabled,
      find('#b').ariaDisabled,
    ]
    const first = ended()
    await app.release(0)
    await first
    const between = marks()
    const second = ended()
    await app.release(1)
    await second

    expect(between).toEqual(['true', null, 'true'])
    expect(marks()).toEqual([undefined, null, null])
  })

  test.each([
    ['500', { status: 500, body: '{"error":"No","code":"server_error"}' }],
    ['a lost connection', { drop: 'before' }],
    [
      'an item that throws',
      { body: '{"result":1,"items":[{"event":"toast"},{"event":"redirect","data":{"url":"http://["}}]}' },
    ],
    [
      'a page restored by Back',
      held,
      () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
    ],
    ['abort()', held, () => evaluate('form', '$actions.save.abort()')],
  ])('P08 C26 nothing is left after %s', async (_, answer, act = () => {}) => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await openApp([answer])
    mount('<form x-data x-action="save"><button></button></form>')
    const html = find('form').outerHTML
    const end = ended()
    find('button').click()
    expect(find('form').outerHTML).not.toBe(html)
    await settled()
    act()
    await end

    expect(find('form').outerHTML).toBe(html)
  })

  test('a form that Alpine lets go is the browser’s again', async () => {
    const app = await openApp()
    mount('<form x-data x-action="save"></form>')
    const seen = recordNative()
    Alpine.destroyTree(find('form'))
    find('form').requestSubmit()

    expect(seen).toEqual(['submit'])
    expect(await app.requests()).toEqual([])
  })
})

describe('on a button or a link', () => {
  test.each([
    ['a button', '<button x-action="remove" name="id" value="7"></button>', [['remove', '{"id":"7"}']]],
    ['a nameless button', '<button x-action="remove"></button>', [['remove', '']]],
    [
      'a name of its own',
      '<button x-action name="_action" value="remove"></button>',
      [['remove', '{"_action":"remove"}']],
    ],
    ['a link', '<a x-action="remove" href="/elsewhere"></a>', [['remove', '']]],
  ])('%s sends its click, with its own name and value', async (_, html, expected) => {
    const app = await openApp()
    mount(`<div x-data>${html}</div>`)
    const seen = recordNative()
    find('[x-data] > *').click()

    expect(await sent(app)).toEqual(expected)
    expect(seen).toEqual([])
  })

  test.each([
    ['a modified click', '', { ctrlKey: true }],
    ['a target', 'target="_blank"', {}],
  ])('%s of a link keeps its meaning', async (_, attributes, init) => {
    const app = await openApp()
    mount(`<div x-data><a x-action="remove" href="/elsewhere" ${attributes}></a></div>`)
    const seen = recordNative()
    find('a').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...init }))

    expect(seen).toEqual(['click'])
    expect(await app.requests()).toEqual([])
  })
})

test.each([
  ['get', true],
  ['post', false],
])('C27 a form with the method %s that is removed in flight: aborted is %s', async (method, isAborted) => {
  const app = await openApp([held])
  mount(`<div x-data id="outer"><form method="${method}" x-action="search"></form></div>`)
  find('form').requestSubmit()
  await app.held(0)
  find('form').remove()
  await settled()

  expect(evaluate('#outer', '$actions.search.pending')).toBe(!isAborted)
  await app.release(0)
  await vi.waitFor(() => expect(evaluate('#outer', '$actions.search.pending')).toBe(false))
})
