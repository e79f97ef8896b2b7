import { asError } from './errors.js'
import { after } from './timers.js'

/**
 * @typedef {import('./request.js').WireRequest} WireRequest
 *
 * @typedef {(progress: import('./protocol.js').UploadProgress) => void} OnProgress
 */

const eventStream = 'text/event-stream'
const longestTimerMs = 2 ** 31 - 1

/**
 * Whether a file was chosen: without one a control sends an empty file without a name.
 *
 * @param {FormData} fields
 */
export function hasFiles(fields) {
  return [...fields.values()].some((value) => value instanceof File && (value.name || value.size))
}

/**
 * Send a request and wait for the head of its answer.
 *
 * @param {WireRequest} request
 * @param {AbortController} controller Aborting it ends the request; a timeout aborts it too.
 * @param {number} timeoutMs From the end of the upload to the first byte of the answer; 0 for none.
 * @param {OnProgress} onProgress
 * @returns {Promise<Response>} Unread. A redirect has status 0: `fetch` does not follow it, since
 *   that could carry the token to another site; XMLHttpRequest cannot be kept from following one.
 * @throws {import('./errors.js').ActionError} `network`, `timeout`.
 */
export async function send(request, controller, timeoutMs, onProgress) {
  const { url, body } = request
  const { signal } = controller
  signal.throwIfAborted()
  let stopTimer = () => {}
  const startTimer = () => {
    if (timeoutMs > 0 && timeoutMs <= longestTimerMs) {
      stopTimer = after(timeoutMs, () => controller.abort(asError('timeout')))
    }
  }
  try {
    if (body instanceof FormData && hasFiles(body)) {
      return await upload(request, signal, onProgress, startTimer, () => stopTimer())
    }
    startTimer()
    // A cache knows an answer by its URL; arguments in X-Hyper-Data are not part of it.
    return await fetch(url, { ...request, signal, redirect: 'manual', cache: 'no-store' })
  } catch (cause) {
    throw asError('network', cause)
  } finally {
    stopTimer()
  }
}

/**
 * Send files: only XMLHttpRequest tells how far an upload is.
 *
 * @param {WireRequest} request
 * @param {AbortSignal} signal
 * @param {OnProgress} onProgress
 * @param {() => void} onSent
 * @param {() => void} onHead Of the answer.
 * @returns {Promise<Response>}
 */
function upload({ url, method, headers, body }, signal, onProgress, onSent, onHead) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(method, url)
    headers.forEach((value, name) => {
      xhr.setRequestHeader(name, value)
    })
    xhr.upload.onprogress = ({ loaded, total }) => {
      try {
        onProgress({ loaded, total, progress: total ? loaded / total : null })
      } catch (error) {
        xhr.abort()
        reject(asError('exception', error))
      }
    }
    xhr.upload.onload = onSent
    xhr.onreadystatechange = () => {
      if (xhr.readyState === XMLHttpRequest.HEADERS_RECEIVED) {
        onHead()
        if (isStream(xhr, url)) {
          resolve(new Response(streamOf(xhr), { headers: { 'Content-Type': eventStream } }))
        } else {
          xhr.responseType = 'blob'
        }
      }
    }
    xhr.onload = () => resolve(asResponse(xhr, url))
    xhr.onerror = reject
    signal.onabort = () => {
      xhr.abort()
      reject(signal.reason)
    }
    xhr.send(body)
  })
}

/**
 * @param {XMLHttpRequest} xhr
 * @param {string} url
 */
function isStream(xhr, url) {
  const type = xhr.getResponseHeader('Content-Type')
  return xhr.status === 200 && xhr.responseURL === url && type?.startsWith(eventStream)
}

/**
 * The body of an answer as it arrives. XMLHttpRequest gives such a one as text only.
 *
 * @param {XMLHttpRequest} xhr Aborted when the stream is cancelled.
 * @returns {ReadableStream<Uint8Array>}
 */
function streamOf(xhr) {
  const encoder = new TextEncoder()
  let length = 0
  return new ReadableStream({
    start(stream) {
      xhr.onprogress = () => {
        const text = xhr.responseText
        stream.enqueue(encoder.encode(text.slice(length)))
        length = text.length
      }
      xhr.onload = () => stream.close()
      xhr.onerror = () => stream.error()
    },
    cancel: () => xhr.abort(),
  })
}

/**
 * @param {XMLHttpRequest} xhr
 * @param {string} url
 */
function asResponse(xhr, url) {
  if (xhr.responseURL !== url || xhr.status > 599) {
    return Response.error() // redirected, or with a status that no Response can have
  }
  const body = xhr.response.size ? xhr.response : null
  const disposition = xhr.getResponseHeader('Content-Disposition')
  return new Response(body, {
    status: xhr.status,
    headers: disposition ? { 'Content-Disposition': disposition } : {},
  })
}
