import { enter } from './work.js'

addEventListener('load', () => {
  const { Idiomorph } = /** @type {any} */ (window)
  enter({
    markup: '<main></main>',
    patch: (target, html) => Idiomorph.morph(target, html, { morphStyle: 'outerHTML' }),
  })
})
