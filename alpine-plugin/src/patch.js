import { complain } from './errors.js'
import { morph } from './morph.js'
import { change, put, remove } from './nodes.js'
import { findElement, noteArrival } from './page.js'

/** @type {Record<string, (target: any, content: DocumentFragment, swap: string) => void>} */
const SWAP = {
  morph: (target, { children }) => {
    const [first, ...further] = children
    put(morph(target, first), 'after', further)
  },
  inner: (target, { childNodes }) => {
    remove(target.childNodes)
    put(target, 'append', childNodes)
  },
  outer: (target, { childNodes }) => {
    put(target, 'before', childNodes)
    remove([target])
  },
  before: insert,
  after: insert,
  prepend: insert,
  append: insert,
  delete: (target) => remove([target]),
  none: () => {},
}

/**
 * @param {Element} target
 * @param {DocumentFragment} content
 * @param {string} swap
 */
function insert(target, { childNodes }, swap) {
  put(target, swap, childNodes)
}

/**
 * Put HTML into the page. Its scripts do not run.
 *
 * @param {string} html
 * @param {{ target?: string | Element | null, swap?: string }} [options]
 * @returns {Element[]} The elements that came.
 */
export function patch(html, { target, swap = 'morph' } = {}) {
  const template = document.createElement('template')
  template.innerHTML = html
  const { content } = template
  if (!target || !Object.hasOwn(SWAP, swap) || (swap === 'morph' && !content.firstElementChild)) {
    complain(
      `HTML for '${target}' with the swap '${swap}' begins '${html.slice(0, 50)}'`,
      `a target, one of ${Object.keys(SWAP)}, and an element to morph`,
    )
    return []
  }
  const element = typeof target === 'string' ? findElement(target) : target
  return element ? apply(() => SWAP[swap](element, content, swap)) : []
}

/**
 * Make elements of this page like those of another rendering of it.
 *
 * @param {string} html The whole page.
 * @param {string[]} selectors Without any the body, and the title.
 * @returns {Element[]} The elements that came.
 */
export function refresh(html, selectors) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  if (selectors.length === 0) {
    document.title = page.title
  }
  return (selectors.length > 0 ? selectors : ['body']).flatMap((selector) => {
    const from = findElement(selector)
    const to = from && findElement(selector, page)
    return to ? apply(() => morph(from, to)) : []
  })
}

/** @param {() => void} work */
function apply(work) {
  const came = change(work)
  noteArrival()
  return came
}
