import { answerWith, enter, memoryAnswer } from './work.js'

addEventListener('load', () => {
  const { Alpine } = /** @type {any} */ (window)
  enter({
    markup: '<main x-data><b id="shown">0</b></main>',
    async call(n) {
      answerWith(() => memoryAnswer('text/html', `<b id="shown">${n}</b>`))
      const main = document.querySelector('main')
      await Alpine.evaluate(main, `$ajax('/', {method: 'post', target: 'shown', body: {n: ${n}}})`)
    },
  })
})
