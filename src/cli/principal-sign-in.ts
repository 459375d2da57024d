import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import {
  type Certificate,
  certificateShape,
  type Federation,
  federationShape,
  nothing,
  wholePrincipalShape,
} from '../api/index.ts'
import { callApi } from './api-client.ts'
import { FileUnreadable, NotInTenant } from './failures.ts'
import { pathIn, principalBy, type TenantOptions, tenantOptions } from './in-tenant.ts'
import { say, show, timeText } from './output.ts'

/** By the key of a certificate: the key itself stays where it is. */
export function certificateCommand(): Command {
  return new Command('certificate')
    .description('Certificates by whose key a service principal or an agent signs in.')
    .addHelpText(
      'after',
      `
Examples:
  openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=deployer \\
    -keyout deployer.key -out deployer.pem
  towpath principal certificate add deployer deployer.pem
  towpath principal certificate list deployer

It signs in at the API by a JWT that the key signs (RFC 7523): iss and sub are
its client id, aud is <server>/oauth2/token, jti is new each time, and x5t#S256
in the header names the certificate. It is sent to POST /oauth2/token with
grant_type=client_credentials, client_assertion and client_assertion_type.`,
    )
    .addCommand(
      tenantOptions(new Command('add').description('Register a certificate; its private key stays where it is.'))
        .argument('<principal>', 'a service principal or an agent, by name or id')
        .argument('<file>', 'the certificate, PEM')
        .action(async (text: string, file: string, options: TenantOptions) => {
          const body = { certificate: await readText(file) }
          const path = await pathOf(options, text, 'certificates')
          const made = await callApi(options, { method: 'POST', path, body, answer: certificateShape })
          await showCertificates(options, made, [made])
        }),
    )
    .addCommand(
      tenantOptions(new Command('list').description('What it may sign in by, and until when.'))
        .argument('<principal>', 'name or id')
        .action(async (text: string, options: TenantOptions) => {
          const { certificates = [] } = await whole(options, text)
          await showCertificates(options, certificates, certificates)
        }),
    )
    .addCommand(removeCommand('certificates', '<certificate>'))
}

/** By the token of an issuer: nothing is kept anywhere. */
export function federationCommand(): Command {
  return new Command('federation')
    .description('Issuers by whose tokens a service principal or an agent signs in: GitHub, GitLab, Kubernetes.')
    .addHelpText(
      'after',
      `
Examples:
  towpath principal federation add deployer --audience towpath \\
    --issuer https://token.actions.githubusercontent.com \\
    --subject repo:octo/app:environment:production
  towpath principal federation list deployer

It signs in at the API by such a token (RFC 7523): POST /oauth2/token with
grant_type=client_credentials, client_id, client_assertion and
client_assertion_type. An issuer in a private network must be named by
outbound.allow in towpath.yaml.`,
    )
    .addCommand(
      tenantOptions(new Command('add').description('Trust tokens of one issuer, for one audience and subject.'))
        .argument('<principal>', 'a service principal or an agent, by name or id')
        .requiredOption('--issuer <url>', 'the "iss" of its tokens')
        .requiredOption('--audience <text>', 'the "aud", letter by letter')
        .requiredOption('--subject <text>', 'the "sub", letter by letter')
        .action(async (text: string, options: TenantOptions & Omit<Federation, 'id' | 'createdAt'>) => {
          const { issuer, audience, subject } = options
          const path = await pathOf(options, text, 'federations')
          const body = { issuer, audience, subject }
          const made = await callApi(options, { method: 'POST', path, body, answer: federationShape })
          await showFederations(options, made, [made])
        }),
    )
    .addCommand(
      tenantOptions(new Command('list').description('Whose tokens it may sign in by.'))
        .argument('<principal>', 'name or id')
        .action(async (text: string, options: TenantOptions) => {
          const { federations = [] } = await whole(options, text)
          await showFederations(options, federations, federations)
        }),
    )
    .addCommand(removeCommand('federations', '<federation>'))
}

function removeCommand(kind: 'certificates' | 'federations', argument: string): Command {
  return tenantOptions(new Command('remove').description('Take it away; what was signed in by it ends at once.'))
    .argument('<principal>', 'name or id')
    .argument(argument, 'its id')
    .action(async (text: string, id: string, options: TenantOptions) => {
      const held = await whole(options, text)
      // The API takes a second removal for the answer to a lost one; a person who mistypes must hear of it.
      if (!held[kind]?.some(one => one.id === id)) throw NotInTenant(kind.slice(0, -1), id, options.tenant, 0)
      const path = pathIn(options, `principals/${held.id}/${kind}/${encodeURIComponent(id)}`)
      await callApi(options, { method: 'DELETE', path, answer: nothing })
      say(`${id} signs nobody in any more.`)
    })
}

async function pathOf(options: TenantOptions, text: string, kind: string): Promise<string> {
  return pathIn(options, `principals/${(await principalBy(options, text)).id}/${kind}`)
}

async function whole(options: TenantOptions, text: string) {
  const path = pathIn(options, `principals/${(await principalBy(options, text)).id}`)
  return callApi(options, { path, answer: wholePrincipalShape })
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw FileUnreadable(path, error instanceof Error && 'code' in error ? String(error.code) : 'no text').from(error)
  }
}

function showCertificates(options: TenantOptions, all: unknown, rows: readonly Certificate[]): Promise<void> {
  return show(options, all, {
    rows,
    empty: 'There is none.',
    columns: [
      { title: 'ID', text: row => row.id },
      { title: 'SUBJECT', text: row => row.subject },
      { title: 'EXPIRES', text: row => timeText(row.notAfter) },
      { title: 'X5T#S256', text: row => row.thumbprint },
    ],
  })
}

function showFederations(options: TenantOptions, all: unknown, rows: readonly Federation[]): Promise<void> {
  return show(options, all, {
    rows,
    empty: 'There is none.',
    columns: [
      { title: 'ID', text: row => row.id },
      { title: 'ISSUER', text: row => row.issuer },
      { title: 'AUDIENCE', text: row => row.audience },
      { title: 'SUBJECT', text: row => row.subject },
    ],
  })
}
