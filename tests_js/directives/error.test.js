import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { actionOf, choose, cleanUp, find, mount, openApp, settled, startAlpine } from '../app.js'

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

test('P13 aria-invalid, aria-describedby beside the author’s, one live region', async () => {
  await openApp([invalid({ title: ['Bad.'] }), {}])
  mount(form())
  const aria = () =>
    ['title', 'note'].map((name) => {
      const field = find(`[name=${name}]`)
      const ids = field.getAttribute('aria-describedby').split(' ')
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
    [null, ['note']],
  ])
  expect(aria().map(([isInvalid]) => isInvalid)).toEqual([null, null])
  expect([...document.querySelectorAll('[role=alert]')]).toEqual([find('#general')])
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

test('P13 typed values, chosen files and the caret survive', async () => {
  await openApp([invalid({ title: ['Bad.'] })])
  mount(form())
  const title = find('[name=title]')
  title.value = 'Milk'
  choose('[name=f]', 'a.txt')
  title.focus()
  title.setSelectionRange(1, 2)
  await submit()

  expect([title.value, title.selectionStart, title.selectionEnd, find('[name=f]').files.length]).toEqual([
    'Milk',
    1,
    2,
    1,
  ])
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
