/**
 * Measure what a visitor downloads, and what each module of the plugin adds to it.
 *
 *   node benchmarks/client_size.mjs
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build, transform } from 'esbuild'
import { builtPlugin, report } from './client/frame.mjs'
import { filesOf, root } from './client/peers.mjs'

/** @type {{ who: string, is: 'ours' | 'peer', files: string[] }[]} */
const CONTESTANTS = [
  { who: 'django-hyper', is: 'ours', files: [] },
  { who: 'alpine-ajax', is: 'peer', files: ['@imacrayon/alpine-ajax'] },
  { who: 'tetra', is: 'peer', files: ['tetra'] },
  { who: 'datastar', is: 'peer', files: ['starhtml'] },
  { who: 'hyperdjango and its bridge', is: 'peer', files: ['hyperdjango'] },
  { who: 'the same and the morph it needs', is: 'peer', files: ['hyperdjango', '@alpinejs/morph'] },
  { who: 'htmx 4 and sse', is: 'peer', files: ['htmx.org'] },
  { who: 'djust', is: 'peer', files: ['djust'] },
  { who: "Alpine's morph", is: 'peer', files: ['@alpinejs/morph'] },
  { who: 'Alpine', is: 'peer', files: ['alpinejs'] },
]
const aim = 7168
const source = join(root, 'alpine-plugin/src')

await report('client-size', 1, async () => ({ tables: [await sizes(), await modules()] }))

async function sizes() {
  const rows = []
  for (const { who, is, files } of CONTESTANTS) {
    const paths = files.map(filesOf)
    if (is === 'ours') {
      const served = sizeOf(readFileSync(builtPlugin, 'utf8')).brotli
      const values = { ...(await minifiedSize([await bundle()])), served }
      rows.push({ who, is, values, bounds: [{ metric: 'brotli', at_most: aim }] })
    } else if (paths.every(Boolean)) {
      const texts = paths.flat().map((path) => readFileSync(path ?? '', 'utf8'))
      rows.push({ who, is, values: await minifiedSize(texts) })
    }
  }
  return {
    id: 'client-size',
    title: 'Size',
    work: 'Bytes of the JavaScript after one identical `esbuild --minify`.',
    columns: [
      { metric: 'gzip', title: 'gzip -9', digits: 0 },
      { metric: 'brotli', title: 'brotli -11', digits: 0 },
      { metric: 'served', title: 'brotli -11, as our build minifies it', digits: 0 },
    ],
    rows,
  }
}

/** @param {string[]} texts */
async function minifiedSize(texts) {
  return sizeOf((await Promise.all(texts.map(minify))).join('\n'))
}

async function modules() {
  const whole = sizeOf(await minify(await bundle()))
  const paths = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.js'),
  )
  const rows = []
  for (const path of paths) {
    const without = sizeOf(await minify(await bundle(join(source, path))))
    rows.push({
      who: path,
      is: 'ours',
      values: {
        brotli: { median: whole.brotli.median - without.brotli.median },
        minified: { median: whole.minified.median - without.minified.median },
      },
    })
  }
  rows.sort((one, other) => other.values.brotli.median - one.values.brotli.median)
  return {
    id: 'client-modules',
    title: 'Bytes by module',
    work: "What the plugin, by esbuild's own minifier, loses when one module is empty; what modules have in common is in none of the rows.",
    columns: [
      { metric: 'brotli', title: 'brotli -11', digits: 0 },
      { metric: 'minified', title: 'minified', digits: 0 },
    ],
    rows,
  }
}

/**
 * The plugin, as it is or with one module that does nothing.
 *
 * @param {string} [stubbed]
 */
async function bundle(stubbed) {
  const contents = stubbed ? stubOf(readFileSync(stubbed, 'utf8')) : ''
  const stub = {
    name: 'stub',
    setup: (/** @type {import('esbuild').PluginBuild} */ { onLoad }) =>
      onLoad({ filter: /\.js$/ }, ({ path }) =>
        path === stubbed ? { contents, resolveDir: dirname(path) } : undefined,
      ),
  }
  const { outputFiles } = await build({
    entryPoints: [join(root, 'alpine-plugin/register.js')],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'error',
    write: false,
    plugins: [stub],
    // What only the stubbed module used stays.
    treeShaking: !stubbed,
    ignoreAnnotations: true,
  })
  return outputFiles[0].text
}

/** @param {string} text */
function stubOf(text) {
  const imports = [...text.matchAll(/from ('\..*')/g)].map(([, path]) => `import ${path}`)
  const exports = [...text.matchAll(/^export (?:async )?(default|const|let|class|function\*?) (\w+)/gm)].map(
    ([, kind, name]) => (kind === 'default' ? 'export default 0' : `export const ${name} = 0`),
  )
  return [...imports, ...exports].join('\n')
}

/** @param {string} text */
async function minify(text) {
  const { code } = await transform(text, { minify: true, charset: 'utf8', legalComments: 'none' })
  return code
}

/** @param {string} text */
function sizeOf(text) {
  const brotli = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
  return {
    minified: { median: Buffer.byteLength(text) },
    gzip: { median: gzipSync(text, { level: 9 }).length },
    brotli: { median: brotli },
  }
}
