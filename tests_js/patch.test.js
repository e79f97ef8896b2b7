import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { actionOf, cleanUp, evaluate, find, mount, openApp, outcome, settled, startAlpine } from './app.js'

let Alpine

beforeAll(() => {
  Alpine = startAlpine()
})
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(cleanUp)

const answer = (...items) => ({ body: JSON.stringify({ result: null, items }) })
const html = (content, target = null, swap = 'morph') => ({
  event: 'patch_html',
  data: { content, target, swap },
})
const refresh = (content, ...selectors) => ({ event: 'refresh', data: { content, selectors } })
const toast = { event: 'toast', data: { message: 'Done', level: 'success', tags: '' } }
const done = outcome({ ok: true, status: 200 })

describe('swaps', () => {
  test.each([
    ['morph', '<p id="it"><b>new</b></p>'],
    ['inner', '<p id="it" x-data="{n: 1}"><p id="it"><b>new</b></p></p>'],
    ['outer', '<p id="it"><b>new</b></p>'],
    ['before', '<p id="it"><b>new</b></p><p id="it" x-data="{n: 1}"><i>old</i></p>'],
    ['after', '<p id="it" x-data="{n: 1}"><i>old</i></p><p id="it"><b>new</b></p>'],
    ['prepend', '<p id="it" x-data="{n: 1}"><p id="it"><b>new</b></p><i>old</i></p>'],
    ['append', '<p id="it" x-data="{n: 1}"><i>old</i><p id="it"><b>new</b></p></p>'],
    ['delete', ''],
    ['none', '<p id="it" x-data="{n: 1}"><i>old</i></p>'],
  ])('%s', async (swap, expected) => {
    const holder = mount('<p id="it" x-data="{n: 1}"><i>old</i></p>')
    await openApp([answer(html('<p id="it"><b>new</b></p>', '#it', swap))])

    expect(await window.action('save')).toEqual(done)
    expect(holder.innerHTML).toBe(expected)
  })

  test('a row is put into a table', () => {
    const holder = mount('<table><tbody id="it"><tr><td>1</td></tr></tbody></table>')
    Alpine.hyper.patch('<tr><td>2</td></tr>', { target: '#it', swap: 'append' })

    expect(holder.textContent).toBe('12')
  })

  test('further elements of a morph follow the first one, which may be another kind', () => {
    const holder = mount('<p id="it">a</p><u>z</u>')
    Alpine.hyper.patch(' <div id="it">b</div> <i>c</i> text <s>d</s>', { target: find('#it') })

    expect(holder.innerHTML).toBe('<div id="it">b</div><i>c</i><s>d</s><u>z</u>')
  })

  test.each([
    ['a target that matches nothing', '<p></p>', { target: '#none' }],
    ['a target that is no selector', '<p></p>', { target: '..' }],
    ['no target', '<p></p>', undefined],
    ['a swap of no name', '<p></p>', { target: '#it', swap: 'constructor' }],
    ['a morph without an element', 'text', { target: '#it' }],
  ])('%s is told and skipped', (_, content, options) => {
    const holder = mount('<p id="it">a</p>')
    Alpine.hyper.patch(content, options)

    expect(holder.innerHTML).toBe('<p id="it">a</p>')
    expect(console.warn).toHaveBeenCalledOnce()
  })

  test.each(['morph', 'inner', 'outer', 'before', 'after', 'prepend', 'append'])(
    'by %s elements of Alpine start once and end, and what they leave is freed',
    async (swap) => {
      window.Alpine.data('counted', () => ({
        init() {
          started += 1
        },
        destroy() {
          started -= 1
        },
      }))
      let started = 0
      const holder = mount('<div><p id="it"></p></div>')
      Alpine.hyper.patch('<p id="it"><b x-data="counted" x-text="1 + 1"></b></p>', { target: '#it', swap })
      await settled()
      const text = holder.textContent
      const during = started
      Alpine.hyper.patch('', { target: holder.firstChild, swap: 'inner' })
      await settled()

      expect([text, during, started]).toEqual(['2', 1, 0])
    },
  )
})

describe('F11 scripts in HTML do not run', () => {
  const script = '<script>window.hasRun = 1</script><svg><script>window.hasRun = 2</script></svg>'

  test.each(['morph', 'inner', 'outer', 'before', 'after', 'prepend', 'append'])('by %s', async (swap) => {
    mount('<div><p id="it"></p></div>')
    Alpine.hyper.patch(`<p id="it">${script}</p>${script}`, { target: '#it', swap })
    await settled()

    expect(window.hasRun).toBeUndefined()
  })

  test('nor those that were empty, nor in a refresh', async () => {
    const empty = '<div id="it"><script></script><script type="x"></script><svg><script></script></svg></div>'
    // As a page brings them: what `innerHTML` brings never runs.
    const bring = () => {
      for (const script of mount(empty).querySelectorAll('script')) {
        const live = document.createElementNS(script.namespaceURI, 'script')
        live.setAttribute('type', script.getAttribute('type') ?? '')
        script.replaceWith(live)
      }
    }
    const filled = empty.replaceAll('></script>', '>window.hasRun = 3</script>').replace(' type="x"', '')
    bring()
    Alpine.hyper.patch(filled, { target: '#it' })
    find('#it').remove()
    bring()
    await openApp([
      answer(refresh(`<body>${filled}</body>`, '#it')),
      answer(refresh(`<body>${filled}${script}</body>`)),
    ])
    await window.action('save')
    await window.action('save')
    await settled()

    expect(window.hasRun).toBeUndefined()
    expect(document.querySelectorAll('script').length).toBeGreaterThan(0)
  })
})

describe('refresh', () => {
  const page = (inside) =>
    `<!doctype html><html><head><title>New title</title></head><body class="new">${inside}</body></html>`

  test('morphs the named elements, and no others', async () => {
    const holder = mount('<ul id="a"><li>1</li></ul><p id="b">old</p><i id="c">old</i>')
    const list = find('#a')
    await openApp([
      answer(
        refresh(page('<i id="c">new</i><p id="b">new</p><ul id="a"><li>1</li><li>2</li></ul>'), '#a', '#b'),
      ),
    ])

    expect(await window.action('save')).toEqual(done)
    expect(holder.innerHTML).toBe('<ul id="a"><li>1</li><li>2</li></ul><p id="b">new</p><i id="c">old</i>')
    expect(find('#a')).toBe(list)
  })

  test('without names morphs the body, and takes the title; toasts and noscript stay', async () => {
    mount(
      '<div x-data><section x-toasts></section><template x-teleport="body"><s>far</s></template></div><noscript>a</noscript>',
    )
    await settled()
    dispatchEvent(new CustomEvent('hyper:toast', { detail: { value: { message: 'kept', level: 'info' } } }))
    const noscript = find('noscript')
    const body =
      '<div><div x-data><section x-toasts></section><template x-teleport="body"><s>far</s></template></div><noscript><img src="/x"></noscript></div><p>more</p>'
    await openApp([answer(refresh(page(body)), toast)])

    expect(await window.action('save')).toEqual(done)
    expect([document.title, document.body.className]).toEqual(['New title', 'new'])
    expect(
      [...document.querySelectorAll('.hyper-toast')].map(({ firstChild }) => firstChild.textContent),
    ).toEqual(['kept', 'Done'])
    expect([find('s').textContent, find('noscript'), noscript.innerHTML]).toEqual(['far', noscript, 'a'])
    document.body.className = ''
  })

  test.each([
    ['this page', '#b', '#a'],
    ['the new page', '#a', '#b'],
  ])('an element that %s lacks is told and skipped', async (_, missing, present) => {
    const holder = mount('<p id="a">old</p>')
    await openApp([answer(refresh(page('<p id="b">new</p>'), missing), toast)])

    expect(await window.action('save')).toEqual(done)
    expect(holder.innerHTML).toBe('<p id="a">old</p>')
    expect(console.warn).toHaveBeenCalledOnce()
    expect(present).not.toBe(missing)
  })
})

describe('an answer of HTML', () => {
  const text = (body, more) => ({ headers: { 'Content-Type': 'text/html; charset=utf-8' }, body, ...more })

  test('C30 is put into the target of the call, and is its result', async () => {
    mount('<div x-data id="caller"><p id="it">old</p></div>')
    const result = '<p id="it">new<header></header></p>'
    await openApp([text(result), text(result)])

    expect(await actionOf()('save', {}, { target: '#it' })).toEqual(
      outcome({ ok: true, status: 200, result }),
    )
    expect(find('#it').textContent).toBe('new')
    const file = new File(['a'], 'a.txt')
    expect(await actionOf()('save', { file }, { target: '#it' })).toEqual(
      outcome({ ok: true, status: 200, result }),
    )
    expect(console.warn).not.toHaveBeenCalled()
  })

  test.each([
    ['a whole page', text('<!DOCTYPE html><p id="it">login</p>'), '#it'],
    ['an html element', text('<html lang="en"><p id="it">login</p>'), '#it'],
    ['a body', text('<body><p id="it">login</p>'), '#it'],
    ['another status', text('<p id="it">no</p>', { status: 201 }), '#it'],
    ['an error of a proxy', text('<p id="it">no</p>', { status: 502 }), '#it'],
    ['plain text', text('<p id="it">no</p>', { headers: { 'Content-Type': 'text/plain' } }), '#it'],
    ['no target', text('<p id="it">no</p>'), undefined],
  ])('C30 is not put into the page: %s', async (_, script, target) => {
    mount('<div x-data id="caller"><p id="it">old</p></div>')
    await openApp([script])

    expect((await actionOf()('save', {}, { target })).code).toBe('unexpected_answer')
    expect(find('#it').textContent).toBe('old')
  })

  test('HTML without a target of its own goes to that of the call', async () => {
    mount('<div x-data id="caller"><p id="it">old</p></div>')
    await openApp([answer(html('<p id="it">new</p>')), answer(html('<p id="it">newer</p>'))])

    expect(await actionOf()('save', {}, { target: '#it' })).toEqual(done)
    expect(await actionOf()('save')).toEqual(done)
    expect([find('#it').textContent, console.warn.mock.calls.length]).toEqual(['new', 1])
  })
})

describe('what a patch does to its call', () => {
  test.each([['GET'], ['POST']])(
    'C27 a %s goes on after the patch that removed its source',
    async (method) => {
      const toasts = []
      const listen = ({ detail }) => toasts.push(detail.value.message)
      addEventListener('hyper:toast', listen)
      mount('<div x-data id="outer"><div id="list"><p x-data id="caller"></p></div></div>')
      await openApp([answer(html('<div id="list"></div>', '#list'), toast)])

      expect(await actionOf()('save', {}, { method })).toEqual(done)
      removeEventListener('hyper:toast', listen)
      expect([find('#list').innerHTML, toasts]).toEqual(['', ['Done']])
      expect(evaluate('#outer', '$actions.save.pending')).toBe(false)
    },
  )

  const signals = { event: 'patch_signals', data: { signals: { n: 7 }, store: {} } }
  const row = (id, n) => `<p ${id} x-data="{n: ${n}}"><b></b></p>`

  test.each([
    ['in its place', '<i></i>', row('', 1), '<i></i>', row('', 2), '#it p'],
    ['of its id', '', row('id="r"', 1), row('id="s"', 3), row('id="r"', 2), '#r'],
  ])(
    'the component that replaces that of the caller %s gets the later signals',
    async (_, a, before, b, after, heir) => {
      mount(`<div x-data="{m: 0}"><div id="it">${a}${before}</div></div>`)
      find('#it b').id = 'caller'
      await openApp([answer(html(`<div id="it">${b}${after}</div>`, '#it', 'outer'), signals)])

      expect(await actionOf()('save')).toEqual(done)
      expect(evaluate(heir, 'n')).toBe(7)
      expect(console.warn).not.toHaveBeenCalled()
    },
  )

  test.each([
    ['with an id', (name, n) => row(`id="${name}"`, n), '#b'],
    ['without', (name, n) => row('', n).replace('</p>', `<i id="${name}"></i></p>`), '#b'],
  ])(
    'the neighbour of a component that was removed does not get its signals, %s',
    async (_, rowOf, other) => {
      mount(`<div x-data="{m: 0}" id="outer"><div id="it">${rowOf('a', 1)}${rowOf('b', 2)}</div></div>`)
      find('#it b').id = 'caller'
      await openApp([answer(html(`<div id="it">${rowOf('b', 2)}</div>`, '#it'), signals)])
      const component = find('#b').closest('p')

      expect(await actionOf()('save')).toEqual(done)
      expect(find(other).closest('p')).toBe(component)
      expect([evaluate(other, 'n'), evaluate('#outer', 'n')]).toEqual([2, 7])
    },
  )
})

test('1,000 mounts leave nothing', async () => {
  await openApp()
  mount('<div x-data id="outer"><div id="it"></div></div>')
  /** @type {WeakRef<Element>[]} */
  const refs = []
  const form = (n) =>
    `<div id="it"><form x-data="{n: ${n}}" id="f${n}" x-action="save"><input name="a" x-model="n"><p x-error="a"></p>
    <b x-text="$actions.save.pending"></b><i x-pending:show></i><template x-for="m in 2"><s x-text="m"></s></template></form></div>`
  for (let n = 0; n < 1000; n += 1) {
    Alpine.hyper.patch(form(n), { target: '#it', swap: n % 2 ? 'morph' : 'outer' })
    refs.push(new WeakRef(find('form')))
    await null
  }
  await vi.waitFor(
    () => {
      globalThis.gc()
      expect(refs.filter((ref) => ref.deref()).length).toBeLessThan(60)
    },
    { timeout: 5000 },
  )
}, 60_000)
