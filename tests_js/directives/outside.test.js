import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { cleanUp, mount, settled, startAlpine } from '../app.js'

/** @type {ReturnType<typeof startAlpine>} */
let Alpine

beforeAll(() => {
  Alpine = startAlpine()
})
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(cleanUp)

/** Markup that Alpine has not started, and then the end of its start. */
function start(html) {
  const holder = document.createElement('div')
  holder.innerHTML = html
  Alpine.mutateDom(() => document.body.append(holder))
  document.dispatchEvent(new Event('alpine:initialized'))
  return console.warn.mock.calls.flat()
}

describe('outside of any x-data', () => {
  test.each([
    'x-action="save"',
    'x-action.reset.confirm="save"',
    'x-error="title"',
    'x-pending:disabled',
    'x-pending:show.delay',
    'x-toasts',
  ])('the console says so of %s', (markup) => {
    expect(start(`<p ${markup}></p>`)).toEqual([
      `[hyper] ${markup.split('=')[0]} is in no x-data; expected x-data.`,
    ])
  })

  test('it says so once', () => {
    expect(start('<form x-action="a"></form><a x-action="b"></a><p x-error></p>')).toHaveLength(1)
  })

  test('with the prefix that Alpine has', () => {
    Alpine.prefix('data-x-')
    const said = start('<p x-action></p><p data-x-action></p>')
    Alpine.prefix('x-')

    expect(said).toEqual(['[hyper] data-x-action is in no x-data; expected x-data.'])
  })

  test('other attributes are other people’s', () => {
    expect(start('<p x-errors x-action-b ax-error x-text="1"></p>')).toEqual([])
  })
})

test('inside of one, also of one that is teleported or begins by x-init, it says nothing', async () => {
  mount(`<div x-data><p x-error></p><template x-teleport="body"><p id="far" x-toasts></p></template></div>
    <p x-data x-toasts></p><p x-init="1" x-error></p>`)
  await settled()

  expect(start('')).toEqual([])
})
