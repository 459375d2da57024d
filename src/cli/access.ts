import { Argument, Command, Option } from 'commander'
import {
  type AssignmentBody,
  assignmentList,
  assignmentShape,
  type DecisionQuery,
  decisionShape,
  type ListedAssignment,
  type Lock,
  type LockBody,
  lockList,
  lockShape,
  nothing,
} from '../api/index.ts'
import { callApi } from './api-client.ts'
import {
  listPlaces,
  listRoles,
  pathIn,
  placeBy,
  principalBy,
  roleBy,
  type TenantOptions,
  tenantOptions,
} from './in-tenant.ts'
import { say, show } from './output.ts'

type AtOptions = TenantOptions & { at?: string }

export function accessCommand(): Command {
  return new Command('access')
    .description('Who may do what: roles given to principals, and locks that bind everybody.')
    .addHelpText(
      'after',
      `
Examples:
  towpath access list
  towpath access assign ann Contributor --at edge
  towpath access assign ops AcrPush --at team --if 'context has address && context.address.isInRange(ip("10.0.0.0/8"))'
  towpath access check ann registry/write --at team      what would be decided, and by which policy
  towpath access revoke asg_01k9
  towpath access lock no-delete --at edge --note "until the audit is over"
  towpath access locks
  towpath access unlock lck_01k9`,
    )
    .addCommand(listCommand())
    .addCommand(assignCommand())
    .addCommand(revokeCommand())
    .addCommand(checkCommand())
    .addCommand(lockCommand())
    .addCommand(locksCommand())
    .addCommand(unlockCommand())
}

function at(command: Command): Command {
  return tenantOptions(command).option(
    '--at <place>',
    'name, id or scope of a group or resource; else the whole tenant',
  )
}

function listCommand(): Command {
  return tenantOptions(new Command('list').description('Who has which role where, by delegations too.')).action(
    async (options: TenantOptions) => {
      const path = pathIn(options, 'assignments')
      const { assignments } = await callApi(options, { path, answer: assignmentList })
      await showAssignments(options, assignments, assignments)
    },
  )
}

function assignCommand(): Command {
  return at(new Command('assign').description('Give a principal a role.'))
    .argument('<principal>', 'name or id')
    .argument('<role>', 'name, id, or Azure’s id')
    .option('--if <condition>', 'a Cedar expression: it holds only where that is true', '')
    .action(async (who: string, what: string, options: AtOptions & { if: string }) => {
      const role = await roleBy(options, what)
      const principal = await principalBy(options, who)
      const body: AssignmentBody = {
        principalId: principal.id,
        roleId: role.id,
        scope: (await placeBy(options, options.at)).scope,
        condition: options.if,
      }
      const path = pathIn(options, 'assignments')
      const made = await callApi(options, { method: 'POST', path, body, answer: assignmentShape })
      if (options.if !== '' && role.dataActions.length > 0)
        say('A registry can not check conditions: to pull and push there, this opens nothing.')
      await showAssignments(options, made, [{ ...made, principalName: principal.name }])
    })
}

function revokeCommand(): Command {
  return tenantOptions(new Command('revoke').description('Take a role away, from the next request on.'))
    .argument('<id>', 'of the assignment')
    .action(async (id: string, options: TenantOptions) => {
      await callApi(options, { method: 'DELETE', path: pathIn(options, `assignments/${id}`), answer: nothing })
      say(`Assignment ${id} is revoked.`)
    })
}

function checkCommand(): Command {
  return at(new Command('check').description('What would be decided, and by which policy.'))
    .argument('<principal>', 'name or id')
    .argument('<action>', 'as in towpath role actions')
    .action(async (who: string, action: string, options: AtOptions) => {
      const query = new URLSearchParams({
        principal: (await principalBy(options, who)).id,
        action,
        scope: (await placeBy(options, options.at)).scope,
      } satisfies DecisionQuery)
      const made = await callApi(options, { path: pathIn(options, `decision?${query}`), answer: decisionShape })
      await show(options, made, {
        rows: [made],
        empty: '',
        columns: [
          { title: 'ALLOWED', text: row => (row.allowed ? 'yes' : 'no') },
          { title: 'POLICIES', text: row => row.policies.join(', ') },
          { title: 'REASON', text: row => row.reason },
        ],
      })
    })
}

type LockOptions = AtOptions & { note: string }

function lockCommand(): Command {
  return at(new Command('lock').description('Lock a place and what lies under it, against everybody.'))
    .addArgument(new Argument('<kind>', 'what it forbids').choices(['read-only', 'no-delete']))
    .addOption(new Option('--note <text>', 'why').default(''))
    .action(async (kind: LockBody['kind'], options: LockOptions) => {
      const body: LockBody = { kind, nodeId: (await placeBy(options, options.at)).id, note: options.note }
      const made = await callApi(options, { method: 'POST', path: pathIn(options, 'locks'), body, answer: lockShape })
      await showLocks(options, made, [made])
    })
}

function locksCommand(): Command {
  return tenantOptions(new Command('locks').description('What is locked.')).action(async (options: TenantOptions) => {
    const { locks } = await callApi(options, { path: pathIn(options, 'locks'), answer: lockList })
    await showLocks(options, locks, locks)
  })
}

function unlockCommand(): Command {
  return tenantOptions(new Command('unlock').description('Take a lock away.'))
    .argument('<id>', 'of the lock')
    .action(async (id: string, options: TenantOptions) => {
      await callApi(options, { method: 'DELETE', path: pathIn(options, `locks/${id}`), answer: nothing })
      say(`Lock ${id} is gone.`)
    })
}

async function showLocks(options: TenantOptions, whole: unknown, rows: readonly Lock[]) {
  const places = await listPlaces(options)
  await show(options, whole, {
    rows,
    empty: 'Nothing is locked.',
    columns: [
      { title: 'AT', text: row => places.find(place => place.id === row.nodeId)?.name ?? row.nodeId },
      { title: 'KIND', text: row => row.kind },
      { title: 'NOTE', text: row => row.note },
      { title: 'ID', text: row => row.id },
    ],
  })
}

async function showAssignments(options: TenantOptions, whole: unknown, rows: readonly ListedAssignment[]) {
  const [{ roles }, places] = [await listRoles(options), await listPlaces(options)]
  await show(options, whole, {
    rows,
    empty: 'There is none.',
    columns: [
      // A control of an earlier version tells no names.
      { title: 'PRINCIPAL', text: row => row.principalName || row.principalId },
      { title: 'ROLE', text: row => roles.find(role => role.id === row.roleId)?.name ?? row.roleId },
      { title: 'AT', text: row => places.find(place => place.scope === row.scope)?.name ?? row.scope },
      { title: 'IF', text: row => row.condition },
      { title: 'FROM', text: row => row.source },
      { title: 'ID', text: row => row.id },
    ],
  })
}
