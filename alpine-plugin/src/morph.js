import { arrange } from './arrange.js'
import { hasDirective, isBound, writeAttributes, writeValue } from './attributes.js'
import { fire } from './events.js'
import { put, remove } from './nodes.js'
import { obtain } from './protocol.js'

/** @typedef {(from: any, to: any) => void} Rewrite Makes an element, or what is inside it, like another. */

/** @type {Record<string, Rewrite>} */
const FILL = {
  noscript: () => {},
  select: fillSelect,
  template: fillTemplate,
  textarea: (from, to) => {
    if (from.defaultValue !== to.defaultValue && !isBound(from, 'value')) {
      writeValue(from, () => {
        from.defaultValue = to.defaultValue
      })
    }
  },
}

/** @type {Record<string, Rewrite>} By directive: what is not the server's alone. */
const OWNED = {
  ignore: () => {},
  error: (from, to) => {
    // The server says something; nothing is what it always says.
    if (to.textContent.trim()) {
      from.textContent = to.textContent
      from.hidden = false
    }
  },
  toasts: (from, to) => {
    for (const { textContent, className } of to.children) {
      fire(from, 'toast', { value: { message: textContent, level: className, tags: '' } })
    }
  },
  'text|html': writeAttributes,
}

/**
 * Make an element like another, within `change()`, and lose nothing that the server does not know of.
 *
 * @param {Element} from
 * @param {Element} to To be used up.
 * @returns {Element} What stands there now.
 */
export function morph(from, to) {
  if (!canBecome(from, to)) {
    put(from, 'before', [to])
    remove([from])
    return to
  }
  update(from, to)
  return from
}

/**
 * A script is never changed: a live one that is empty would run what it gets.
 *
 * @param {Node} from
 * @param {Node} to
 */
function canBecome(from, to) {
  return from.nodeName === to.nodeName && !/^script$/i.test(to.nodeName)
}

/**
 * @param {any} from
 * @param {any} to
 */
function update(from, to) {
  if (isSame(from, to)) {
    return
  }
  if (from instanceof Element) {
    const directive = Object.keys(OWNED).find((names) => hasDirective(from, names))
    ;(directive ? OWNED[directive] : rewrite)(from, to)
  } else {
    from.nodeValue = to.nodeValue
  }
}

/**
 * Whether two nodes are equal. Templates are not compared inside by `isEqualNode`.
 *
 * @param {Node} from
 * @param {any} to
 */
function isSame(from, to) {
  return from.isEqualNode(to) && to.localName !== 'template' && !to.querySelector?.('template')
}

/** @type {Rewrite} */
function rewrite(from, to) {
  writeAttributes(from, to)
  if (Object.hasOwn(FILL, from.localName)) {
    FILL[from.localName](from, to)
  } else if (!from.isContentEditable || from !== document.activeElement) {
    fill(from, to)
  }
}

/** @type {Rewrite} What was chosen stays, unless the server chooses otherwise than before. */
function fillSelect(from, to) {
  const chosen = valuesOf(from, 'selected')
  const isKeptChoice =
    isBound(from, 'value') || `${valuesOf(from, 'defaultSelected')}` === `${valuesOf(to, 'defaultSelected')}`
  fill(from, to)
  for (const option of from.options) {
    option.selected = isKeptChoice ? chosen.includes(option.value) : option.defaultSelected
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {'selected' | 'defaultSelected'} which
 */
function valuesOf(select, which) {
  return [...select.options].filter((option) => option[which]).map(({ value }) => value)
}

/** @type {Rewrite} Also of the elements that Alpine has made from a template. */
function fillTemplate(from, { content }) {
  if (!isSame(from.content, content)) {
    for (const made of [from._x_teleport, ...madeFrom(from)]) {
      if (made) {
        morph(made, content.firstElementChild.cloneNode(true))
      }
    }
    from.content.replaceChildren(...content.childNodes)
  }
}

/**
 * The elements that `x-for` and `x-if` have put behind their template.
 *
 * @param {any} template
 */
function madeFrom(template) {
  const made = []
  for (let next = template.nextElementSibling; isMade(next); next = next.nextElementSibling) {
    made.push(next)
  }
  return made
}

/** @param {any} element */
function isMade(element) {
  return (
    element && (element._x_refreshXForScope || element.previousElementSibling?._x_currentIfEl === element)
  )
}

/** @type {Rewrite} Children that are equal at both ends are left alone. */
function fill(from, to) {
  const present = [...from.childNodes].filter((node) => !isMade(node) && !node._x_teleportBack)
  const wanted = [...to.childNodes]
  let start = 0
  while (wanted[start] && present[start] && isSame(present[start], wanted[start])) {
    start += 1
  }
  let end = null
  while (wanted.length > start && present.length > start && isSame(present.at(-1), wanted.at(-1))) {
    end = present.pop()
    wanted.pop()
  }
  fillBetween(from, present.slice(start), wanted.slice(start), end)
}

/**
 * @param {any} parent
 * @param {Node[]} present
 * @param {Node[]} wanted
 * @param {Node | null} end What stands behind them.
 */
function fillBetween(parent, present, wanted, end) {
  const matches = match(present, wanted)
  const kept = new Set(matches)
  const withMade = (/** @type {any} */ node) => [node, ...madeFrom(node)]
  remove(present.filter((node) => !kept.has(node)).flatMap(withMade))
  wanted.forEach((node, index) => {
    if (matches[index]) {
      update(matches[index], node)
    }
  })
  arrange(
    parent,
    wanted.flatMap((node, index) => (matches[index] ? withMade(matches[index]) : node)),
    end,
  )
}

/**
 * Find for each wanted node the present one that becomes it: by key, else the next of its kind.
 *
 * @param {Node[]} present
 * @param {Node[]} wanted
 * @returns {(Node | undefined)[]}
 */
function match(present, wanted) {
  const names = new Set(wanted.map(keyOf))
  /** @type {Map<unknown, Node>} */
  const keyed = new Map()
  /** @type {Map<string, Node[]>} */
  const free = new Map()
  for (const node of present) {
    const key = keyOf(node)
    if (key && names.has(key) && !keyed.has(key)) {
      keyed.set(key, node)
    } else {
      obtain(free, node.nodeName, () => []).push(node)
    }
  }
  return wanted.map((node) => {
    const key = keyOf(node)
    const own = keyed.get(key)
    keyed.delete(key)
    const found = own || ownKeyOf(node) ? own : free.get(node.nodeName)?.shift()
    return found && canBecome(found, node) ? found : undefined
  })
}

/**
 * What tells an element from its siblings: its id, else Alpine's key, else the first id inside it.
 *
 * @param {any} node
 */
function keyOf(node) {
  return ownKeyOf(node) || node.querySelector?.('[id]')?.getAttribute('id')
}

/** @param {any} node */
function ownKeyOf(node) {
  return node.getAttribute?.('id') || node.getAttribute?.('key')
}
