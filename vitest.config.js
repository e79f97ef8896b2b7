import { existsSync } from 'node:fs'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { actionServer } from './tests_js/server.js'

// The same engine without Chromium's own windows, which is quicker.
const shell = '/usr/bin/chromium-headless-shell'

const launchOptions = {
  executablePath: process.env.CHROMIUM ?? (existsSync(shell) ? shell : '/usr/bin/chromium'),
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--js-flags=--expose-gc',
  ],
}

/**
 * Tests in one build of Alpine.
 *
 * @param {string} name
 * @param {Record<string, string>} alias
 * @param {string} [files]
 */
function suite(name, alias, files = '**/*') {
  return {
    plugins: [actionServer()],
    resolve: { alias },
    optimizeDeps: { include: ['alpinejs', '@alpinejs/csp', 'alpinejs-oldest', 'fast-check'] },
    test: {
      name,
      provide: { fuzzSeed: process.env.FUZZ_SEED ? Number(process.env.FUZZ_SEED) : null },
      include: [`tests_js/${files}.test.js`],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions }),
        instances: [{ browser: 'chromium' }],
      },
    },
  }
}

export default defineConfig({
  test: {
    projects: [
      suite('alpine', {}),
      suite(
        'csp',
        { alpinejs: '@alpinejs/csp' },
        '{directives/*,action,events,form,items,morph,patch,state,streams,uploads,wire}',
      ),
      suite(
        'oldest',
        { alpinejs: 'alpinejs-oldest' },
        '{directives/*,action,events,form,items,morph,patch,state,streams,uploads}',
      ),
    ],
    coverage: {
      provider: 'istanbul',
      include: ['alpine-plugin/src/**'],
      thresholds: { branches: 95 },
    },
  },
})
