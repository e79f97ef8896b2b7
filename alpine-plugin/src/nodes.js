import { Alpine } from './alpine.js'

/** @type {any[]} What came since Alpine was told last. */
let arrived = []

/** @type {(() => void)[]} What Alpine's observer is to see. */
let changes = []

/**
 * Change the page unseen by Alpine's observer, which would take a move for an end and a beginning;
 * then start what came.
 *
 * @param {() => void} work
 * @returns {Element[]} What came.
 */
export function change(work) {
  /** @type {unknown} */
  let thrown
  arrived = []
  changes = []
  Alpine.mutateDom(() => {
    try {
      work()
    } catch (error) {
      thrown = error // Alpine 3.14 would observe nothing from now on
    }
  })
  const came = arrived
  for (const write of changes) {
    write()
  }
  for (const element of came) {
    Alpine.initTree(element)
  }
  if (thrown) {
    throw thrown
  }
  return came
}

/**
 * Write what Alpine is to see: an attribute that is a directive of its own.
 *
 * @param {() => void} write
 */
export function inSight(write) {
  changes.push(write)
}

/**
 * @param {any} target
 * @param {string} where `before`, `after`, `prepend` or `append`.
 * @param {Iterable<Node>} nodes
 */
export function put(target, where, nodes) {
  const list = [...nodes]
  target[where](...list)
  arrived.push(...list.filter((node) => node instanceof Element))
}

/** @param {Iterable<any>} nodes */
export function remove(nodes) {
  /** @type {any} */
  const { destroyTree } = Alpine
  for (const node of [...nodes]) {
    if (node instanceof Element) {
      destroyTree(node, walk)
    }
    node.remove()
  }
}

/**
 * Every element of a tree. Alpine's own walk misses what a template takes away as it ends.
 *
 * @param {Element} root
 * @param {(element: Element) => void} callback
 */
function walk(root, callback) {
  for (const element of [root, ...root.querySelectorAll('*')]) {
    callback(element)
  }
}
