/**
 * The peers of the plugin, at their versions, installed into `benchmarks/peers/`, which Git ignores.
 *
 * Those of npm come by npm; those whose JavaScript is inside a Python wheel by pip. One that cannot be
 * installed is named and left out.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const folder = join(root, 'benchmarks/peers')
const own = (/** @type {string} */ path) => join(root, 'node_modules', path)

/** @type {Record<string, { version: string, files: string[], wheel?: boolean, shown?: string }>} Files in their order. */
const PACKAGES = {
  '@alpinejs/morph': { version: '3.17.4', files: ['dist/cdn.min.js'] },
  '@imacrayon/alpine-ajax': { version: '0.12.7', files: ['dist/cdn.min.js'] },
  idiomorph: { version: '0.8.0', files: ['dist/idiomorph.min.js'] },
  hyperdjango: {
    version: '0.45.0',
    files: ['hyperdjango/static/hyperdjango/hyper.js', 'hyperdjango/static/hyperdjango/hyper-alpine.js'],
    wheel: true,
  },
  tetra: { version: '0.9.2', files: ['tetra/static/tetra/js/tetra.js'], wheel: true },
  djust: { version: '1.2.0', files: ['djust/static/djust/client.js'], wheel: true },
  // Datastar is in no registry; this wheel has its bundle, unchanged.
  starhtml: {
    version: '0.5.0',
    shown: '0.5.0, with datastar 1.0.0-RC.7',
    files: ['starhtml/static/datastar.js'],
    wheel: true,
  },
}

/** What our own package.json has already. */
const OURS = {
  alpinejs: ['alpinejs/dist/cdn.min.js'],
  'htmx.org': ['htmx4/dist/htmx.js', 'htmx4/dist/ext/hx-sse.js'],
}

/** @type {Record<string, string>} By package, for the report. */
export const versions = { alpinejs: versionOf('alpinejs'), 'htmx.org': versionOf('htmx4') }

/** @type {{ who: string, why: string }[]} */
export const skipped = []

/**
 * The files of a package, installed where it is not.
 *
 * @param {string} name
 * @returns {string[] | null} Null where it cannot be had.
 */
export function filesOf(name) {
  if (name in OURS) {
    return OURS[/** @type {keyof typeof OURS} */ (name)].map(own)
  }
  const { version, files, wheel, shown = version } = PACKAGES[name]
  const place = join(folder, `${name.replace('/', '-')}-${version}`)
  const paths = files.map((file) => join(place, wheel ? '' : `node_modules/${name}`, file))
  try {
    if (!paths.every(existsSync)) {
      process.stderr.write(`installing ${name} ${version}\n`)
      mkdirSync(place, { recursive: true })
      execFileSync(...(wheel ? pip(name, version, place) : npm(name, version, place)), { stdio: 'pipe' })
    }
    versions[name] = shown
    return paths
  } catch (error) {
    if (!skipped.some(({ who }) => who === name)) {
      skipped.push({ who: name, why: `cannot be installed: ${String(error).split('\n')[0]}` })
    }
    return null
  }
}

/**
 * @param {string} name
 * @param {string} version
 * @param {string} place
 * @returns {[string, string[]]}
 */
function npm(name, version, place) {
  return [
    'npm',
    ['install', '--silent', '--no-save', '--ignore-scripts', '--prefix', place, `${name}@${version}`],
  ]
}

/**
 * Only its files are read, so any Python that it is made for will do.
 *
 * @param {string} name
 * @param {string} version
 * @param {string} place
 * @returns {[string, string[]]}
 */
function pip(name, version, place) {
  const binary = existsSync(join(root, '.venv/bin/python')) ? join(root, '.venv/bin/python') : 'python3'
  const python = ['--python-version', '3.13', '--only-binary=:all:', '--no-deps', '--upgrade']
  return [binary, ['-m', 'pip', 'install', '--quiet', '--target', place, ...python, `${name}==${version}`]]
}

/** @param {string} name */
function versionOf(name) {
  const command = `process.stdout.write(require(${JSON.stringify(own(`${name}/package.json`))}).version)`
  return execFileSync(process.execPath, ['-e', command], { encoding: 'utf8' })
}
