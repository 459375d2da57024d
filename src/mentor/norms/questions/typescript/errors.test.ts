import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked, said } from '../asking.fixture.ts'

test('a catch says something or is empty', async () => {
  const text = `try { a() } catch {}
try { b() } catch (error) { log(error) }
try { c() } catch { /* c may be gone */ }`
  assert.deepEqual(await asked('errors/catch-empty', 'a.ts', text), [
    'catch → empty',
    'catch → says something',
    'catch → says something',
  ])
})

test('the cause is kept as argument or in an object, not by its message', async () => {
  const text = `try { a() } catch (error) {
  if (x) throw new Error('a', { cause: error })
  if (y) throw Lost('a', { error })
  if (z) throw new Bad('a: ' + error.message)
  if (u) throw make(error)
  list.map(() => { throw new Error('of another function') })
  throw error
}
try { b() } catch { throw new Error('b') }
throw new Error('outside')`
  assert.deepEqual(await asked('errors/cause-kept', 'a.ts', text), [
    "new Error('a', { cause: error }) → kept",
    "Lost('a', { error }) → kept",
    "new Bad('a: ' + error.message) → dropped",
    "new Error('b') → dropped",
  ])
})

test('what is thrown is an error or a plain value', async () => {
  assert.deepEqual(await asked('errors/throw-error', 'a.js', "throw new Error('a'); throw 'b'; throw later"), [
    "new Error('a') → an error",
    "'b' → a plain value",
  ])
  const { sketch } = await said('errors/throw-error', 'an error', 'a.js', "throw 'b'")
  assert.equal(sketch, "new Error('b')")
})

test('errors have a type of their own or not', async () => {
  assert.deepEqual(await asked('errors/own-type', 'a.ts', 'throw new Error(a); throw new Lost(a)'), [
    'new Error(a) → a bare Error',
    'new Lost(a) → a type of its own',
  ])
})

test('the name of what is caught, without its underscore', async () => {
  const text = 'try { a() } catch (_err) { try { b() } catch (inner) {} }\ntry { c() } catch ({ code }) {}'
  assert.deepEqual(await asked('errors/caught-name', 'a.ts', text), ['_err → err'])
  assert.match((await said('errors/caught-name', 'error', 'a.ts', text)).why, /`error`; `_err`/)
})

test('a binding that nothing reads', async () => {
  const text = 'try { a() } catch (e) { b() }\ntry { a() } catch { b() }\ntry { a() } catch (e) { b({ e }) }'
  assert.deepEqual(await asked('errors/unused-binding', 'a.ts', text), ['e → named and not used', 'catch → left out'])
})

test('a promise that nobody waits for handles its rejection or not', async () => {
  const text = `load().then(show)
load().then(show, fail)
load().then(show).finally(end).catch(fail)
const kept = load().then(show)
await load().then(show)`
  assert.deepEqual(await asked('errors/rejection', 'a.ts', text), [
    'then → left alone',
    'then → handled',
    'then → handled',
  ])
})
