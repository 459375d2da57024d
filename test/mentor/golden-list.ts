/** Where sources come from, at one version each, with the checksum of what is brought. */
export type Origin =
  | { readonly from: 'npm'; readonly package: string; readonly integrity: string }
  | { readonly from: 'pypi'; readonly package: string; readonly sha256: string }
  | { readonly from: 'go'; readonly package: string; readonly sum: string }
  | { readonly from: 'debian'; readonly package: string; readonly file: string; readonly sha256: string }

export type GoldenLanguage = 'typescript' | 'javascript' | 'python' | 'go' | 'java' | 'csharp'

export type GoldenPin = {
  /** As it would stand in archangel.json. */
  readonly name: string
  /** The one that most of it is written in. */
  readonly language: GoldenLanguage
  readonly version: string
  readonly origin: Origin
  /** Folders that are taken, without those that a build made; all where none is named. */
  readonly take?: readonly string[]
}

function npm(name: string, version: string, integrity: string, take: readonly string[], from: Named = {}): GoldenPin {
  const origin = { from: 'npm', package: from.package ?? lastOf(name), integrity: `sha512-${integrity}` } as const
  return { name, language: from.language ?? 'typescript', version, origin, take }
}

function pypi(name: string, version: string, sha256: string): GoldenPin {
  return { name, language: 'python', version, origin: { from: 'pypi', package: lastOf(name), sha256 } }
}

function go(name: string, module: string, version: string, sum: string): GoldenPin {
  return { name, language: 'go', version, origin: { from: 'go', package: module, sum: `h1:${sum}` } }
}

type Debian = { language: GoldenLanguage; package: string; file: string; sha256: string }

function debian(name: string, version: string, { language, ...rest }: Debian): GoldenPin {
  return { name, language, version, origin: { from: 'debian', ...rest } }
}

type Named = { package?: string; language?: GoldenLanguage }
const lastOf = (name: string) => name.slice(name.lastIndexOf('/') + 1)
const js = { language: 'javascript' } as const

export const goldenPins: readonly GoldenPin[] = [
  npm(
    'colinhacks/zod',
    '4.6.7',
    'g8W2D2kU6a8untc053fX1uVBKzM7yqAxW/3zwk83+6RyF2+SKOuV+c0wBDhUwzV1PaGapmZH+rmcUzPf+3CGwg==',
    ['src'],
  ),
  npm(
    'mswjs/msw',
    '2.15.0',
    '2wQAmKkQKxRuXvYJxVhPGG0wZNBQyD06oJvxqw90XqLvptdqxdlHrFUfEteKkpaNORX3Xzc+HtEl/q0nfmN2wQ==',
    ['src'],
  ),
  npm(
    'effect-ts/effect',
    '4.1.0',
    'lGx2MJJyrXA8RZb2UpQ/0Nkb5Utaimby7oD92+18noBxLPE85IFOvptdzau8dvcxAOwfwHo9iqapbKeFzqQM/Q==',
    ['src'],
  ),
  npm(
    'mongodb/node-mongodb-native',
    '7.9.0',
    'HfpNb8qmfmNxno+Ml5JgHn/nyshK+8xF4ESLCXedRKuGLGRyAvkjcpjk19T2Q+rqC6/FlnZKll4if21R6xs/Tg==',
    ['src'],
    { package: 'mongodb' },
  ),
  npm(
    'reduxjs/redux-toolkit',
    '2.14.0',
    'm/PxMwRe0xLL6XUsAgy0YjInklHcfi9uMwFhJk+QINqjxqPvyc89T5cMjszA5bDmTE0gwGc7zr9LRO4gL+mhaw==',
    ['src'],
    { package: '@reduxjs/toolkit' },
  ),
  npm(
    'fastify/fastify',
    '5.12.8',
    'moP8exb2sCHLUbJkwp+I6C0padhy4D8lp0SdmzY7HhSdZuqm7O/u3o2aq7u8okaQ//33QDzj3G/u+FsSdB8Qzw==',
    ['lib', 'test', 'examples', 'fastify.js'],
    js,
  ),
  npm(
    'pinojs/pino',
    '10.4.0',
    'bk1ZMTwG/Vymx+zPoa28MhNzucFvXJWp3csrSuxuHPSMeUettaCoQ5Jvg07mtC4JGNpcfTwz41oVCnNgBK9+vA==',
    ['lib', 'test', 'examples', 'pino.js'],
    js,
  ),
  debian('eslint/eslint', '6.4.0~dfsg+~6.1.9-7', {
    language: 'javascript',
    package: 'eslint',
    file: 'eslint_6.4.0~dfsg+~6.1.9.orig.tar.xz',
    sha256: 'b4d47ac753266cfa715c544abeaa837b10e377d9187e757df607d73cab6410b0',
  }),
  pypi('python-trio/trio', '0.35.0', '9a062a029487c1bdbcc1b2543b729a0bde857ce478b1512c84f391f628e0c5c9'),
  pypi('networkx/networkx', '3.6.1', 'd47fbf302e7d9cbbb9e2555a0d267983d2aa476bac30e90dfbe5669bd57f3762'),
  pypi('dask/dask', '2026.8.0', 'ccc0c83a189b0398602435189771d28dad7b5773b6089bb8dce14ae732dd782c'),
  pypi('pydata/xarray', '2026.9.0', 'fe349fa871628b1a0a5217af3fe1283a2862d5485156e6eda354fffb81c3bb7c'),
  pypi('twisted/twisted', '26.10.0', '3732f42af218925a0fe78d6668db55853f7fb532245a89a2669babe7d3000fa8'),
  go('helm/helm', 'helm.sh/helm/v3', 'v3.22.0', 'n1if5iQgHYsujPAcO5oonH/KiSNUmqmUF0iGVjSF3AU='),
  go(
    'google/go-containerregistry',
    'github.com/google/go-containerregistry',
    'v0.22.1',
    'RZuuSYhTvlDvtsK+NkutoCZ//C0X2ebLK8X8l3ULs84=',
  ),
  go('go-chi/chi', 'github.com/go-chi/chi/v5', 'v5.5.0', 'xdKQ1dJmVJsmgahrXSKhUx8NyVPzpwdlyrrQFpMPJgg='),
  go('spf13/cobra', 'github.com/spf13/cobra', 'v1.10.2', 'DMTTonx5m65Ic0GOoRY2c16WCbHxOOw6xxezuLaBpcU='),
  go(
    'prometheus/client_golang',
    'github.com/prometheus/client_golang',
    'v1.25.0',
    'cDtW1TcFsMi1RJc8khwCKB4VhzwV04aKqbYtNOXuiK0=',
  ),
  debian('apache/commons-io', '2.11.0-2', {
    language: 'java',
    package: 'commons-io',
    file: 'commons-io_2.11.0.orig.tar.gz',
    sha256: '5a55361cf2b97228f94b3c65e3a4af784581debe322be551c44b2776db1c6483',
  }),
  debian('apache/commons-lang', '3.12.0-2+deb12u1', {
    language: 'java',
    package: 'libcommons-lang3-java',
    file: 'libcommons-lang3-java_3.12.0.orig.tar.xz',
    sha256: 'f7c22574707611b63bae19ff17f59e24cdd32e2b0e61a50ec9b1b525fbc909d1',
  }),
  debian('junit-team/junit5', '5.9.2-1', {
    language: 'java',
    package: 'junit5',
    file: 'junit5_5.9.2.orig.tar.xz',
    sha256: '30f6f0370ca02802843a4b46b0f3acc85c88ac558937c78a61ff4f825c7bf8cb',
  }),
  debian('jamesnk/newtonsoft-json', '6.0.8+dfsg-1.1', {
    language: 'csharp',
    package: 'newtonsoft-json',
    file: 'newtonsoft-json_6.0.8+dfsg.orig.tar.gz',
    sha256: '3b7c77da971bbe1c6fdbb5cbb634d106a86aa30c82647abd9b23d2f31be0c630',
  }),
  debian('nunit/nunit', '2.6.4+dfsg-1.1', {
    language: 'csharp',
    package: 'nunit',
    file: 'nunit_2.6.4+dfsg.orig.tar.bz2',
    sha256: 'daebaa04b4a4ccd2ecf120e8d6f315ef51092d06a6aa42223a12fc2cee3dd361',
  }),
  debian('dlech/keepass2', '2.47+dfsg-2', {
    language: 'csharp',
    package: 'keepass2',
    file: 'keepass2_2.47+dfsg.orig.tar.xz',
    sha256: '023ec3ec467c24b5bbc839973427cd2c0c31ab6f2f209d6172e68b56a5039309',
  }),
]
