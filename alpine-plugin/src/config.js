/**
 * Settings: Django's defaults, over them what `{% hyper_config %}` wrote, over that `configure()`.
 *
 * `csrf.token` is set only where the cookie cannot be read; `messages` are texts for visitors.
 */
export const config = {
  csrf: { cookie: 'csrftoken', header: 'X-CSRFToken', token: '' },
  messages: {
    network: 'The connection was lost. Please try again.',
    disconnected: 'The connection was lost. Please try again.',
    offline: 'You are offline. Please try again later.',
    timeout: 'This took too long. Please try again.',
    exception: 'This page has a fault. Please reload it.',
    unexpected_answer: 'The answer could not be read. Please try again.',
    not_same_origin: 'This page cannot do that. Please reload it.',
    too_large: 'This is too large to send.',
    dismiss: 'Dismiss',
  },
}

/** @typedef {{ csrf?: Partial<typeof config.csrf>, messages?: Partial<typeof config.messages> }} Settings */

/** @typedef {keyof typeof config.messages} ClientCode */

/**
 * Override settings: `Alpine.hyper.configure({messages: {network: '…'}})`.
 *
 * @param {Settings} settings
 */
export function configure({ csrf, messages }) {
  Object.assign(config.csrf, csrf)
  Object.assign(config.messages, messages)
}

/** Read what the server wrote into the page. */
export function readConfig() {
  const script = document.querySelector('script#hyper-config')
  try {
    configure(JSON.parse(script?.textContent || '{}'))
  } catch (error) {
    console.error('[hyper] #hyper-config is no JSON; expected what {% hyper_config %} writes.', error)
  }
}
