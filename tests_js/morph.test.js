import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { choose, cleanUp, evaluate, find, mount, openApp, settled, startAlpine } from './app.js'

let Alpine

beforeAll(() => {
  Alpine = startAlpine()
})
afterEach(cleanUp)

/** @param {string} html */
const patch = (html, target = '#it') => Alpine.hyper.patch(html, { target })

/** Numbers from 0 up to 1 that are the same in each run. */
function seeded(seed) {
  return () => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed / 2147483648
  }
}

describe('the page becomes what the server says', () => {
  const texts = ['text', ' ', 'more &amp; text', '<!-- a comment -->']
  const attributes = [
    '',
    ' class="a b"',
    ' class="b"',
    ' title="é"',
    ' value="1"',
    ' checked',
    ' @click.x=""',
  ]
  const elements = [
    ...['p', 'div', 'ul', 'i', 'template'].map(
      (tag) => (start, inside) => `<${tag}${start}>${inside()}</${tag}>`,
    ),
    (start) => `<input${start}>`,
    (start) => `<select${start}><option>1</option><option selected>2</option></select>`,
    (start) => `<textarea${start}>${start.length}</textarea>`,
    (start) => `<script${start}></script>`,
    (start) => `<script${start}>window.hasRun = true</script>`,
  ]

  /** HTML that is as random as its numbers; each id is taken once. */
  function tree(random, depth, ids) {
    const pick = (list) => list[Math.floor(random() * list.length)]
    const part = () => {
      if (depth === 0 || random() < 0.3) {
        return pick(texts)
      }
      const id = random() < 0.6 && ids.splice(Math.floor(random() * ids.length), 1)[0]
      return pick(elements)((id ? ` id="${id}"` : '') + pick(attributes), () => tree(random, depth - 1, ids))
    }
    return Array.from({ length: Math.floor(random() * 6) }, part).join('')
  }

  const names = () => 'abcdefghijkl'.split('')

  test.each([
    ['without ids', () => []],
    ['with ids', names],
  ])('of 250 random pairs %s', (_, ids) => {
    const random = seeded(7)
    for (let round = 0; round < 250; round += 1) {
      const [before, after] = [tree(random, 4, ids()), tree(random, 4, ids())].map(
        (inside) => `<section id="it">${inside}</section>`,
      )
      const holder = mount(before)

      patch(after)

      expect(holder.innerHTML, `round ${round}: ${before} → ${after}`).toBe(mount(after).innerHTML)
      cleanUp()
    }
    expect(window.hasRun).toBeUndefined()
  })

  test.each([
    ['with moveBefore', true],
    ['without moveBefore', false],
  ])('of 100 random orders of keyed rows, moving as few as can be, %s', (_, hasMove) => {
    const random = seeded(3)
    const { moveBefore } = Element.prototype
    if (!hasMove) {
      delete Element.prototype.moveBefore
    }
    const rows = (ids) => `<ul id="it">${ids.map((id) => `<li id="r${id}">${id}</li>`).join('\n')}</ul>`
    for (let round = 0; round < 100; round += 1) {
      const ids = Array.from({ length: 20 }, (_, id) => id)
      const some = ids.filter(() => random() < 0.8).sort(() => random() - 0.5)
      const holder = mount(rows(ids))
      const before = new Map(ids.map((id) => [id, find(`#r${id}`)]))

      patch(rows(some))

      expect(holder.innerHTML).toBe(rows(some))
      expect(some.every((id) => find(`#r${id}`) === before.get(id))).toBe(true)
      cleanUp()
    }
    Element.prototype.moveBefore = moveBefore
  })
})

/** A table whose rows have a cell for what the test looks at. */
const table = (rows) =>
  `<table id="it"><tbody>${rows.map(([id, text, cell]) => `<tr id="${id}"><td>${text}</td><td>${cell}</td></tr>`).join('')}</tbody></table>`

/** What becomes of a table with a row for the test: its text changes, and its place. */
const PATCHES = [
  [
    'a changed row',
    (after) => [
      ['r1', 'new', after],
      ['r2', 'two', ''],
      ['r3', 'three', ''],
    ],
  ],
  [
    'a reordered table',
    (after) => [
      ['r2', 'two', ''],
      ['r3', 'three', ''],
      ['r1', 'one', after],
    ],
  ],
]

/**
 * Patch a table while something stands in its first row.
 *
 * @param {string} cell
 * @param {Function} rows
 * @param {() => unknown} act What the visitor does before.
 * @param {string} [after] The cell as the server writes it afterwards.
 */
async function patchAround(cell, rows, act, after = cell) {
  mount(
    `<div x-data="{count: 1, open: true, list: [1, 2]}">${table([
      ['r1', 'one', cell],
      ['r2', 'two', ''],
      ['r3', 'three', ''],
    ])}</div>`,
  )
  await settled()
  await act()
  patch(table(rows(after)))
  await settled()
}

/** @param {HTMLVideoElement} video */
async function play(video) {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  video.srcObject = canvas.captureStream()
  const draw = () => {
    context.fillRect(0, 0, 1, 1)
    if (video.isConnected) {
      requestAnimationFrame(draw)
    }
  }
  draw()
  await video.play()
}

describe.each(PATCHES)('%s keeps', (_, rows) => {
  const around = (cell, act, after) => patchAround(cell, rows, act, after)

  test('focus, caret and what was typed', async () => {
    await around('<input id="i" value="a">', () => {
      find('#i').focus()
      find('#i').value = 'typed'
      find('#i').setSelectionRange(2, 4, 'backward')
    })

    const { value, selectionStart, selectionEnd, selectionDirection } = find('#i')
    expect([document.activeElement, value, selectionStart, selectionEnd, selectionDirection]).toEqual([
      find('#i'),
      'typed',
      2,
      4,
      'backward',
    ])
  })

  test('what was typed, unless the server changes the value and nobody is typing', async () => {
    const write = () => {
      find('#i').value = 'typed'
      find('#t').value = 'typed'
    }
    const cell = (value) => `<input id="i" value="${value}"><textarea id="t">${value}</textarea>`
    const values = () => [find('#i').value, find('#t').value]

    await around(cell('a'), write, cell('a').replace('id="t"', 'id="t" class="x"'))
    const kept = values()
    cleanUp()
    await around(cell('a'), write, cell('b'))

    expect([kept, values()]).toEqual([
      ['typed', 'typed'],
      ['b', 'b'],
    ])
  })

  test('what is being typed, though the server changes the value', async () => {
    await around(
      '<input id="i" value="a">',
      () => {
        find('#i').focus()
        find('#i').value = 'abc'
      },
      '<input id="i" value="ab">',
    )

    expect([find('#i').value, find('#i').defaultValue]).toEqual(['abc', 'ab'])
  })

  test('what is being typed into an editable cell', async () => {
    await around('<div id="e" contenteditable>a</div>', () => {
      find('#e').focus()
      find('#e').textContent = 'abc'
    })

    expect([find('#e').textContent, document.activeElement]).toEqual(['abc', find('#e')])
  })

  test('what is checked, chosen and selected', async () => {
    const cell =
      '<input type="checkbox" id="c"><input type="radio" name="r" id="ra" checked><input type="radio" name="r" id="rb">' +
      '<select id="s"><option>1</option><option>2</option><option>3</option></select><input type="file" id="f">'
    await around(
      cell,
      () => {
        find('#c').checked = true
        find('#rb').checked = true
        find('#s').value = '2'
        choose('#f', 'a.txt')
      },
      cell.replace('<option>1', '<option>0</option><option>1').replace('id="f"', 'id="f" class="x"'),
    )

    const is = ['#c', '#ra', '#rb'].map((each) => find(each).checked)
    expect([...is, find('#s').value, find('#f').files[0].name, find('#f').className]).toEqual([
      true,
      false,
      true,
      '2',
      'a.txt',
      'x',
    ])
  })

  test('nothing of a choice that the server changes', async () => {
    const cell = (a, b) =>
      `<input type="checkbox" id="c" ${a}><select id="s"><option ${a}>1</option><option ${b}>2</option><option>3</option></select>`
    await around(
      cell('checked', ''),
      () => {
        find('#s').value = '3'
      },
      cell('', 'selected'),
    )

    expect([find('#c').checked, find('#s').value]).toEqual([false, '2'])
  })

  test('scroll positions', async () => {
    await around(
      '<div id="s" style="height: 20px; overflow: auto"><p style="height: 500px">long</p></div>',
      () => {
        find('#s').scrollTop = 77
      },
    )

    expect(find('#s').scrollTop).toBe(77)
  })

  test('a frame that is not loaded again and a film that plays on', async () => {
    await around('<iframe id="f" srcdoc="<p>frame</p>"></iframe><video id="v" muted></video>', async () => {
      await vi.waitFor(() => expect(find('#f').contentDocument.querySelector('p')).not.toBeNull())
      find('#f').contentWindow.mark = 'mine'
      await play(find('#v'))
    })

    expect([find('#f').contentWindow.mark, find('#v').paused]).toEqual(['mine', false])
  })

  test('what the visitor opened', async () => {
    const cell =
      '<details id="d"><summary>s</summary>a</details><dialog id="g">a</dialog><div popover id="p">a</div>'
    await around(
      cell,
      () => {
        find('#d').open = true
        find('#g').showModal()
        find('#p').showPopover()
      },
      cell.replaceAll('>a<', '>b<'),
    )

    expect([find('#d').open, find('#g').matches(':modal'), find('#p').matches(':popover-open')]).toEqual([
      true,
      true,
      true,
    ])
    expect(find('#p').textContent).toBe('b')
  })

  test('the state of a component and what its bindings wrote', async () => {
    const cell = `<div x-data="{n: 1}" id="c"><b x-text="n"></b>
      <em x-show="n === 1" style="color: red">shown</em>
      <a class="base" :class="{on: n === 2, base: n === 1}" :style="{top: n + 'px'}" :title="'t' + n" :id="'id' + n">a</a>
      <template x-for="each in n"><s x-text="each"></s></template><p>after</p>
      <template x-if="n === 2"><q>if</q></template>
      <input x-model="n"><textarea x-model="n"></textarea>
      <select id="m" x-model="n"><option>1</option><option>2</option></select></div>`
    let before
    await around(
      cell,
      async () => {
        evaluate('#c', 'n = 2')
        await vi.waitFor(() => expect(find('em').style.display).toBe('none'))
        before = find('#c').innerHTML
      },
      cell
        .replace('<p>after', '<p>later')
        .replace('color: red', 'color: blue')
        .replace('"base"', '"base more"'),
    )

    const after = find('#c')
    const more = before.replace('after', 'later').replace('class="on"', 'class="more on"')
    expect(after.innerHTML).toBe(more.replace('color: red; display: none', 'color: blue; display: none'))
    evaluate('#c', 'n = 1')
    await vi.waitFor(() => expect(find('em').style.display).toBe(''))
    expect([find('#c a').className, document.querySelectorAll('#c q, #c s').length]).toEqual(['more base', 1])
  })
})

describe.each(PATCHES)('%s keeps what a call in flight wrote', (_, rows) => {
  const form = (
    more = '',
  ) => `<form id="f" x-data x-action="save"><input name="title" aria-describedby="hint"${more}>
    <p id="e" x-error="title"></p><p id="g" x-error></p>
    <i id="hide" x-pending:hide></i><i id="show" x-pending:show hidden></i>
    <button id="b">Save</button><button id="d" type="button" x-pending:disabled${more}>x</button></form>`
  const marks = () =>
    ['#f', '#e', '#g', '#hide', '#show', '#b', '#d', '#f input'].map((selector) =>
      find(selector)
        .outerHTML.replace(/hyper0\.\d+/g, 'hyper')
        .replaceAll(' title="x"', ''),
    )

  test('pending', async () => {
    const app = await openApp([{ hold: true }])
    let during
    await patchAround(
      form(),
      rows,
      async () => {
        find('#b').click()
        await app.held(0)
        during = marks()
      },
      form(' title="x"'),
    )

    expect([marks(), find('#d').title]).toEqual([during, 'x'])
    expect(during[0]).toContain('data-hyper-pending')
    await app.release(0)
    await vi.waitFor(() =>
      expect(find('#f').outerHTML).not.toMatch(/data-hyper-pending|aria-busy|aria-disabled|pending" /),
    )
    expect([find('#d').disabled, find('#hide').hidden, find('#show').hidden]).toEqual([false, false, true])
  })

  test('errors', async () => {
    const errors = { title: ['Too short'], __all__: ['No'] }
    await openApp([{ status: 422, body: JSON.stringify({ error: 'No', code: 'invalid', errors }) }])
    let before
    await patchAround(
      form(),
      rows,
      async () => {
        find('#b').click()
        await vi.waitFor(() => expect(find('#f input').ariaInvalid).toBe('true'))
        before = marks()
      },
      form(' title="x"'),
    )

    expect(marks()).toEqual(before)
    expect([find('#e').textContent, find('#g').textContent, find('#f input').title]).toEqual([
      'Too short',
      'No',
      'x',
    ])
  })
})

test('`disabled` that the server writes during a call outlasts it', async () => {
  const app = await openApp([{ hold: true }])
  const form = (off) =>
    `<form id="it" x-data x-action="save"><button id="d" x-pending:disabled ${off}>x</button></form>`
  mount(form(''))
  find('#it').requestSubmit()
  await app.held(0)
  patch(form('disabled'))
  await app.release(0)
  await vi.waitFor(() => expect(find('#it').outerHTML).not.toContain('data-hyper-pending'))

  expect(find('#d').disabled).toBe(true)
})

describe('Alpine', () => {
  test('starts once what comes, and ends what goes', async () => {
    const log = []
    window.log = (word) => log.push(word)
    window.Alpine.data('logged', (name) => ({
      name,
      init() {
        log.push(`+${name}`)
      },
      destroy() {
        log.push(`-${name}`)
      },
    }))
    const item = (name) => `<li id="${name}"><b x-data="logged('${name}')" x-text="name"></b></li>`
    mount(`<ul id="it" x-data>${item('a')}${item('b')}</ul>`)

    patch(`<ul id="it" x-data>${item('c')}${item('b')}${item('d')}</ul>`)
    await settled()

    expect(log).toEqual(['+a', '+b', '-a', '+c', '+d'])
    expect(find('#it').innerText).toMatch(/^c\s*b\s*d$/)
  })

  test('follows directives that the server changes, but keeps the data', async () => {
    const it = (data, text, click) =>
      `<div id="it" x-data="${data}"><b x-text="${text}" x-cloak></b><button @click="${click}">+</button></div>`
    mount(it('{n: 1}', 'n', 'n = n + 1'))
    find('button').click()

    patch(it('{n: 100}', 'n * 2', 'n = n + 10'))
    await settled()
    find('button').click()
    await settled()

    expect([find('b').textContent, find('b').hasAttribute('x-cloak')]).toEqual(['24', false])
  })

  test('a template that the server changes changes what was made from it', async () => {
    const it = (
      word,
    ) => `<div id="it" x-data="{list: [1, 2]}"><template x-for="n in list"><p x-data="{m: 0}"><i x-text="m"></i>${word}</p></template>
      <template x-if="list.length > 1"><q>${word}</q></template><template x-teleport="body"><s>${word}</s></template><u>end</u></div>`
    mount(it('old'))
    await settled()
    evaluate('#it p', 'm = 7')
    await settled()
    patch(it('new'))
    evaluate('#it', 'list.push(3)')
    await settled()

    expect([...document.querySelectorAll('#it > p, q, s')].map((each) => each.textContent)).toEqual([
      '7new',
      '0new',
      '0new',
      'new',
      'new',
    ])
  })

  test('a template takes along what was made from it, and what was teleported stays', async () => {
    const made = (id) => `<template id="${id}" x-for="n in 2"><p x-text="'${id}' + n"></p></template>`
    const far = '<div id="far"></div><template x-teleport="#far"><s>far</s></template>'
    mount(`<div x-data><div id="it">${far}${made('a')}${made('b')}</div></div>`)
    await settled()
    patch(`<div id="it">${far}${made('b')}${made('a')}</div>`)
    await settled()
    const moved = find('#it').textContent
    patch(`<div id="it">${far}${made('b')}</div>`)
    await settled()

    expect([moved, find('#it').textContent]).toEqual(['farb1b2a1a2', 'farb1b2'])
  })

  test('goes on observing after a patch that failed', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect(() =>
      Alpine.hyper.patch('<p></p>', { target: document.documentElement, swap: 'before' }),
    ).toThrow()
    const holder = mount('<div x-data="{n: 5}"></div>')
    holder.firstChild.innerHTML = '<b x-text="n"></b>'
    await settled()

    expect(holder.textContent).toBe('5')
  })
})

test('what is in x-ignore is left alone', () => {
  mount('<div x-data id="it"><div x-ignore><b>map</b></div><p>a</p></div>')
  patch('<div x-data id="it"><div x-ignore></div><p>b</p></div>')

  expect(find('#it').textContent).toBe('mapb')
})

test('what x-html wrote is left alone', () => {
  const holder = document.createElement('div')
  holder.innerHTML = '<p id="it"><b x-html="markup"><i>written</i></b></p>'
  Alpine.mutateDom(() => document.body.append(holder)) // not started: Alpine's CSP build has no x-html
  patch('<p id="it" class="x"><b x-html="markup">first</b></p>')

  expect(find('#it.x').textContent).toBe('written')
})

test('x-toasts keeps its toasts and takes those that the server wrote', async () => {
  const it = (toasts) => `<div x-data id="it"><section x-toasts class="t">${toasts}</section></div>`
  mount(it('<p class="info">first</p>'))
  await vi.waitFor(() => find('#it button'))
  patch(it(''))
  const kept = find('#it').innerText
  patch(it('<p class="error">second</p>'))

  expect(kept).toMatch(/^first/)
  expect(
    [...document.querySelectorAll('.hyper-toast')].map(({ className, role, firstChild }) => [
      className,
      role,
      firstChild.textContent,
    ]),
  ).toEqual([
    ['info hyper-toast', null, 'first'],
    ['error hyper-toast', 'alert', 'second'],
  ])
  find('#it button').click()
  expect(document.querySelectorAll('.hyper-toast').length).toBe(1)
})

test('x-error takes the text that the server wrote', () => {
  const it = (text) =>
    `<form x-data id="it" x-action="save"><input name="a"><p x-error="a">${text}</p></form>`
  mount(it(''))
  patch(it('Too short'))

  expect([find('#it p').textContent, find('#it p').hidden]).toEqual(['Too short', false])
})

test.each([
  [
    'a form whose controls are named like properties',
    '<input name="id"><input name="attributes"><input name="children">',
  ],
  ['drawings', '<svg viewBox="0 0 1 1"><use xlink:href="#a"></use></svg>'],
])('%s are patched', (_, inside) => {
  const holder = mount('<form id="it" class="a"><svg><use></use></svg><input name="x"></form>')
  patch(`<form id="it" class="b" @x.y="">${inside}</form>`)

  expect(holder.innerHTML).toBe(`<form id="it" class="b" @x.y="">${inside}</form>`)
  expect(find('#it').querySelector('use')?.href.baseVal ?? '#a').toBe('#a')
})

test('values that nobody types are attributes alone', () => {
  const holder = mount('<p id="it"><input type="checkbox" value="1"><input type="file" value="a"></p>')
  const after = '<p id="it"><input type="checkbox"><input type="file" value="b"></p>'
  patch(after)

  expect(holder.innerHTML).toBe(after)
})

test('a transition goes on', async () => {
  const it = (more) =>
    `<div id="it" x-data="{open: false}"><p x-show="open" x-transition:enter="slow" class="${more}" style="transition: opacity 60s"></p></div>`
  mount(it('a'))
  evaluate('#it', 'open = true')
  await vi.waitFor(() => find('.slow'))
  patch(it('b'))

  expect(find('#it p').className).toBe('a slow')
})

test('what x-model shows stays, whatever the server says of the control', async () => {
  const it = (value, checked, chosen) => `<div id="it" x-data="{text: 'mine', yes: true, some: '3'}">
    <input id="i" x-model="text" value="${value}"><textarea id="t" x-model="text">${value}</textarea>
    <input id="c" type="checkbox" x-model="yes" ${checked}>
    <select id="s" x-model="some"><option ${chosen}>1</option><option>2</option><option>3</option></select></div>`
  mount(it('a', 'checked', ''))
  await settled()
  patch(it('b', '', 'selected'))

  expect([find('#i').value, find('#t').value, find('#c').checked, find('#s').value]).toEqual([
    'mine',
    'mine',
    true,
    '3',
  ])
})

describe('rows without ids keep what is in them', () => {
  test.each([
    ['when one comes in front', ['x', 'a', 'b']],
    ['when one goes', ['b']],
  ])('%s', (_, after) => {
    const list = (names) => `<ul id="it">${names.map((name) => `<li>${name}<input></li>`).join('')}</ul>`
    mount(list(['a', 'b']))
    find('li:last-child input').value = 'mine'
    patch(list(after))

    expect(find('li:last-child input').value).toBe('mine')
  })

  test('when only an element inside has an id', () => {
    const list = (names) =>
      `<ul id="it">${names.map((name) => `<li><input id="${name}"></li>`).join('')}</ul>`
    mount(list(['a', 'b', 'c']))
    find('#c').value = 'mine'
    find('#c').focus()
    patch(list(['c', 'a', 'b']))

    expect([find('li input').value, document.activeElement?.id]).toEqual(['mine', 'c'])
  })
})

test('C30 a row moves, and nobody is scrolled away from where they read', async () => {
  const list = (ids) =>
    `<div id="it" style="height: 100px; overflow: auto">${ids
      .map((id) => `<p id="p${id}" style="height: 50px"><input id="i${id}"></p>`)
      .join('')}</div>`
  const ids = Array.from({ length: 50 }, (_, index) => index)
  mount(list(ids))
  find('#i3').focus()
  find('#it').scrollTop = 1500
  patch(list([...ids.slice(0, 3), ...ids.slice(4, 9), 3, ...ids.slice(9)]))

  expect([document.activeElement?.id, find('#it').scrollTop]).toEqual(['i3', 1500])
})

test('C30 a row moves, and the text that is selected in it stays selected', () => {
  const list = (ids) => `<ul id="it">${ids.map((id) => `<li id="${id}">row ${id}</li>`).join('')}</ul>`
  mount(list(['a', 'b', 'c', 'd']))
  getSelection()?.selectAllChildren(find('#a'))
  patch(list(['b', 'c', 'a', 'd']))

  expect(`${getSelection()}`).toBe('row a')
})

test('without moveBefore the focus and a frame stay where they are', async () => {
  const { moveBefore } = Element.prototype
  delete Element.prototype.moveBefore
  const list = (ids, text) =>
    `<ul id="it">${ids.map((id) => `<li id="${id}">${text}<input id="i${id}">${id === 'c' ? '<iframe srcdoc="a"></iframe>' : ''}</li>`).join('')}</ul>`
  mount(list(['a', 'b', 'c', 'd', 'e'], 'old'))
  await vi.waitFor(() => expect(find('iframe').contentDocument.body.textContent).toBe('a'))
  find('iframe').contentWindow.mark = 'mine'
  find('#ic').focus()
  patch(list(['c', 'a', 'b', 'd', 'e'], 'new'))
  Element.prototype.moveBefore = moveBefore

  expect([document.activeElement?.id, find('iframe').contentWindow.mark]).toEqual(['ic', 'mine'])
})
