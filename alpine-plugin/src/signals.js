import { complain } from './errors.js'
import { isObject } from './protocol.js'

const unsafe = ['__proto__', 'constructor', 'prototype']

/**
 * Write a value into a reactive object: objects merge deeply, arrays and scalars replace.
 *
 * @param {Record<string, any>} target
 * @param {string} name
 * @param {any} value Parsed JSON; `target` keeps none of its objects.
 */
export function write(target, name, value) {
  if (unsafe.includes(name)) {
    complain(`a signal is named '${name}'`, 'a safe name')
  } else {
    target[name] = Object(value) === value ? merged(has(target, name) && target[name], value) : value
  }
}

/**
 * Whether Alpine would write the name into this object.
 *
 * @param {object} target
 * @param {string} name
 */
export function has(target, name) {
  return Object.hasOwn(target, name) || (name in target && !(name in Object.prototype))
}

/**
 * @param {unknown} present
 * @param {unknown} value
 * @returns {unknown}
 */
function merged(present, value) {
  if (Array.isArray(value)) {
    return value.map((each) => merged(null, each))
  }
  if (!isObject(value)) {
    return value
  }
  const target = isObject(present) ? present : {}
  for (const name of Object.keys(value)) {
    write(target, name, value[name])
  }
  return target
}
