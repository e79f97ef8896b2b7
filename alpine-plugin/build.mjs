/**
 * Writes the static files that `{% hyper_scripts %}` loads.
 *
 *   node alpine-plugin/build.mjs           write them
 *   node alpine-plugin/build.mjs --check   fail when they are not those of the sources
 *   node alpine-plugin/build.mjs --size    print the size of hyper.js, fail beyond the limit
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { minify } from 'terser'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const staticFolder = join(root, 'django_hyper', 'static', 'django_hyper')

/** What there is, rounded up to 50. The aim for all that is planned is 7,168. */
const maxBrotliBytes = 11_350

const read = (/** @type {string} */ path) => readFile(join(root, path), 'utf8')

/** @returns {Promise<string>} */
async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'alpine-plugin/register.js')],
    bundle: true,
    minifySyntax: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  })
  // 3 % less than esbuild's own minifier gives, compressed.
  const { code } = await minify(outputFiles[0].text, {
    compress: { passes: 3, ecma: 2020, hoist_funs: true, unsafe_arrows: true, unsafe_methods: true },
    format: { ecma: 2020 },
    toplevel: true,
  })
  if (!code?.startsWith('"use strict"')) {
    throw Error('hyper.js is not strict: a write that fails would do so without a word')
  }
  const { version } = JSON.parse(await read('package.json'))
  return `/*! django-hyper ${version}, MIT */\n${code}\n`
}

/** Alpine's packages ship no copy of their licence. */
async function alpineLicense() {
  const { author, repository } = JSON.parse(await read('node_modules/alpinejs/package.json'))
  return `alpine.js and alpine-csp.js are Alpine.js (${repository.url}).

MIT License

Copyright © 2019-2025 ${author} and contributors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`
}

/** @returns {Promise<Record<string, string>>} The static files, by name. */
async function makeFiles() {
  return {
    'hyper.js': await bundle(),
    'alpine.js': await read('node_modules/alpinejs/dist/cdn.min.js'),
    'alpine-csp.js': await read('node_modules/@alpinejs/csp/dist/cdn.min.js'),
    'LICENSE.alpine.txt': await alpineLicense(),
  }
}

async function writeFiles() {
  await mkdir(staticFolder, { recursive: true })
  for (const [name, text] of Object.entries(await makeFiles())) {
    await writeFile(join(staticFolder, name), text)
    console.log(`${name}: ${Buffer.byteLength(text)} bytes`)
  }
}

async function checkFiles() {
  for (const [name, text] of Object.entries(await makeFiles())) {
    const present = await readFile(join(staticFolder, name), 'utf8').catch(() => null)
    if (present !== text) {
      const what = present === null ? 'is missing' : 'is not what the sources give'
      console.error(
        `django_hyper/static/django_hyper/${name} ${what}; expected the built file. Run npm run build.`,
      )
      process.exitCode = 1
    }
  }
}

async function printSize() {
  const text = await bundle()
  const gzip = gzipSync(text, { level: 9 }).length
  const brotli = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
  console.log(
    `hyper.js: ${Buffer.byteLength(text)} bytes, gzip -9 ${gzip}, brotli -11 ${brotli} (at most ${maxBrotliBytes})`,
  )
  if (brotli > maxBrotliBytes) {
    console.error(
      `hyper.js has ${brotli} bytes after brotli -11; expected at most ${maxBrotliBytes}. Make it smaller.`,
    )
    process.exitCode = 1
  }
}

const tasks = { '--check': checkFiles, '--size': printSize }
await (tasks[/** @type {keyof typeof tasks} */ (process.argv[2])] ?? writeFiles)()
