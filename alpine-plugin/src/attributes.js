import { Alpine } from './alpine.js'
import { inSight } from './nodes.js'

/**
 * Attributes that are not the server's alone: how one is written, if at all.
 *
 * @type {Record<string, (element: any, set: () => void, wanted: Attr | null) => void>}
 */
const WRITE = {
  class: writeClass,
  style: writeStyle,
  value: writeValue,
  checked: (element, set) => {
    set()
    element.checked = element.defaultChecked
  },
  open: () => {},
  hidden: (element, set) => {
    if (!hasDirective(element, 'pending:(show|hide)|collapse')) {
      set()
    }
  },
  disabled: (element, set, wanted) => {
    if (wanted || element.getAttribute('disabled') !== 'pending') {
      set()
    }
  },
  'aria-busy': writeIdle,
  'aria-disabled': writeIdle,
  'data-hyper-pending': writeIdle,
}

/**
 * Give an element the attributes that the server gave another; what Alpine, the visitor or a call
 * in flight wrote stays.
 *
 * @param {Element} from
 * @param {Element} to
 */
export function writeAttributes(from, to) {
  for (const name of new Set([...from.getAttributeNames(), ...to.getAttributeNames()])) {
    if (from.getAttribute(name) !== to.getAttribute(name) && !isBound(from, name)) {
      writeAttribute(from, name, to.getAttributeNode(name))
    }
  }
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {Attr | null} wanted
 */
function writeAttribute(element, name, wanted) {
  const set = () => {
    if (wanted) {
      // Not by its name: that of Alpine's short forms is refused, and that of SVG's has a namespace.
      element.setAttributeNode(/** @type {Attr} */ (wanted.cloneNode()))
    } else {
      element.removeAttribute(name)
    }
  }
  const prefix = Alpine.prefixed('')
  if (Object.hasOwn(WRITE, name)) {
    WRITE[name](element, set, wanted)
  } else if (name === `${prefix}data` || !(/^[@:]/.test(name) || name.startsWith(prefix))) {
    set() // data unseen: a component keeps its state
  } else {
    inSight(set)
  }
}

/**
 * Whether Alpine writes an attribute. To classes it adds its own.
 *
 * @param {any} element
 * @param {string} name
 */
export function isBound({ _x_bindings: bound = {}, _x_model: model, _x_transitioning: isMoving }, name) {
  return (
    (name !== 'class' && name in bound) ||
    (name === 'checked' && model) ||
    (isMoving && /^(class|style)$/.test(name))
  )
}

/**
 * @param {Element} element
 * @param {string} names
 */
export function hasDirective(element, names) {
  const pattern = RegExp(`^${Alpine.prefixed(`(${names})`)}([.:]|$)`)
  return element.getAttributeNames().some((name) => pattern.test(name))
}

/**
 * Leave a form with a call in flight, and its submitters, marked.
 *
 * @param {any} element
 * @param {() => void} set
 */
function writeIdle(element, set) {
  if (!(element.form ?? element).hasAttribute('data-hyper-pending')) {
    set()
  }
}

/**
 * The server's classes, and those that a binding adds to them or takes away.
 *
 * @param {any} element
 * @param {() => void} set
 */
function writeClass({ classList, _x_undoAddedClasses: undo }, set) {
  const shown = [...classList]
  undo?.()
  const own = [...classList]
  set()
  if (undo) {
    classList.add(...shown.filter((each) => !own.includes(each)))
    classList.remove(...own.filter((each) => !shown.includes(each)))
  }
}

/**
 * @param {any} element
 * @param {() => void} set
 */
function writeStyle({ style, _x_doHide: isShowing }, set) {
  const { display } = style
  set()
  if (isShowing) {
    style.display = display // that of `x-show`
  }
}

/**
 * Change what a control says at first, and what it says now unless the visitor is typing into it.
 *
 * @param {any} control
 * @param {() => void} set
 */
export function writeValue(control, set) {
  const { value, defaultValue, type } = control
  const isTyping = control === document.activeElement && value !== defaultValue
  set()
  if (defaultValue !== undefined && !isTyping && !/^(file|checkbox|radio)$/.test(type)) {
    control.value = control.defaultValue
  }
}
