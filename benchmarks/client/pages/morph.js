import { enter } from './work.js'

addEventListener('load', () => {
  const { Alpine } = /** @type {any} */ (window)
  enter({ markup: '<main></main>', patch: (target, html) => Alpine.morph(target, html) })
})
