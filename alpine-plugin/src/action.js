import { applyAnswer } from './answer.js'
import { Call } from './call.js'
import { renewToken } from './csrf.js'
import { asError } from './errors.js'
import { findForm, serialise, submitterOf } from './form.js'
import { navigate } from './items.js'
import { enter, isBlocked } from './lanes.js'
import { isObject } from './protocol.js'
import { addressOf, buildRequest } from './request.js'
import { isStream, readOutcome } from './response.js'
import { withRetries } from './retry.js'
import { send } from './transport.js'

/**
 * @typedef {import('./protocol.js').ActionOptions} ActionOptions
 * @typedef {import('./protocol.js').Outcome} Outcome
 * @typedef {import('./request.js').WireRequest} WireRequest
 *
 * @typedef {object} Answer What is left of an answer whose items are applied.
 * @property {Outcome} outcome
 * @property {Record<string, any>} body What came beside it: `csrf_token`, `login_url`.
 */

const defaultTimeoutMs = 90_000

/**
 * Call an action of the page.
 *
 * @param {Element | null} source The element of the expression; null for `window.action`.
 * @param {string} action
 * @param {Record<string, any>} [data]
 * @param {ActionOptions} [options]
 * @returns {Promise<Outcome>}
 * @throws {import('./errors.js').ActionError} A network failure, or an exception in client code.
 */
export function callAction(source, action, data = {}, options = {}) {
  return new Promise((resolve, reject) => {
    const form = findForm(options.form)
    const call = new Call(source, form, action, options, resolve, reject)
    const sync = options.sync || ('form' in options ? 'block' : 'replace')
    if (isBlocked(call.key, sync)) {
      call.block()
    } else if (isDeclined(options)) {
      call.abort()
    } else {
      prepare(call, data)
      enter(call.key, sync, call)
    }
  })
}

/**
 * Take down the form now: before anything in it is disabled, or changed while the call waits.
 *
 * @param {Call} call
 * @param {Record<string, any>} data
 */
function prepare(call, data) {
  const { form, options } = call
  if (form) {
    call.submission = serialise(form, submitterOf(form))
  }
  call.start = () => (form || !('form' in options) ? run(call, data) : call.fail(asError('no_form')))
  call.open()
}

/** @param {ActionOptions} options */
function isDeclined({ signal, confirm: question }) {
  return signal?.aborted || (question && !confirm(question))
}

/**
 * The order of a call whose turn has come. After each `await` it may have ended.
 *
 * @param {Call} call
 * @param {Record<string, any>} data
 */
async function run(call, data) {
  try {
    const { action, key, options, form, submission } = call
    const submit = {
      action,
      key,
      method: (options.method ?? submission.method ?? 'POST').toUpperCase(),
      url: addressOf(options, submission),
      data: isObject(data) ? { ...data } : data,
      headers: { ...options.headers },
      form,
    }
    /** @type {any} */
    const allowed = options.onBeforeSubmit?.(submit)
    if ((allowed?.then ? await allowed : allowed) === false) {
      call.abort()
    }
    if (!call.isLive) {
      return
    }
    const request = buildRequest(call.id, submit, options, submission)
    if (!navigator.onLine) {
      throw asError('offline')
    }
    call.begin()
    call.announce(request)
    complete(call, await converse(call, request))
  } catch (error) {
    call.fail(error)
  }
}

/**
 * Send a request until it is answered. Only a stream over GET goes on by itself.
 *
 * @param {Call} call
 * @param {WireRequest} request
 * @returns {Promise<Answer | null>}
 */
function converse(call, request) {
  const isGet = request.method === 'GET'
  return withRetries(
    (number) => {
      if (number > 1) {
        request.headers.set('X-Hyper-Attempt', `${number}`)
      }
      return exchange(call, request)
    },
    ({ code }) =>
      code === 'network' || (code === 'disconnected' && isGet)
        ? (call.options.retry ?? (call.isStream && isGet))
        : 0,
    call.controller.signal,
    (attempt, delay) => call.fire('requestRetry', { attempt, delay }),
  )
}

/**
 * Send a request, once more after `csrf_failed`: then the action did not run.
 *
 * @param {Call} call
 * @param {WireRequest} request
 * @returns {Promise<Answer | null>} Null where the call has ended.
 */
async function exchange(call, request) {
  const { onUploadProgress, timeout = defaultTimeoutMs } = call.options
  const response = await send(request, call.controller, timeout, (loading) => {
    const { progress } = loading
    call.show({ progress })
    call.fire('uploadProgress', { progress })
    onUploadProgress?.(loading)
  })
  call.follow(isStream(response))
  const last = await applyAnswer(call, response)
  if (!last) {
    return null
  }
  const outcome = readOutcome(call.action, response, last)
  const body = last.data ?? {}
  const token = body.csrf_token
  if (outcome.code === 'csrf_failed' && !call.isStream && request.canRenewToken && token) {
    request.canRenewToken = false
    renewToken(request.headers, token)
    return exchange(call, request)
  }
  return { outcome, body }
}

/**
 * End a call as its answer says, unless it has ended.
 *
 * @param {Call} call
 * @param {Answer | null} answer
 */
function complete(call, answer) {
  if (!answer || !call.isLive) {
    return
  }
  const { outcome, body } = answer
  call.answer(outcome)
  const url = body.login_url
  if (url && outcome.code === 'login_required' && call.fire('loginRequired', { url })) {
    navigate(url, true)
  }
}
