import { answerWith, enter, memoryAnswer, streamAnswer, streamOf } from './work.js'

addEventListener('load', () => {
  const finished = () =>
    new Promise((resolve) => {
      document.addEventListener('datastar-fetch', function listen(/** @type {any} */ { detail }) {
        if (detail.type === 'finished') {
          document.removeEventListener('datastar-fetch', listen)
          resolve(undefined)
        }
      })
    })
  const click = () => {
    const end = finished()
    document.querySelector('button')?.click()
    return end
  }
  enter({
    markup: `<main data-signals="{count: 0}"><button data-on:click="@post('/')"></button><b id="shown" data-text="$count"></b></main>`,
    call(n) {
      answerWith(() => memoryAnswer('application/json', `{"count":${n}}`))
      return click()
    },
    stream(count) {
      const frame = (/** @type {number} */ n) =>
        `event: datastar-patch-signals\ndata: signals {"count":${n}}\n\n`
      const bytes = streamOf(count, frame)
      answerWith(() => streamAnswer(bytes))
      return click
    },
    patch(_, html) {
      answerWith(() => memoryAnswer('text/html', html))
      return click()
    },
  })
})
