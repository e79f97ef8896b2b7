import { answerWith, enter, memoryAnswer, streamAnswer, streamOf } from './work.js'

addEventListener('load', () => {
  const { Alpine, htmx } = /** @type {any} */ (window)
  enter({
    markup: '<main x-data="{count: 0}"><b id="shown" x-text="count"></b><i id="slot">0</i></main>',
    async call(n) {
      const main = /** @type {Element} */ (document.querySelector('main'))
      answerWith(() => memoryAnswer('text/html', `${n}`))
      await htmx.ajax('POST', '/', { source: main, target: '#shown', swap: 'innerHTML', values: { n } })
    },
    stream(count) {
      const main = /** @type {Element} */ (document.querySelector('main'))
      const data = Alpine.$data(main)
      main.addEventListener('count', (/** @type {any} */ { detail }) => {
        data.count = JSON.parse(detail.data)
      })
      const bytes = streamOf(count, (n) => `event: count\ndata: ${n}\n\n`)
      answerWith(() => streamAnswer(bytes))
      return () => {
        const end = new Promise((resolve) => main.addEventListener('htmx:sse:close', resolve, { once: true }))
        htmx.ajax('GET', '/', { source: main, target: '#slot', swap: 'innerHTML' })
        return end
      }
    },
    async patch(target, html) {
      answerWith(() => memoryAnswer('text/html', html))
      await htmx.ajax('POST', '/', { source: document.body, target, swap: 'outerMorph' })
    },
  })
})
