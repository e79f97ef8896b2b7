import { answerWith, enter, memoryAnswer } from './work.js'

addEventListener('load', () => {
  const { Alpine } = /** @type {any} */ (window)
  /** @type {(url: string, options: object) => Promise<unknown>} */
  let ajax
  enter({
    markup: '<main x-data><b id="shown">0</b></main>',
    async call(n) {
      answerWith(() => memoryAnswer('text/html', `<b id="shown">${n}</b>`))
      if (!ajax) {
        Alpine.dontAutoEvaluateFunctions(() => {
          ajax = Alpine.evaluate(document.querySelector('main'), '$ajax')
        })
      }
      await ajax('/', { method: 'post', target: 'shown', body: { n } })
    },
  })
})
