/**
 * What the visitor, Alpine and the browser have in a list that the server sends anew, in another order.
 */
const ids = [1, 2, 3, 4, 5, 6]

/** @param {number} id */
const item = (id) => `<li id="item-${id}" key="${id}"><p>Item ${id}</p>${PARTS[id] ?? ''}</li>`

/** @type {Record<number, string>} By item. */
const PARTS = {
  2: '<input id="typed" value="server">',
  3: '<div id="box" style="height: 50px; overflow: auto"><div style="height: 500px">long</div></div>',
  4: '<div id="own" x-data="{open: false}"><i id="text" x-text="open"></i></div>',
  5: '<video id="film" muted></video>',
  6: '<iframe id="frame" srcdoc="<p>frame</p>"></iframe>',
}

/** @param {number[]} order */
const listOf = (order) => `<ul id="list">${order.map(item).join('')}</ul>`

/** @param {string} id */
const find = (id) => /** @type {any} */ (document.getElementById(id))

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Do what a visitor does before the patch. */
async function live() {
  const { Alpine } = /** @type {any} */ (window)
  const film = document.createElement('canvas')
  film.getContext('2d')?.fillRect(0, 0, 9, 9)
  find('film').srcObject = film.captureStream()
  await find('film').play()
  find('box').scrollTop = 100
  Alpine.$data(find('own')).open = true
  find('typed').focus()
  find('typed').value = 'visitor'
  find('typed').setSelectionRange(2, 4)
  await pause(100)
}

/**
 * @param {(target: Element, html: string) => unknown} patch
 * @returns {Promise<Record<string, boolean>>} After one item was changed and, again, after a reversal.
 */
export async function whatSurvives(patch) {
  const changed = listOf(ids).replace('Item 1', 'Another')
  const reversed = listOf([...ids].reverse()).replace('Item 1', 'Another')
  /** @type {Record<string, boolean>} */
  const kept = {}
  for (const html of [changed, reversed]) {
    const holder = document.createElement('div')
    holder.setAttribute('x-data', '')
    holder.innerHTML = listOf(ids)
    document.body.append(holder)
    const frame = find('frame')
    let loads = 0
    await new Promise((resolve) => {
      frame.addEventListener('load', () => {
        loads += 1
        resolve(undefined)
      })
    })
    await live()
    await patch(find('list'), html)
    await pause(200)
    if (!find('list').textContent.includes('Another')) {
      throw Error('the list was not patched')
    }
    const now = { ...whatIsKept(), iframe: loads === 1 && find('frame') === frame }
    for (const [name, is] of Object.entries(now)) {
      kept[name] = is && (kept[name] ?? true)
    }
    holder.remove()
    await pause(0)
  }
  return kept
}

/** Of what `live()` has done. */
function whatIsKept() {
  const { Alpine } = /** @type {any} */ (window)
  const typed = find('typed')
  return {
    focus: document.activeElement === typed,
    caret: typed.selectionStart === 2 && typed.selectionEnd === 4,
    'typed value': typed.value === 'visitor',
    scroll: find('box').scrollTop === 100,
    'x-data state': Alpine.$data(find('own')).open === true,
    'what x-text shows': find('text').textContent === 'true',
    'playing video': !find('film').paused && Boolean(find('film').srcObject),
  }
}
