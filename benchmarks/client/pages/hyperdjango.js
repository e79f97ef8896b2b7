import { answerWith, enter, memoryAnswer, streamAnswer, streamOf } from './work.js'

addEventListener('load', () => {
  const { Hyper } = /** @type {any} */ (window)
  const main = () => document.querySelector('main')
  enter({
    markup: '<main x-data="{count: 0}"><b id="shown" x-text="count"></b></main>',
    async call(n) {
      answerWith(() => memoryAnswer('text/event-stream', frame('patch_signals', { count: n }) + end))
      await Hyper.action('save', { n }, { sourceEl: main() })
    },
    stream(count) {
      const bytes = streamOf(count, (n) => frame('patch_signals', { count: n }), end)
      answerWith(() => streamAnswer(bytes))
      return () => Hyper.action('count', {}, { sourceEl: main() })
    },
    patch: (target, html) => patchBy(Hyper, target, html),
  })
})

/**
 * Its server sends an event stream also for a single value.
 *
 * @param {string} event
 * @param {object} data
 */
const frame = (event, data) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
const end = frame('end', {})

/**
 * @param {any} Hyper
 * @param {Element} target
 * @param {string} html
 */
async function patchBy(Hyper, target, html) {
  const patch = { content: html, target: `#${target.id}`, swap: 'outer', strategy: 'morph' }
  answerWith(() => memoryAnswer('text/event-stream', frame('patch_html', patch) + end))
  await Hyper.action('list', {}, { sourceEl: document.body })
}
