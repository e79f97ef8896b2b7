import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { actionOf, cleanUp, evaluate, find, mount, openApp, settled, startAlpine } from '../app.js'

/** @type {ReturnType<typeof startAlpine>} */
let Alpine

beforeAll(() => {
  Alpine = startAlpine()
})
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(cleanUp)

const show = (message, level = 'success', tags = '') =>
  dispatchEvent(new CustomEvent('hyper:toast', { detail: { value: { message, level, tags } } }))
const toasts = (region = '[x-toasts]') => [...find(region).children]
const texts = (region) => toasts(region).map(({ firstChild }) => firstChild.textContent)
const dismissOf = (toast) => toast.lastElementChild

async function mountRegion(inside = '', around = '') {
  mount(`<div x-data id="region" x-toasts>${inside}</div>${around}`)
  await settled()
}

test('E11 a toast of an action is shown, with its level and its tags as classes', async () => {
  const item = { event: 'toast', data: { message: 'Saved', level: 'success', tags: 'extra wide' } }
  await openApp([{ body: JSON.stringify({ result: 1, items: [item] }) }])
  await mountRegion('', '<i x-data id="caller"></i>')
  await actionOf()('save')

  const [toast] = toasts()
  expect([texts(), [...toast.classList].sort()]).toEqual([
    ['Saved'],
    ['extra', 'hyper-toast', 'success', 'wide'],
  ])
})

test('E11 message, level and tags are text, whatever they are', async () => {
  await mountRegion()
  const hostile = '"><img src=x onerror="window.hacked = 1">'
  show(hostile, hostile, hostile)
  await settled()

  expect([texts(), find('#region').querySelector('img'), window.hacked]).toEqual([[hostile], null, undefined])
})

test('E11 level and tags may be absent', async () => {
  await mountRegion()
  dispatchEvent(new CustomEvent('hyper:toast', { detail: { value: { message: 'Copied' } } }))

  expect([...toasts()[0].classList]).toEqual(['hyper-toast'])
})

test('a toast is dismissed by a button that has a name', async () => {
  await mountRegion()
  show('one')
  show('two')
  const button = dismissOf(toasts()[0])
  button.click()

  expect([button.type, button.ariaLabel, texts()]).toEqual(['button', 'Dismiss', ['two']])
})

test('the name of the button is that of the page’s language', async () => {
  Alpine.hyper.configure({ messages: { dismiss: 'Schließen' } })
  await mountRegion()
  show('one')
  Alpine.hyper.configure({ messages: { dismiss: 'Dismiss' } })

  expect(dismissOf(toasts()[0]).ariaLabel).toBe('Schließen')
})

describe('for assistive technology', () => {
  test.each([
    ['success', null],
    ['info', null],
    ['warning', 'alert'],
    ['error', 'alert'],
  ])('%s has the role %s in a region that is a status', async (level, role) => {
    await mountRegion()
    show('one', level)

    expect([find('#region').role, find('#region').ariaAtomic, toasts()[0].role]).toEqual([
      'status',
      'false',
      role,
    ])
  })

  test('what the server wrote comes to the live region once more, so that it is read', async () => {
    const records = []
    mount('<div x-data x-toasts><p>Saved</p></div>')
    const observer = new MutationObserver((all) => records.push(...all))
    observer.observe(find('[x-toasts]'), { childList: true })
    const role = find('[x-toasts]').role
    await settled()
    observer.disconnect()

    expect([role, records.flatMap(({ addedNodes }) => [...addedNodes]), texts()]).toEqual([
      'status',
      [find('p')],
      ['Saved'],
    ])
  })
})

describe('messages that the server wrote', () => {
  test('are dismissed like toasts, in their order, before what comes later', async () => {
    await mountRegion('<div class="success">one</div><div class="error">two</div>')
    show('three')
    const before = texts()
    const roles = toasts().map(({ role, className }) => [role, className.trim().split(' ').sort().join(' ')])
    dismissOf(toasts()[0]).click()

    expect([before, roles, texts()]).toEqual([
      ['one', 'two', 'three'],
      [
        [null, 'hyper-toast success'],
        ['alert', 'error hyper-toast'],
        [null, 'hyper-toast success'],
      ],
      ['two', 'three'],
    ])
  })

  test('keep what Alpine does in them, and it is done once', async () => {
    Alpine.store('starts', { count: 0 })
    await mountRegion(
      '<div x-data="{n: 0}" x-init="$store.starts.count++"><b x-text="n"></b><i @click="n++"></i></div>',
    )
    find('i').click()
    await settled()

    expect([Alpine.store('starts').count, find('b').textContent]).toEqual([1, '1'])
  })
})

test('a toast goes when its own animation has ended, not when one inside of it has', async () => {
  await mountRegion()
  show('one')
  dismissOf(toasts()[0]).dispatchEvent(new AnimationEvent('animationend', { bubbles: true }))
  const after = texts()
  const style = document.createElement('style')
  style.textContent = '@keyframes fade { to { opacity: 0 } } .hyper-toast { animation: fade 20ms }'
  find('#region').before(style)

  expect(after).toEqual(['one'])
  await vi.waitFor(() => expect(texts()).toEqual([]))
})

describe('the focus, when its toast is dismissed,', () => {
  const focusAndDismiss = (index) => {
    const button = dismissOf(toasts()[index])
    button.focus()
    button.click()
  }
  const focused = () => document.activeElement

  test.each([
    ['next', 0, 'two'],
    ['previous, after the last one', 2, 'two'],
  ])('goes to the button of the %s', async (_, index, text) => {
    await mountRegion()
    for (const each of ['one', 'two', 'three']) {
      show(each)
    }
    focusAndDismiss(index)

    expect([focused().ariaLabel, focused().parentElement.firstChild.textContent]).toEqual(['Dismiss', text])
  })

  test('goes back where it was, after the only one', async () => {
    await mountRegion('<div>one</div>', '<input>')
    show('two')
    find('input').focus()
    focusAndDismiss(0)
    focused().click()

    expect([texts(), focused()]).toEqual([[], find('input')])
  })

  test('goes to the region, where that has gone', async () => {
    await mountRegion('', '<input>')
    show('one')
    find('input').focus()
    dismissOf(toasts()[0]).focus()
    find('input').remove()
    dismissOf(toasts()[0]).click()

    expect(focused()).toBe(find('#region'))
  })

  test('stays where it is, if it is elsewhere', async () => {
    await mountRegion('', '<input>')
    show('one')
    find('input').focus()
    dismissOf(toasts()[0]).click()

    expect(focused()).toBe(find('input'))
  })
})

test('every region shows every toast', async () => {
  mount('<div x-data><p id="a" x-toasts></p><p id="b" x-toasts></p></div>')
  show('one')
  dismissOf(toasts('#a')[0]).click()

  expect([texts('#a'), texts('#b')]).toEqual([[], ['one']])
})

test('a region that is removed stops listening', async () => {
  mount('<div x-data="{on: true}" id="outer"><template x-if="on"><p x-toasts></p></template></div>')
  await settled()
  const region = find('p')
  evaluate('#outer', 'on = false')
  await settled()
  show('one')

  expect([document.querySelector('p'), region.children.length]).toEqual([null, 0])
})
