import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { actionAt, cleanUp, mount, openApp, recordEvents, settled, startAlpine } from '../app.js'

/** @type {ReturnType<typeof startAlpine>} */
let Alpine

beforeAll(() => {
  Alpine = startAlpine()
}, 60_000)
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
}, 60_000)
afterEach(cleanUp)

const faults = 200
const json = (status, body) => ({ status, body: JSON.stringify(body) })
const answers = [
  ...Array(4).fill(json(200, { result: 1 })),
  json(422, { error: 'No', code: 'invalid', errors: { title: ['Bad.'], lost: ['Lost.'] } }),
  json(422, { error: 'No', code: 'invalid', errors: { __all__: ['No'] } }),
  json(500, { error: 'x', code: 'server_error' }),
  json(403, { error: 'x', code: 'csrf_failed', csrf_token: 'fresh' }),
  { status: 502, headers: { 'Content-Type': 'text/html' }, body: 'x' },
  { status: 302, headers: { Location: '/' } },
  { drop: 'before' },
  { drop: 'inside', headers: { 'Content-Length': '99' } },
  json(200, { result: 1, items: [{ event: 'nope' }, null] }),
]
const hooks = [
  undefined,
  () => false,
  async () => settled(),
  () => {
    throw new RangeError('boom')
  },
  () => Promise.reject(new RangeError('boom')),
]
const policies = ['replace', 'block', 'none', 'queue']
const endings = ['requestSuccess', 'requestError', 'requestException', 'requestAborted', 'requestBlocked']

/** Numbers that are the same in each run. */
function* randomNumbers(seed) {
  let value = seed
  while (true) {
    value = (value * 1_103_515_245 + 12_345) % 2 ** 31
    yield value / 2 ** 31
  }
}

function mountForm(policy, method) {
  const { firstElementChild } = mount(`<form x-data x-action.${policy}="save" method="${method}">
    <input name="title"><p x-error="title"></p><p x-error></p>
    <i class="hide" x-pending:hide></i><i class="show" x-pending:show></i>
    <fieldset x-pending:disabled><input name="note"></fieldset>
    <input class="author" name="off" disabled x-pending:disabled><button></button></form>`)
  return firstElementChild
}

/** What happens to a form while its call is in flight. */
const disturbances = {
  nothing: () => {},
  later: () => settled(),
  ended: () =>
    vi.waitFor(() => expect(Alpine.store('hyper').calls).toBe(0), { interval: 5, timeout: 10_000 }),
  abort: (form) => Alpine.evaluate(form, '$actions.save.abort()'),
  reset: (form) => HTMLFormElement.prototype.reset.call(form),
  forget: (form) => Alpine.evaluate(form, '$actions.save.reset()'),
  again: (form) => form.requestSubmit(form.querySelector('button')),
  remove: (form) => form.remove(),
  back: () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
}

function marksOf(form) {
  const all = '[disabled], [aria-busy], [aria-disabled], [data-hyper-pending], [hidden]:not([x-error])'
  return [form, ...form.querySelectorAll('*')]
    .filter((each) => each.matches(all))
    .map(({ className }) => className)
}

test(`C26 ${faults} random faults of forms leave no mark, and every call settles once`, async () => {
  const random = randomNumbers(11)
  const disturbed = [...Object.keys(disturbances), 'ended', 'ended']
  const pick = (list) => list[Math.floor(random.next().value * list.length)]
  await openApp(Array.from({ length: 3 * faults }, () => pick(answers)))
  const events = recordEvents()
  const newForm = () => mountForm(pick(policies), pick(['get', 'post']))
  const forms = Array.from({ length: 8 }, newForm)
  let started = 0
  let settlements = 0
  document.body.addEventListener('submit', () => {
    started += 1
  })

  const act = {
    submit: (form) => form.requestSubmit(form.querySelector('button')),
    call: (form) => {
      const controller = new AbortController()
      const options = {
        form,
        sync: pick(policies),
        timeout: pick([5, 60_000]),
        onBeforeSubmit: pick(hooks),
        signal: controller.signal,
      }
      pick([() => {}, () => setTimeout(() => controller.abort(), 5)])()
      started += 1
      const call = actionAt(form)('save', {}, options)
      call.then(
        () => {
          settlements += 1
        },
        () => {
          settlements += 1
        },
      )
      calls.push(call)
    },
  }
  const calls = []
  for (let n = 0; n < faults; n += 1) {
    const index = Math.floor(random.next().value * forms.length)
    const form = forms[index]
    act[pick(['submit', 'call'])](form)
    await disturbances[pick(disturbed)](form)
    if (!form.isConnected) {
      forms[index] = newForm()
    }
  }
  await Promise.allSettled(calls)
  const count = (...names) => events.filter(({ name }) => names.includes(name)).length
  await vi.waitFor(() => expect(count(...endings)).toBe(started), { timeout: 10_000 })
  await settled()
  await settled()

  expect(started).toBeGreaterThan(faults)
  expect([settlements, count('beforeRequest')]).toEqual([calls.length, count('afterRequest')])
  expect(endings.map((name) => count(name) > 0)).toEqual([true, true, true, true, true])
  expect(forms.map(marksOf)).toEqual(forms.map(() => ['show', 'author']))
  expect(Alpine.store('hyper')).toMatchObject({ calls: 0, pending: false })
}, 60_000)
