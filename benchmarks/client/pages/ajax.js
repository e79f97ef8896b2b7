import { answerWith, enter, memoryAnswer } from './work.js'

addEventListener('load', () => {
  const { Alpine } = /** @type {any} */ (window)
  enter({
    markup: '<main x-data="{n: 0}"><b id="shown">0</b></main>',
    async call(n) {
      answerWith(() => memoryAnswer('text/html', `<b id="shown">${n}</b>`))
      const main = document.querySelector('main')
      Alpine.$data(main).n = n
      await Alpine.evaluate(main, "$ajax('/', {method: 'post', target: 'shown', body: {n}})")
    },
  })
})
