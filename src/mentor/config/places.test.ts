import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placesOf } from './places.ts'

test('by XDG, below the home where nothing is said, and as the variables of the mentor have it', () => {
  const usual = { cache: '/home/joe/.cache/towpath/mentor', state: '/home/joe/.local/state/towpath/mentor' }
  assert.deepEqual(placesOf({}, '/home/joe'), usual)
  const xdg = { XDG_CACHE_HOME: '/c', XDG_STATE_HOME: '/s' }
  assert.deepEqual(placesOf(xdg, '/home/joe'), { cache: '/c/towpath/mentor', state: '/s/towpath/mentor' })
  const own = { ...xdg, TOWPATH_MENTOR_CACHE: '/mc', TOWPATH_MENTOR_STATE: '/ms' }
  assert.deepEqual(placesOf(own, '/home/joe'), { cache: '/mc', state: '/ms' })
  assert.deepEqual(placesOf({ XDG_CACHE_HOME: 'relative', TOWPATH_MENTOR_STATE: '' }, '/home/joe'), usual)
})
