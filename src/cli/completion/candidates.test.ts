import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command, Option } from 'commander'
import { candidatesOf } from './candidates.ts'
import { typedWords } from './typed-words.ts'

const many = (value: string, before: string[]) => [...before, value]
const hook = (name: string) =>
  new Command(name)
    .argument('[name]')
    .option('-r, --registry <name>', 'which registry')
    .option('--repository <name>', 'in which repository')
    .option('--region <name>', 'in which region')
    .addOption(new Option('--host <host>').argParser(many).default([]))
    .addOption(new Option('--actions <actions...>').choices(['push', 'delete']))
    .addOption(new Option('--status <status>').choices(['enabled', 'disabled']))
    .addOption(new Option('--secret <x>').hideHelp())
    .option('-y, --yes', 'really')
const program = new Command('towpath')
  .addCommand(new Command('webhook').summary('hooks').addCommand(hook('show')).addCommand(hook('create')))
  .addCommand(new Command('group').addCommand(new Command('move').argument('<what>').option('--in <group>')))
  .addCommand(new Command('hidden').addCommand(new Command('x')), { hidden: true })

const words = (...typed: string[]) => candidatesOf(program, typed).candidates.map(({ word }) => word)
const subject = (...typed: string[]) => candidatesOf(program, typed).names?.subject

test('commands below commands, with what they are for; hidden ones are not offered', () => {
  assert.deepEqual(candidatesOf(program, ['']).candidates[0], { word: 'webhook', means: 'hooks' })
  assert.deepEqual(words(''), ['webhook', 'group', 'help'])
  assert.deepEqual(words('webhook', 's'), ['show', 'create', 'help'])
})

test('options: those that are left, and several times what may be repeated', () => {
  assert.deepEqual(words('webhook', 'show', '-'), [
    '--registry',
    '--repository',
    '--region',
    '--host',
    '--actions',
    '--status',
    '--yes',
    '--help',
  ])
  assert.deepEqual(words('webhook', 'show', '-r', 'x', '--host', 'a', '--yes', '--'), [
    '--repository',
    '--region',
    '--host',
    '--actions',
    '--status',
    '--help',
  ])
})

test('choices, after a space, after "=", and one after the other', () => {
  assert.deepEqual(words('webhook', 'show', '--status', ''), ['enabled', 'disabled'])
  assert.deepEqual(words('webhook', 'show', '--status='), ['--status=enabled', '--status=disabled'])
  assert.deepEqual(words('webhook', 'show', '--actions', 'push', ''), ['push', 'delete'])
  assert.deepEqual(words('webhook', 'show', '--nothing='), [])
})

test('names are wanted of what the command is about, with what was given before', () => {
  assert.deepEqual(candidatesOf(program, ['webhook', 'show', '-r', 'team', '']).names, {
    subject: 'webhook',
    given: { registry: 'team' },
    prefix: '',
  })
  assert.equal(subject('webhook', 'create', ''), undefined, 'a new name is nobody’s')
  assert.equal(subject('webhook', 'create', '-r', ''), 'registry')
  assert.equal(candidatesOf(program, ['webhook', 'show', '--registry=']).names?.prefix, '--registry=')
  assert.equal(subject('webhook', 'show', '--region', ''), 'region')
  assert.equal(subject('webhook', 'show', '--repository', ''), 'repository of a registry')
  assert.equal(subject('group', 'move', 'x', '--in', ''), 'group')
  assert.equal(subject('webhook', 'show', 'one', ''), undefined, 'it takes one name')
})

test('bash gives words with their quotes', () => {
  assert.deepEqual(typedWords(['plain', '"Ann Smith"', "'a\\b'", 'a\\ b', '"open \\"quo', '']), [
    'plain',
    'Ann Smith',
    'a\\b',
    'a b',
    'open "quo',
    '',
  ])
})
