/**
 * The other end of the tests: a real HTTP server whose answers the test decides.
 *
 * `/app/<id>/…` answers as scripted, in the order of arrival; `/control/<id>` scripts it,
 * lists the requests that came, releases the answers that are held, sends more of a stream or cuts it.
 *
 * @typedef {object} Scripted
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {string} [body]
 * @property {string[]} [pieces] Written one by one, instead of a body.
 * @property {boolean} [open] After its pieces, until it is released; until then more can be sent.
 * @property {number} [cutAfter] Cuts the connection after so many bytes of the request.
 * @property {boolean} [hold] Until it is released; requests are released by their number.
 * @property {'before' | 'inside'} [drop] The connection, before or inside the answer.
 */

/**
 * @typedef {object} App
 * @property {Scripted[]} script
 * @property {object[]} requests
 * @property {Map<number, () => void>} held
 * @property {Map<number, import('node:http').ServerResponse>} open
 */

/** @type {Map<string, App>} */
const apps = new Map()

/** @param {string} id */
function appOf(id) {
  const app = apps.get(id) ?? { script: [], requests: [], held: new Map(), open: new Map() }
  apps.set(id, app)
  return app
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {Scripted} [scripted]
 */
async function bodyOf(request, { cutAfter = Infinity } = {}) {
  const chunks = []
  let length = 0
  for await (const chunk of request) {
    chunks.push(chunk)
    length += chunk.length
    if (length > cutAfter) {
      request.socket.destroy()
    }
  }
  return Buffer.concat(chunks).toString()
}

async function control(id, request, response) {
  const app = appOf(id)
  const text = await bodyOf(request)
  const { script = [], release = [], send, cut } = text ? JSON.parse(text) : {}
  app.script.push(...script)
  for (const number of release) {
    app.held.get(number)?.()
  }
  app.open.get(send?.number)?.write(send.text)
  app.open.get(cut)?.socket?.destroy()
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify({ requests: app.requests, held: [...app.held.keys()] }))
}

async function answer(id, request, response) {
  const app = appOf(id)
  const { method, url, headers } = request
  const record = { method, url, headers, body: '', closed: false }
  const number = app.requests.push(record) - 1
  const scripted = app.script.shift() ?? { body: JSON.stringify({ result: number }) }
  response.on('close', () => {
    record.closed = !response.writableFinished
  })
  record.body = await bodyOf(request, scripted).catch(() => '')
  if (scripted.hold) {
    await new Promise((resolve) => app.held.set(number, () => resolve(undefined)))
    app.held.delete(number)
  }
  if (scripted.pieces) {
    await stream(app, number, scripted, response)
  } else {
    write(scripted, response)
  }
}

async function stream(app, number, { status = 200, headers, pieces = [], open }, response) {
  response.writeHead(status, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', ...headers })
  response.flushHeaders()
  app.open.set(number, response)
  for (const piece of pieces) {
    response.write(piece)
    await pause(1)
  }
  if (open) {
    await new Promise((resolve) => app.held.set(number, () => resolve(undefined)))
    app.held.delete(number)
  }
  response.end()
}

function write({ status = 200, headers = {}, body = '{"result":null}', drop }, response) {
  if (drop === 'before') {
    // A broken head: the browser itself repeats a request whose used connection just ends.
    response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n')
    return
  }
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers })
  if (drop === 'inside') {
    response.write(body.slice(0, body.length / 2), () => setTimeout(() => response.socket?.destroy(), 20))
    return
  }
  response.end(body)
}

/** @returns {import('vite').Plugin} */
export function actionServer() {
  return {
    name: 'action-server',
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const [, room, id] = (request.url ?? '').split(/[/?]/)
        if (room === 'control') {
          control(id, request, response)
        } else if (room === 'app') {
          answer(id, request, response)
        } else {
          next()
        }
      })
    },
  }
}
