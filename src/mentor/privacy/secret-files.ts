import { createMatcher } from '../config/glob.ts'

/** Examples too: people fill them in where they lie. */
const isEnvironment = createMatcher(['.env*', '*.env', '*.env.*', '.flaskenv'])

const isKey = createMatcher([
  '*.{pem,key,p8,p12,pfx,jks,keystore,kdbx,ppk,asc,gpg,pgp,ovpn,mobileprovision}',
  'id_{rsa,dsa,ecdsa,ed25519}*',
  '{.ssh,.gnupg,.aws,.azure,.gcloud,.kube,.password-store,.vault-token}',
  '{.npmrc,.yarnrc.yml,.pypirc,.netrc,_netrc,.git-credentials,.pgpass,.my.cnf,.htpasswd,.dockercfg,.dockerconfigjson}',
  '**/.m2/settings.xml',
  '**/.docker/config.json',
  '**/.cargo/credentials*',
  '**/.config/gh/hosts.yml',
  '{credentials,credentials.*,*[-_]credentials.*,service[-_]account*.json,client_secret*.json}',
  '{secret,secrets}.*',
  '*.{secret,secrets,tfvars,tfvars.json,tfstate,tfstate.backup,kubeconfig}',
  'kubeconfig',
])

/** By its name alone, whatever its capitals. `path` goes from the root of the work tree. */
export function secretFile(path: string): 'is an environment file' | 'is a key or credential file' | undefined {
  const name = path.toLowerCase()
  if (isEnvironment(name)) return 'is an environment file'
  return isKey(name) ? 'is a key or credential file' : undefined
}
