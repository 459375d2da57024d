/**
 * What of git's own variables a caller's shell may pass on: how to reach and to whom to sign in. Not where the repository is
 * (GIT_DIR, GIT_INDEX_FILE …): inside of a hook they name another one than asked for.
 */
const KEPT =
  /^GIT_(SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+|PROXY_\w+|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|(KEY|VALUE)_\d+)|EXEC_PATH|HTTP_\w+)$/

const OURS = {
  // What can't be answered without a person fails at once, and says what was asked.
  GIT_TERMINAL_PROMPT: '0',
  SSH_ASKPASS_REQUIRE: 'never',
  // No `ext::` and no other helper that runs a command; plain http only as far as `checkSource` lets it.
  GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
  // Reading must not write into the user's repository, not even its index.
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  LC_ALL: 'C.UTF-8',
  LANGUAGE: 'C',
}

export function gitEnvironment(from: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(from).filter(([name]) => !name.startsWith('GIT_') || KEPT.test(name))
  return { ...Object.fromEntries(kept), ...OURS }
}

/** Before every command: nothing that a repository's own configuration names is run by reading it. */
export const SAFE_CONFIG = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'gc.autoDetach=false']
