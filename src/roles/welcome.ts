import { type InspectColor, styleText } from 'node:util'
import type { Config } from '../kernel/index.ts'
import { endpoints } from './endpoints.ts'

type Facts = {
  config: Config
  version: string
  /** The admin's first password where this start made it. */
  password: string | undefined
  /** It came from TOWPATH_ADMIN_PASSWORD: whoever set it knows it. */
  passwordGiven: boolean
  processes: number
  /** How this program is called: `npx towpath`, `node bin/towpath.mjs`. */
  command: string
  color: boolean
}

/** Where the command line looks by itself. */
const DEFAULT_SERVER = 'http://127.0.0.1:7070'

/** The first thing that a newcomer reads: what listens where, how to sign in, and the lines to type next. */
export function welcome(facts: Facts): string {
  const { config, version, password, passwordGiven, processes, command, color } = facts
  const paint = (style: InspectColor | InspectColor[], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text
  const title = (text: string) => `  ${paint('bold', text)}`
  const row = (name: string, text: string, note = '') =>
    `    ${paint('dim', name.padEnd(18))}${text}${note && paint('dim', `   ${note}`)}`
  const line = (text: string) => `    ${paint('cyan', text)}`
  const say = (text: string) => `    ${paint('dim', text)}`

  const at = endpoints(config)
  const registry = at.registry.replace(/^https?:\/\//, '')
  const plain = config.tls === undefined
  const secret = password !== undefined && !passwordGiven ? password : '<password>'

  const listens = [
    row('Registry', at.registry),
    ...Object.entries(at.regions).map(([name, url]) => row(`Region ${name}`, url)),
    row('Console and API', at.control),
    row('Data', config.home),
    row('Processes', String(processes)),
  ]
  const admin =
    password === undefined
      ? [
          row('User', 'admin'),
          say(`The password is the one of the first start. Lost? Stop this, then: ${command} admin rotate 1 --offline`),
        ]
      : passwordGiven
        ? [row('User', 'admin'), row('Password', 'the one in TOWPATH_ADMIN_PASSWORD', 'stored as a hash')]
        : [row('User', 'admin'), row('Password', paint('bold', password), 'shown this once, stored as a hash')]

  return [
    '',
    `  ${paint(['bold', 'cyan'], 'Towpath')} ${paint('dim', version)}`,
    '',
    ...listens,
    '',
    title('Admin'),
    ...admin,
    '',
    title('Sign in'),
    say('in a browser: the console'),
    line(at.control),
    say('here, by that browser'),
    line(`${command} login${at.control === DEFAULT_SERVER ? '' : ` --server ${at.control}`}`),
    '',
    title('Push an image'),
    say('skopeo'),
    line(`skopeo copy ${plain ? '--dest-tls-verify=false ' : ''}--dest-creds admin:${secret} \\`),
    line(`  docker://docker.io/library/alpine docker://${registry}/alpine:latest`),
    say('docker (or podman, with --tls-verify=false)'.replace(plain ? '' : ', with --tls-verify=false', '')),
    line(`docker login ${registry} -u admin`),
    line(`docker tag alpine ${registry}/alpine && docker push ${registry}/alpine`),
    say('no container tool: any folder'),
    line(`TOWPATH_PASSWORD='${secret}' ${command} oci push ./my-folder ${registry}/my-folder:v1`),
    '',
    say('Ctrl-C stops everything.'),
    '',
  ].join('\n')
}
