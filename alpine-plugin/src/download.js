/** How long a browser may take to begin with a file that it was given. */
const keptMs = 60_000

/**
 * The name of the file that an answer is, by RFC 6266.
 *
 * @param {Response} response
 * @returns {string | null} Null where it is no attachment; empty where that has no name.
 */
export function fileName({ headers }) {
  const disposition = headers.get('Content-Disposition') ?? ''
  if (!/^attachment/i.test(disposition)) {
    return null
  }
  const [, encoded] = /filename\*=utf-8''([^;]+)/i.exec(disposition) ?? []
  const [, quoted, bare] = /filename=(?:"((?:\\.|[^"\\])*)"|([^;]+))/i.exec(disposition) ?? []
  const plain = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? ''
  return encoded ? decode(encoded) : plain
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * Give the visitor a file.
 *
 * @param {Blob} file
 * @param {string} name
 */
export function save(file, name) {
  const href = URL.createObjectURL(file)
  Object.assign(document.createElement('a'), { href, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(href), keptMs)
}
