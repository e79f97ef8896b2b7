/**
 * What the policies of a lane promise, without a network, a page or time.
 *
 * @typedef {object} Plan One call, as a test makes it.
 * @property {number} id
 * @property {'caller' | 'form'} source
 * @property {string} key
 * @property {'replace' | 'block' | 'none' | 'queue'} sync
 * @property {boolean} isGet
 * @property {boolean} throws Its option `throw`.
 * @property {'no' | 'refuse' | 'throw'} hook What its `onBeforeSubmit` does.
 */

export const idle = () => ({ error: null, code: null, status: 0, result: null, text: '' })
const values = {
  ok: (id) => ({ status: 200, result: id }),
  refused: () => ({ status: 422, error: 'No', code: 'invalid' }),
  foreign: () => ({
    status: 502,
    error: 'The answer could not be read. Please try again.',
    code: 'unexpected_answer',
  }),
  network: () => ({ error: 'The connection was lost. Please try again.', code: 'network' }),
  disconnected: () => ({ error: 'The connection was lost. Please try again.', code: 'disconnected' }),
  exception: () => ({ error: 'This page has a fault. Please reload it.', code: 'exception' }),
}

export class Model {
  /** @type {Map<string, any[]>} The calls of each lane, in the order they came. */
  lanes = new Map()
  /** @type {any[]} Every call. */
  calls = []
  /** @type {Record<string, any>} What the page shows, by place. */
  cells = {}
  /** @type {Record<string, string[]>} The events of each lane. */
  events = {}
  /** @type {Set<any>} The calls that end with their source element. */
  tied = new Set()
  isRemoved = false

  /** @param {string} place */
  cell(place) {
    this.cells[place] ??= { begun: 0, shown: null, view: idle() }
    return this.cells[place]
  }

  lane(key) {
    this.lanes.set(key, this.lanes.get(key) ?? [])
    return this.lanes.get(key)
  }

  say(call, name) {
    this.events[call.key] ??= []
    this.events[call.key].push(name)
  }

  /** @param {Plan} plan */
  call(plan) {
    const call = { ...plan, places: this.placesOf(plan), state: 'waiting', outcome: null }
    const lane = this.lane(call.key)
    this.calls.push(call)
    if (call.sync === 'block' && lane.length > 0) {
      this.close(call, 'blocked', ['requestBlocked'])
    } else {
      this.enter(call, lane)
    }
  }

  placesOf({ source, key }) {
    if (source === 'form') {
      return ['form', 'outer', key]
    }
    return this.isRemoved ? ['inner', key] : ['inner', 'outer', key]
  }

  enter(call, lane) {
    if (call.isGet) {
      this.tie(call)
    }
    for (const other of call.sync === 'replace' ? lane.splice(0) : []) {
      this.abort(other, 'requestReplaced')
    }
    lane.push(call)
    if (call.sync !== 'queue' || lane.length === 1) {
      this.start(call)
    }
  }

  start(call) {
    if (call.hook === 'refuse') {
      this.abort(call)
      return
    }
    call.state = 'running'
    for (const place of call.places) {
      const cell = this.cell(place)
      Object.assign(cell, { begun: cell.begun + 1, shown: call, view: idle() })
    }
    if (call.hook === 'throw') {
      this.finish(call, 'exception')
    } else {
      call.isAnnounced = true
      this.say(call, 'beforeRequest')
    }
  }

  /** Show something of a call where no later one has begun. */
  show(call, shown) {
    for (const place of call.places) {
      const cell = this.cell(place)
      if (cell.shown === call) {
        Object.assign(cell.view, shown)
      }
    }
  }

  tie(call) {
    if (call.source === 'caller') {
      this.tied.add(call)
    }
  }

  /** The answer of a call begins, and goes on. */
  follow(call) {
    this.tie(call)
    if (this.isRemoved && call.source === 'caller') {
      this.abort(call)
    }
  }

  remove() {
    if (!this.isRemoved) {
      this.isRemoved = true
      this.abortAll(this.tied)
    }
  }

  hear(call, text) {
    call.text = (call.text ?? '') + text
    this.show(call, { text: call.text })
  }

  reset(place) {
    const { shown } = this.cell(place)
    if (shown) {
      this.show(shown, idle())
    }
  }

  abort(call, reason) {
    if (call.state !== 'over') {
      this.close(call, 'aborted', [...(reason ? [reason] : []), 'requestAborted'])
    }
  }

  /** @param {keyof typeof values} how */
  finish(call, how) {
    const isThrown = ['network', 'disconnected', 'exception'].includes(how)
    const name = how === 'ok' ? 'requestSuccess' : isThrown ? 'requestException' : 'requestError'
    this.show(call, values[how](call.id))
    const isRejected = isThrown || (call.throws && how !== 'ok')
    this.close(call, isRejected ? `rejected ${values[how]().code}` : how, [name])
  }

  close(call, outcome, names) {
    if (call.state === 'running') {
      for (const place of call.places) {
        this.cell(place).begun -= 1
      }
    }
    Object.assign(call, { state: 'over', outcome })
    for (const name of [...names, ...(call.isAnnounced ? ['afterRequest'] : [])]) {
      this.say(call, name)
    }
    const lane = this.lane(call.key)
    const place = lane.indexOf(call)
    if (place >= 0) {
      lane.splice(place, 1)
    }
  }

  /** Calls end all at once, the last first; then the next of each lane have their turn. */
  abortAll(calls) {
    for (const call of [...calls].reverse()) {
      this.abort(call)
    }
  }

  /** Start whose turn it is, as often as that ends at once. */
  settle() {
    for (const lane of this.lanes.values()) {
      while (lane.length > 0 && lane.every(({ state }) => state === 'waiting')) {
        this.start(lane[0])
      }
    }
  }

  get open() {
    return this.calls.filter(({ state }) => state !== 'over')
  }

  get running() {
    return this.calls.filter(({ state }) => state === 'running')
  }
}
