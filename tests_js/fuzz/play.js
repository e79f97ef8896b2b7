/** Makes real calls on a real page, and says what the page then shows. */
import { actionAt, evaluate, find, mount, recordEvents } from '../app.js'
import { ANSWERS, openEdge, openStream } from './edge.js'
import { idle, Model } from './model.js'

let lastPlay = 0

const markup = `<div x-data id="outer">
  <div x-data id="inner"><button id="caller"></button></div>
  <form x-data id="form" method="post">
    <button x-pending:disabled></button><button disabled x-pending:disabled></button>
    <b x-pending:hide></b><b x-pending:show hidden></b>
  </form>
</div>`

/** Until all that waits for nothing else is done; the page's own timers do not run. */
export const turn = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => resolve(port1.close())
    port2.postMessage(0)
  })

export class Play {
  model = new Model()
  edge = openEdge()
  events = recordEvents()
  listening = new AbortController()
  /** @type {any[]} */
  calls = []
  /** @type {Map<number, ReturnType<typeof openStream>>} */
  streams = new Map()

  constructor() {
    lastPlay += 1
    this.keys = { a: `a ${lastPlay}`, b: `b ${lastPlay}` }
    mount(markup)
    this.lanes = Object.values(this.keys).map((key) => this.lane(key)) // one that nobody reads may be forgotten
    this.sources = { caller: actionAt(find('#caller')), form: actionAt(find('#form')) }
    this.inner = find('#inner')
    this.reads = { inner: this.inner, outer: find('#outer'), form: find('#form') }
  }

  /** @param {import('./model.js').Plan} plan */
  call(plan) {
    const id = this.calls.length
    const call = { outcome: null, endings: 0, aborter: new AbortController() }
    this.calls.push(call)
    const end = (outcome) => {
      call.outcome = outcome
      call.endings += 1
    }
    this.sources[plan.source]('save', { id }, this.optionsOf(plan, call)).then(
      (outcome) => end(nameOf(outcome)),
      ({ code }) => end(`rejected ${code}`),
    )
    this.model.call({ ...plan, id, key: this.keys[plan.key] })
  }

  optionsOf({ source, key, sync, isGet, throws, hook }, { aborter }) {
    return {
      ...(source === 'form' ? { form: find('#form') } : {}),
      ...(isGet ? { method: 'GET' } : {}),
      key: this.keys[key],
      sync,
      throw: throws,
      retry: 0,
      signal: aborter.signal,
      onBeforeSubmit: HOOKS[hook],
    }
  }

  /** @param {{ which: number, how: string }} command */
  answer({ which, how }) {
    const [id, exchange] = chosen([...this.edge], which) ?? []
    if (!exchange) {
      return
    }
    const call = this.model.calls[id]
    if (how === 'network') {
      exchange.lose()
      this.model.finish(call, how)
    } else if (how === 'stream') {
      this.streams.set(id, openStream())
      exchange.answer(this.streams.get(id).response)
      this.model.follow(call)
    } else {
      exchange.answer(ANSWERS[how](id))
      this.model.finish(call, how)
    }
  }

  /** @param {{ which: number, how: string }} command */
  stream({ which, how }) {
    const running = [...this.streams].filter(([id]) => this.model.calls[id].state === 'running')
    const [id, stream] = chosen(running, which) ?? []
    if (!stream) {
      return
    }
    const call = this.model.calls[id]
    if (how === 'say') {
      stream.say('x')
      this.model.hear(call, 'x')
    } else {
      this.streams.delete(id)
      const [act, ending] = { end: ['end', 'ok'], fail: ['fail', 'refused'], cut: ['cut', 'disconnected'] }[
        how
      ]
      stream[act](id)
      this.model.finish(call, ending)
    }
  }

  /** @param {{ which: number, how: string }} command */
  abort({ which, how }) {
    const { model } = this
    const key = chosen(Object.values(this.keys), which)
    if (how === 'signal') {
      const call = chosen(model.open, which)
      this.calls[call?.id]?.aborter.abort()
      model.abortAll(call ? [call] : [])
    } else if (how === 'lane') {
      model.abortAll(model.open.filter((call) => call.key === key))
      this.lane(key).abort()
    } else if (how === 'action') {
      model.abortAll(model.open.filter((call) => call.places.includes('outer')))
      evaluate('#outer', '$actions.save').abort()
    } else {
      model.abortAll(model.open)
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    }
  }

  /**
   * Abort in the middle of an answer: so many steps after the next event of a stream.
   *
   * @param {{ which: number, how: string, wait: number }} command
   */
  ambush({ wait, ...command }) {
    const spring = async () => {
      for (let left = wait; left > 0; left -= 1) {
        await null
      }
      this.abort(command)
    }
    addEventListener('hyper:streamEvent', spring, { once: true, signal: this.listening.signal })
  }

  /** @param {{ place: string }} command */
  reset({ place }) {
    this.model.reset(this.keys[place] ?? place)
    const state = this.keys[place] ? this.lane(this.keys[place]) : evaluate(`#${place}`, '$actions.save')
    state.reset()
  }

  remove() {
    this.model.remove()
    this.inner.remove()
  }

  lane(key) {
    return evaluate('#outer', `$lane('${key}')`)
  }

  /** What the page shows, and what it should. */
  seen() {
    const places = ['outer', 'form', ...Object.values(this.keys)]
    const cells = places.map((place) =>
      pick(place in this.reads ? evaluate(`#${place}`, '$actions.save') : this.lane(place)),
    )
    return {
      outcomes: this.calls.map(({ outcome }) => outcome),
      endings: this.calls.map(({ endings }) => endings),
      wire: [...this.edge.keys()].sort(),
      cells: Object.fromEntries(places.map((place, index) => [place, cells[index]])),
      events: Object.values(this.keys).map((key) => this.eventsOf(key)),
      inFlight: evaluate('#outer', '[$store.hyper.calls, $store.hyper.pending]'),
      marks: marksOf(find('#form')),
    }
  }

  expected() {
    const { model } = this
    const places = ['outer', 'form', ...Object.values(this.keys)]
    const { length } = model.running
    return {
      outcomes: model.calls.map(({ outcome }) => outcome),
      endings: model.calls.map(({ state }) => Number(state === 'over')),
      wire: model.running
        .map(({ id }) => id)
        .filter((id) => !this.streams.has(id))
        .sort(),
      cells: Object.fromEntries(places.map((place) => [place, shownBy(model.cell(place))])),
      events: Object.values(this.keys).map((key) => model.events[key] ?? []),
      inFlight: [length, length > 0],
      marks: marksWhile(model.running.some(({ source }) => source === 'form')),
    }
  }

  eventsOf(key) {
    return this.events
      .filter(({ name, detail }) => detail.key === key && name !== 'streamEvent')
      .map(({ name }) => name)
  }
}

const HOOKS = {
  no: undefined,
  refuse: () => false,
  throw: () => {
    throw new Error('hook')
  },
}

const chosen = (list, which) => list[which % list.length]
const nameOf = ({ ok, aborted, blocked, code }) =>
  (ok && 'ok') ||
  (aborted && 'aborted') ||
  (blocked && 'blocked') ||
  (code === 'invalid' ? 'refused' : 'foreign')

function pick(state) {
  const names = ['pending', ...Object.keys(idle())]
  return Object.fromEntries(names.map((name) => [name, state[name]]))
}

const shownBy = ({ begun, view }) => ({ pending: begun > 0, ...view })

const marksOf = (form) => [
  form.getAttribute('aria-busy'),
  form.dataset.hyperPending,
  ...[...form.children].map(({ disabled, hidden }) => [disabled, hidden]),
]

const marksWhile = (isPending) => [
  isPending ? 'true' : null,
  isPending ? 'true' : undefined,
  [isPending, false],
  [true, false],
  [undefined, isPending],
  [undefined, !isPending],
]
