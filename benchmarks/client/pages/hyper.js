import { answerWith, enter, memoryAnswer, streamAnswer, streamOf } from './work.js'

addEventListener('load', () => {
  const { Alpine } = /** @type {any} */ (window)
  /** @type {(name: string, data: object, options?: object) => Promise<any>} */
  let action
  /** @type {any} */
  let found
  const data = () => {
    if (!found) {
      const main = document.querySelector('main')
      Alpine.dontAutoEvaluateFunctions(() => {
        action = Alpine.evaluate(main, '$action')
      })
      found = Alpine.$data(main)
    }
    return found
  }
  enter({
    markup: '<main x-data="{count: 0}"><b id="shown" x-text="count"></b></main>',
    async call(n) {
      const own = data()
      answerWith(() => memoryAnswer('application/json', `{"result":${n}}`))
      own.count = (await action('save', { n })).result
    },
    stream(count) {
      const isMessages = location.hash === '#messages'
      const frame = (/** @type {number} */ n) =>
        isMessages
          ? `event: message\ndata: ${n}\n\n`
          : `event: patch_signals\ndata: {"signals":{"count":${n}},"store":{}}\n\n`
      const bytes = streamOf(count, frame, 'event: end\ndata: {"result":null}\n\n')
      const own = data()
      answerWith(() => streamAnswer(bytes))
      const onMessage = (/** @type {number} */ n) => {
        own.count = n
      }
      return () => action('count', {}, isMessages ? { onMessage } : {})
    },
    patch: (target, html) => Alpine.hyper.patch(html, { target }),
  })
})
