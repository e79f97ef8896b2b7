import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  actionOf,
  choose,
  cleanUp,
  find,
  mount,
  openApp,
  outcome,
  recordEvents,
  settled,
  startAlpine,
  submitNatively,
} from './app.js'

beforeAll(startAlpine)
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(cleanUp)

/** Parts of a multipart body, without their boundary. */
const parts = (body) => body.split(/--+WebKitFormBoundary\w+(?:--)?\r\n/).filter(Boolean)

const controls = `
  <input name="title" value="Milk &amp; 日本">
  <input type="checkbox" name="tag" value="a" checked><input type="checkbox" name="tag" value="b">
  <input type="checkbox" name="tag" value="c" checked>
  <input type="radio" name="size" value="s"><input type="radio" name="size" value="m" checked>
  <select name="color" multiple><option selected>red</option><option>green</option><option selected>blue</option></select>
  <textarea name="note">one\ntwo</textarea>
  <input name="off" value="x" disabled>
  <fieldset disabled><legend><input name="legend" value="kept"></legend><input name="nested" value="x"></fieldset>
  <input value="nameless"><input type="hidden" name="_charset_">
  <input type="button" name="plain" value="x"><button name="press" value="first">1</button>
  <input dirname="dir" name="said" value="x">`

describe('C06 serialised as the browser does', () => {
  test.each([
    ['urlencoded', 'method="post"', '', false],
    ['multipart', 'method="post" enctype="multipart/form-data"', '', false],
    [
      'multipart with files',
      'method="post" enctype="multipart/form-data"',
      '<input type="file" name="f">',
      true,
    ],
    [
      'multipart, no file chosen',
      'method="post" enctype="multipart/form-data"',
      '<input type="file" name="f">',
    ],
    ['urlencoded, no file chosen', 'method="post"', '<input type="file" name="f">', false],
    ['multipart by the submitter', 'method="post"', '', false, 'formenctype="multipart/form-data"'],
    ['a GET form, its query replaced', 'method="get" action="there?old=1"', '', false],
    ['a GET form with a file', 'method="get"', '<input type="file" name="f">', true],
  ])('%s', async (_, attributes, more, hasFile, onSubmitter = '') => {
    const app = await openApp()
    mount(`<div x-data id="caller"></div><form id="f" ${attributes}>${controls}${more}
      <button id="go" name="press" value="second" ${onSubmitter}></button></form>
      <input form="f" name="outside" value="too">`)
    if (hasFile) {
      choose('[type=file]', 'a.txt')
    }
    await submitNatively('#f', '#go')

    find('#f').addEventListener('submit', (event) => {
      event.preventDefault()
      actionOf()('save', {}, { form: '#f' })
    })
    find('#go').click()

    const [native, ours] = await app.arrived(2)
    expect([ours.method, ours.url, parts(ours.body)]).toEqual([native.method, native.url, parts(native.body)])
    expect(ours.headers['content-type']?.split(';')[0]).toBe(native.headers['content-type']?.split(';')[0])
  })

  test('files in a form that is urlencoded go as multipart', async () => {
    const app = await openApp()
    mount('<form id="f" method="post"><input type="file" name="f"></form>')
    choose('[type=file]', 'a.txt')
    await window.action('save', {}, { form: find('#f') })

    const [{ headers, body }] = await app.requests()
    expect(headers['content-type']).toMatch(/^multipart/)
    expect(body).toContain('text of a.txt')
  })

  test('before anything in it is disabled; a queued call sends what was there when it was made', async () => {
    const app = await openApp([{ hold: true }])
    mount('<form id="f" x-data><fieldset x-pending:disabled><input name="title" value="a"></fieldset></form>')
    const first = window.action('save', {}, { form: '#f', sync: 'queue' })
    const second = window.action('save', {}, { form: '#f', sync: 'queue' })
    find('[name=title]').value = 'b'
    await app.held(0)
    await app.release(0)
    await Promise.all([first, second])

    expect((await app.requests()).map(({ body }) => body)).toEqual(['title=a', 'title=a'])
  })
})

describe('the form option', () => {
  test.each(['#none', '##', 'body', null, undefined])(
    'C04 %s rejects with no_form; nothing is sent',
    async (form) => {
      const app = await openApp()
      const events = recordEvents()
      const error = await window.action('save', {}, { form }).catch((thrown) => thrown)

      expect([error.code, error.message]).toEqual(['no_form', 'This page has a fault. Please reload it.'])
      expect(await app.requests()).toEqual([])
      expect(events.map(({ name }) => name)).toEqual(['requestException'])
    },
  )

  test.each([
    ['its own', 'method="put" action="there?a=1"', '', 'PUT', 'there?a=1'],
    ['of a form without them', '', '', 'POST', '?page=2'],
    ['an empty action', 'action="" method="post"', '', 'POST', '?page=2'],
    ['the submitter’s', 'method="post" action="a"', 'formaction="b" formmethod="get"', 'GET', 'b?'],
    ['the submitter’s empty one', 'method="post" action="a"', 'formaction=""', 'POST', '?page=2'],
  ])('C05 method and URL: %s', async (_, attributes, onSubmitter, method, url) => {
    const app = await openApp([], '?page=2&action=old')
    mount(`<form id="f" ${attributes}><input name="action" value="x"><input name="method" value="y">
      <button ${onSubmitter}></button></form>`)
    let call
    find('#f').addEventListener('submit', (event) => {
      event.preventDefault()
      call = window.action('save', {}, { form: '#f' })
    })
    find('#f button').click()
    await call

    const [sent] = await app.requests()
    expect([sent.method, sent.url]).toEqual([
      method,
      app.home + url + (method === 'GET' ? 'action=x&method=y' : ''),
    ])
  })

  test('C07 C08 method and url of the call win', async () => {
    const app = await openApp()
    mount('<form id="f" method="get" action="a"><input name="q" value="1"></form>')
    await window.action('save', {}, { form: '#f', method: 'POST', url: 'b?q=2#hash' })

    const [{ method, url, body }] = await app.requests()
    expect([method, url, body]).toEqual(['POST', `${app.home}b?q=2`, 'q=1'])
  })

  test('D09 data travels as _data, its files in place of the fields of their names', async () => {
    const app = await openApp()
    mount(
      '<form id="f"><input name="title" value="a"><input name="f" value="x"><input name="_data" value="{}"></form>',
    )
    await window.action('save', { title: 'b' }, { form: '#f' })
    await window.action('save', { title: 'b', f: new File(['text'], 'a.txt') }, { form: '#f' })
    await window.action('save', { title: 'ü' }, { form: '#f', method: 'GET' })

    const [plain, upload, get] = await app.requests()
    expect([...new URLSearchParams(plain.body)]).toEqual([
      ['title', 'a'],
      ['f', 'x'],
      ['_data', '{"title":"b"}'],
    ])
    expect(parts(upload.body).map((part) => part.match(/name="(\w+)"/)[1])).toEqual(['title', '_data', 'f'])
    expect([get.headers['x-hyper-data'], get.url]).toEqual([
      '{"title":"\\u00fc"}',
      `${app.home}?title=a&f=x&_data=%7B%7D`,
    ])
  })

  test('C13 C15 block is the default; two buttons of a form share its lane', async () => {
    const app = await openApp([{ hold: true }])
    mount('<form id="f" x-data><i id="caller"></i><i id="other"></i></form>')
    const first = actionOf()('save', {}, { form: '#f' })

    expect(await actionOf('#other')('save', {}, { form: find('#f') })).toEqual(outcome({ blocked: true }))
    await app.held(0)
    await app.release(0)
    await first
    expect(await app.requests()).toHaveLength(1)
  })

  test('the hook sees the form and may add data', async () => {
    const app = await openApp()
    mount('<form id="f" method="post"><input name="a" value="1"></form>')
    const onBeforeSubmit = vi.fn(async ({ data }) => {
      await settled()
      data.b = 2
    })
    await window.action('save', {}, { form: '#f', onBeforeSubmit })

    expect(onBeforeSubmit.mock.calls[0][0].form).toBe(find('#f'))
    expect((await app.requests())[0].body).toBe('a=1&_data=%7B%22b%22%3A2%7D')
  })

  test('C28 its token goes by the header, after the caller’s and the fresh one, before the cookie', async () => {
    await cookieStore.set('csrftoken', 'from-cookie')
    const expired = { status: 403, body: '{"error":"Expired.","code":"csrf_failed","csrf_token":"fresh"}' }
    const app = await openApp([{}, {}, expired])
    mount(
      '<form id="f"><input type="hidden" name="csrfmiddlewaretoken" value="of-form"><input name="a" value="1"></form>',
    )
    await window.action('save', {}, { form: '#f' })
    await window.action('save', {}, { form: '#f', headers: { 'X-CSRFToken': 'mine' } })
    await window.action('save', {}, { form: '#f' })
    await window.action('save', {}, { form: '#f' })

    const requests = await app.requests()
    expect(requests.map(({ headers }) => headers['x-csrftoken'])).toEqual([
      'of-form',
      'mine',
      'of-form',
      'fresh',
      'fresh',
    ])
    expect(requests.map(({ body }) => body)).toEqual(Array(5).fill('a=1'))
  })
})
