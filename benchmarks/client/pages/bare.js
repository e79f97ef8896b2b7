import { answerWith, enter, memoryAnswer, streamAnswer, streamOf } from './work.js'

addEventListener('load', () => {
  /** @type {any} */
  let found
  const dataOf = () => {
    found ??= /** @type {any} */ (window).Alpine.$data(document.querySelector('main'))
    return found
  }
  enter({
    markup: '<main x-data="{count: 0}"><b id="shown" x-text="count"></b></main>',
    async call(n) {
      answerWith(() => memoryAnswer('application/json', `{"result":${n}}`))
      const response = await fetch('/', { method: 'POST', body: `{"n":${n}}` })
      dataOf().count = (await response.json()).result
    },
    stream(count) {
      const bytes = streamOf(count, (n) => `event: message\ndata: ${n}\n\n`)
      answerWith(() => streamAnswer(bytes))
      return async () => {
        const data = dataOf()
        const reader = (await fetch('/')).body.getReader()
        const decoder = new TextDecoder()
        let rest = ''
        for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
          const frames = (rest + decoder.decode(chunk.value, { stream: true })).split('\n\n')
          rest = frames.pop() ?? ''
          for (const frame of frames) {
            data.count = JSON.parse(frame.slice(frame.indexOf('\ndata: ') + 7))
          }
        }
      }
    },
  })
})
