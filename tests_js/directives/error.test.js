import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { actionOf, choose, cleanUp, evaluate, find, mount, openApp, settled, startAlpine } from '../app.js'

beforeAll(startAlpine)
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(cleanUp)

const invalid = (errors, error = 'No') => ({
  status: 422,
  body: JSON.stringify({ error, code: 'invalid', errors }),
})
const texts = (...selectors) =>
  selectors.map((selector) => (find(selector).hidden ? null : find(selector).textContent))

async function submit(form = 'form') {
  const end = new Promise((resolve) => addEventListener('hyper:afterRequest', resolve, { once: true }))
  find(form).requestSubmit()
  await end
  await settled()
  await settled()
}

const form = (more = '') => `<form x-data x-action="save" method="post">
  <input name="title" aria-describedby="hint"><input name="note"><input type="file" name="f">
  <p id="of-title" x-error="title"></p><p x-error="note"></p><p id="general" x-error></p>
  <button x-pending:disabled></button>${more}</form>`

test('P13 messages of a field and of none; the next call clears them', async () => {
  await openApp([invalid({ title: ['Too short.', 'Too dull.'], __all__: ['Both wrong.'] }), {}])
  mount(form())
  const before = texts('#of-title', '#general')
  await submit()
  const failed = texts('#of-title', '#general')
  await submit()

  expect([before, failed, texts('#of-title', '#general')]).toEqual([
    [null, null],
    ['Too short. Too dull.', 'Both wrong.'],
    [null, null],
  ])
})

test.each([
  ['a field has one', invalid({ title: ['Bad.'] }), null],
  ['no field has one', invalid({}, 'Not allowed.'), 'Not allowed.'],
  ['the network is lost', { drop: 'before' }, 'The connection was lost. Please try again.'],
])('P13 the general one where %s', async (_, answer, text) => {
  await openApp([answer])
  mount(form())
  await submit()

  expect(texts('#general')).toEqual([text])
})

test('P13 messages are text, whatever they are', async () => {
  const hostile = '<img src=x onerror="window.hacked = 1">'
  await openApp([invalid({ title: [hostile], __all__: [hostile] })])
  mount(form())
  await submit()

  expect([...texts('#of-title', '#general'), window.hacked]).toEqual([hostile, hostile, undefined])
})

test('P13 aria-invalid, aria-describedby beside the author’s, one live region', async () => {
  await openApp([invalid({ title: ['Bad.'] }), {}])
  mount(form())
  const aria = () =>
    ['title', 'note'].map((name) => {
      const field = find(`[name=${name}]`)
      const ids = field.getAttribute('aria-describedby')?.split(' ') ?? []
      return [
        field.ariaInvalid,
        ids.map((id) => (id === 'hint' ? id : document.getElementById(id).getAttribute('x-error'))),
      ]
    })
  await submit()
  const failed = aria()
  await submit()

  expect(failed).toEqual([
    ['true', ['hint', 'title']],
    [null, []],
  ])
  expect(aria()).toEqual([
    [null, ['hint']],
    [null, []],
  ])
  expect([...document.querySelectorAll('[role=alert]')]).toEqual([find('#general')])
})

test.each(['x-error', 'x-error="__all__"'])(
  'P13 %s is a live region before anything stands in it',
  (markup) => {
    mount(
      `<form x-data x-action="save"><p id="of-title" x-error="title"></p><p id="general" ${markup}></p></form>`,
    )

    expect([...document.querySelectorAll('[role=alert]')]).toEqual([find('#general')])
  },
)

test('P13 x-error="__all__" shows the messages of no field, and those alone', async () => {
  await openApp([
    invalid({ title: ['Bad.'] }),
    invalid({ title: ['Bad.'], __all__: ['No.'] }),
    invalid({}, 'Lost.'),
  ])
  mount('<form x-data x-action="save"><input name="title"><p x-error="__all__"></p></form>')
  const shown = []
  for (let i = 0; i < 3; i++) {
    await submit()
    shown.push(...texts('p'))
  }

  expect(shown).toEqual([null, 'No.', 'Lost.'])
})

test('P13 the server’s text stays until the next call', async () => {
  const app = await openApp([{ hold: true }])
  mount(
    `<form x-data x-action="save"><input name="title"><p id="of-title" x-error="title"> From the server </p></form>`,
  )
  await settled()
  const before = [texts('#of-title'), find('input').ariaInvalid]
  find('form').requestSubmit()
  await settled()

  expect(before).toEqual([[' From the server '], 'true'])
  expect([texts('#of-title'), find('input').ariaInvalid]).toEqual([[null], null])
  await app.held(0)
  await app.release(0)
})

test.each([
  ['goes to the first invalid field', 'button', '[name=note]'],
  ['stays outside of the form', '#outside', '#outside'],
])('P13 after a failed submit the focus %s', async (_, from, to) => {
  await openApp([invalid({ note: ['Bad.'] })])
  mount(`${form()}<input id="outside">`)
  find(from).focus()
  await submit()

  await vi.waitFor(() => expect(document.activeElement).toBe(find(to)))
})

describe('P13 survival: what the visitor did stays as it was', () => {
  const markup = `<form x-data x-action="save" method="post"><input name="title">
    <textarea name="note" rows="2">${'line\n'.repeat(50)}</textarea><input type="file" name="f" multiple>
    <select name="size"><option>s</option><option>m</option></select>
    <select name="color" multiple><option>red</option><option>green</option></select>
    <input type="checkbox" name="on"><input type="checkbox" name="off" checked>
    <input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2">
    <p x-error="title"></p><p x-error="r"></p><p x-error="f"></p><p x-error></p><button x-pending:disabled></button></form>`
  const use = () => {
    find('[name=title]').value = 'Milk and bread'
    find('textarea').value += 'typed'
    find('textarea').scrollTop = 120
    find('[name=size]').value = 'm'
    find('[name=color]').options[1].selected = true
    find('[name=on]').checked = true
    find('[name=off]').checked = false
    find('[name=r][value="2"]').checked = true
    choose('[name=f]', 'a.txt')
  }
  const snapshot = () => ({
    fields: [...new FormData(find('form'))].map(([name, value]) => [name, value.name ?? value]),
    caret: ['[name=title]', 'textarea'].map((selector) => {
      const { selectionStart, selectionEnd, selectionDirection, scrollTop } = find(selector)
      return [selectionStart, selectionEnd, selectionDirection, scrollTop]
    }),
  })

  test.each([
    ['a caret, in the field that is invalid', '[name=title]', 5, 5, '[name=title]'],
    ['a selection, in the field that is invalid', '[name=title]', 2, 6, '[name=title]'],
    ['a selection, in a field that the focus leaves', 'textarea', 3, 9, '[name=title]'],
  ])('%s', async (_, selector, start, stop, focused) => {
    await openApp([invalid({ title: ['Bad.'], r: ['Bad.'], f: ['Bad.'] }, 'No')])
    mount(markup)
    use()
    find(selector).focus()
    find(selector).setSelectionRange(start, stop, 'backward')
    find('textarea').scrollTop = 120
    const before = snapshot()
    await submit()

    await vi.waitFor(() => expect(document.activeElement).toBe(find(focused)))
    expect(before.fields).toHaveLength(7)
    expect(snapshot()).toEqual(before)
  })
})

test('outside of a form those of its component', async () => {
  await openApp([invalid({ title: ['Bad.'] })])
  mount('<div x-data id="caller"><input name="title"><p id="own" x-error="title"></p></div>')
  await actionOf()('save')
  await settled()

  expect([texts('p'), find('input').ariaInvalid, find('input').getAttribute('aria-describedby')]).toEqual([
    ['Bad.'],
    'true',
    'own',
  ])
})

const invalidNames = () =>
  [...document.querySelectorAll('[aria-invalid]')].map((control) => control.name + control.value)

describe('P13 controls', () => {
  const outside = `<form x-data id="f" x-action="save"><p id="own" x-error="title"></p><button></button></form>
    <div x-data><input name="title" form="f"><input id="inside" form="f" name="note"></div><input name="title">`

  test.each([
    ['from the form', '#f button'],
    ['from a control outside of it', '#inside'],
  ])('that stand outside of their form are marked, and reached by the focus %s', async (_, from) => {
    await openApp([invalid({ title: ['Bad.'] })])
    mount(outside)
    find(from).focus()
    await submit()
    const marked = [...document.querySelectorAll('[aria-invalid]')]

    expect(marked).toEqual([find('[form=f][name=title]')])
    await vi.waitFor(() => expect(document.activeElement).toBe(marked[0]))
  })

  test('that x-if and x-for insert after the failure are marked, until the next call', async () => {
    await openApp([invalid({ title: ['Bad.'], qty: ['Bad.'] }), {}])
    mount(`<form x-data="{on: false, rows: []}" x-action="save">
      <p x-error="title"></p><p x-error="qty"></p>
      <template x-if="on"><input name="title"></template>
      <template x-for="row in rows"><input :name="row"></template></form>`)
    await submit()
    evaluate('form', 'on = true')
    evaluate('form', 'rows = ["qty"]')
    await settled()
    await settled()
    const failed = invalidNames()
    await submit()

    expect([failed, invalidNames()]).toEqual([['title', 'qty'], []])
  })

  test('that come later do not have the messages read aloud once more', async () => {
    await openApp([invalid({ title: ['Bad.'] }, 'No')])
    mount(`<form x-data="{on: false}" x-action="save"><p x-error></p>
      <template x-if="on"><input name="title"></template></form>`)
    await submit()
    const records = []
    const observer = new MutationObserver((all) => records.push(...all))
    observer.observe(find('p'), { childList: true, characterData: true, subtree: true })
    evaluate('form', 'on = true')
    await settled()
    await settled()
    observer.disconnect()

    expect([invalidNames(), texts('p'), records]).toEqual([['title'], ['Bad.'], []])
  })

  test('that the answer inserts are marked, and reached by the focus', async () => {
    await openApp([invalid({ title: ['Bad.'] })])
    mount(`<form x-data x-action="save"><button></button>
      <template x-if="$actions.save.error"><input name="title"></template><p x-error="title"></p></form>`)
    find('button').focus()
    await submit()

    await vi.waitFor(() => expect(document.activeElement).toBe(find('input')))
    expect(invalidNames()).toEqual(['title'])
  })

  test('lose the marks of an x-error that is removed', async () => {
    await openApp([invalid({ title: ['Bad.'] }), {}])
    mount(`<form x-data x-action="save"><input name="title" aria-describedby="hint">
      <template x-if="$actions.save.error"><p x-error="title"></p></template></form>`)
    await submit()
    const failed = [find('p').textContent, ...invalidNames()]
    await submit()

    expect(failed).toEqual(['Bad.', 'title'])
    expect([invalidNames(), find('input').getAttribute('aria-describedby')]).toEqual([[], 'hint'])
  })

  test.each([
    ['hidden', '<input type="hidden" name="a"><input name="b">', 'b'],
    ['disabled', '<input name="a" disabled><input name="b">', 'b'],
    ['not shown', '<div style="display: none"><input name="a"></div><input name="b">', 'b'],
    [
      'one of several radios',
      '<input type="radio" name="a" value="1"><input type="radio" name="a" value="2" checked>',
      'a1',
    ],
  ])('the focus goes to the first that can have it: %s', async (_, controls, expected) => {
    await openApp([invalid({ a: ['Bad.'], b: ['Bad.'] })])
    mount(`<form x-data x-action="save"><button></button>${controls}
      <p x-error="a"></p><p x-error="b"></p></form>`)
    find('button').focus()
    await submit()

    await vi.waitFor(() => {
      const { name, value } = document.activeElement
      expect(name + value.replace('on', '')).toBe(expected)
    })
  })
})

describe('P13 messages of fields that no x-error shows', () => {
  test('stand in the general one, after which their controls are described', async () => {
    await openApp([
      invalid({ title: ['Bad.'], note: ['Wrong.', 'Long.'], gone: ['Lost.'], __all__: ['No.'] }),
      {},
    ])
    mount(`<form x-data x-action="save"><input name="title"><input name="note"><p x-error="title"></p>
      <p id="general" x-error></p></form>`)
    await submit()
    const failed = [texts('#general'), invalidNames(), find('[name=note]').getAttribute('aria-describedby')]
    await submit()

    expect(failed).toEqual([['Wrong. Long. Lost. No.'], ['title', 'note'], 'general'])
    expect([texts('#general'), invalidNames()]).toEqual([[null], []])
  })

  test('not twice: an x-error in a form counts for the component around, one that comes later too', async () => {
    await openApp([invalid({ title: ['Bad.'] })])
    mount(`<div x-data="{on: false}" id="outer"><p id="general" x-error></p>
      <form id="b" x-action="save"><p id="near" x-error></p>
      <template x-if="on"><p x-error="title"></p></template></form></div>`)
    await submit('#b')
    const failed = texts('#general', '#near')
    evaluate('#outer', 'on = true')
    await settled()
    await settled()

    expect([failed, texts('#general', '#near', '[x-error=title]')]).toEqual([
      ['Bad.', 'Bad.'],
      [null, null, 'Bad.'],
    ])
  })
})

describe('errors go', () => {
  const markup = (
    more = '',
  ) => `<div x-data id="outer"><form x-data x-action="save" ${more}><input name="title">
    <p id="of-title" x-error="title">From the server</p><p id="general" x-error></p></form></div>`
  const shown = () => [...texts('#of-title', '#general'), ...invalidNames()]

  test.each([
    ['$actions.<name>.reset()', () => evaluate('form', '$actions.save.reset()')],
    ['reset() of the component around', () => evaluate('#outer', '$actions.save.reset()')],
    ['the reset of the form', () => find('form').reset()],
  ])('P13 S14 by %s', async (_, act) => {
    await openApp([invalid({ title: ['Bad.'], __all__: ['No.'] })])
    mount(markup())
    await submit()
    const failed = shown()
    act()
    await settled()

    expect([failed, shown(), evaluate('form', '$actions.save.error')]).toEqual([
      ['Bad.', 'No.', 'title'],
      [null, null],
      null,
    ])
  })

  test('not by a reset that was prevented, nor by that of another form', async () => {
    await openApp([invalid({ title: ['Bad.'], __all__: ['No.'] })])
    mount(`${markup('@reset.prevent')}<form id="b"></form>`)
    await submit()
    find('#outer form').reset()
    find('#b').reset()
    await settled()

    expect(shown()).toEqual(['Bad.', 'No.', 'title'])
  })

  test('those of the server not by a reset: its values are what the form goes back to', async () => {
    mount(markup())
    find('form').reset()
    await settled()

    expect(shown()).toEqual(['From the server', null, 'title'])
  })

  test('and a reset after success leaves the result', async () => {
    await openApp([{ body: '{"result":7}' }])
    mount('<form x-data x-action.reset="save"></form>')
    await submit()

    expect(evaluate('form', '$actions.save.result')).toBe(7)
  })
})
