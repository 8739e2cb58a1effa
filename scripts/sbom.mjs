// Writes the bill of materials of the program, as CycloneDX 1.6: node scripts/sbom.mjs [PROGRAM] > circle.cdx.json
//
// It lists the crates that are linked into `circle` for this machine and the packages that are bundled into the page, with
// versions, licences and the checksums of the lock files. With PROGRAM it states the checksum of that file. The same
// inputs give the same bytes, so there is no date and no serial number.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const lines = (text) => text.split('\n').filter((line) => line !== '')
const run = (command, ...args) =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] })
const cargo = (...args) => run(process.env.CARGO ?? 'cargo', ...args, '--locked', '--offline')
const sorted = (items, key) => items.sort((a, b) => (key(a) < key(b) ? -1 : 1))

/** A component of the bill, from a package of either registry. */
function component({ kind, group, name, version, licence, hash }) {
  const path = group === undefined ? name : `${encodeURIComponent(group)}/${name}`
  const purl = `pkg:${kind}/${path}@${encodeURIComponent(version)}`
  return {
    type: 'library',
    'bom-ref': purl,
    ...(group === undefined ? {} : { group }),
    name,
    version,
    hashes: [hash],
    licenses: [{ expression: licence }],
    purl,
  }
}

/** The crates of other people in the program: what the tree of normal dependencies has, without macros. */
function crates(host) {
  const tree = cargo('tree', '-p', 'circle-cli', '-e', 'normal,no-proc-macro', '--target', host, '--prefix', 'none', '-f', '{p}')
  const linked = new Set(lines(tree).map((line) => line.split(' ').slice(0, 2).join(' ')))
  const metadata = JSON.parse(cargo('metadata', '--format-version', '1', '--filter-platform', host))
  const isLinked = ({ name, version }) => linked.has(`${name} v${version}`)
  const packages = new Map(metadata.packages.filter(isLinked).map((crate) => [crate.id, crate]))
  const checksums = checksumsOfLock()
  const refs = new Map()
  const components = []
  for (const crate of packages.values()) {
    if (crate.source === null) continue
    const { name, version, license } = crate
    const content = checksums.get(`${name} ${version}`)
    if (!license || content === undefined) throw new Error(`${name} ${version}: no licence or no checksum`)
    const licence = license.replaceAll(/ ?\/ ?/g, ' OR ')
    const made = component({ kind: 'cargo', name, version, licence, hash: { alg: 'SHA-256', content } })
    refs.set(crate.id, made['bom-ref'])
    components.push(made)
  }
  const edges = new Map()
  for (const node of metadata.resolve.nodes.filter(({ id }) => packages.has(id))) {
    // The crates of the workspace are one application.
    const from = refs.get(node.id) ?? 'circle'
    const normal = node.deps.filter(({ dep_kinds }) => dep_kinds.some(({ kind }) => kind === null))
    const to = normal.map(({ pkg }) => refs.get(pkg)).filter((ref) => ref !== undefined)
    edges.set(from, [...new Set([...(edges.get(from) ?? []), ...to])].sort())
  }
  return { components, edges, version: metadata.packages.find(({ name }) => name === 'circle-cli').version }
}

/** The checksums of Cargo.lock, by name and version. */
function checksumsOfLock() {
  const lock = readFileSync(`${root}/Cargo.lock`, 'utf8')
  const field = (block, name) => block.match(new RegExp(`^${name} = "(.*)"$`, 'm'))?.[1]
  const blocks = lock.split('[[package]]\n').slice(1)
  return new Map(blocks.map((block) => [`${field(block, 'name')} ${field(block, 'version')}`, field(block, 'checksum')]))
}

/** The packages of the page, without those that only build or test it. Those of Svelte's compiler are among them. */
function pagePackages() {
  const { packages } = JSON.parse(readFileSync(`${root}/web/package-lock.json`, 'utf8'))
  const bundled = Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.dev)
  const refs = new Map()
  const components = bundled.map(([path, { version, license, integrity }]) => {
    const [name, group] = path.split('node_modules/').at(-1).split('/').reverse()
    const digest = integrity?.match(/^sha512-(.*)$/)?.[1]
    if (!license || digest === undefined) throw new Error(`${path}: no licence or no SHA-512 in web/package-lock.json`)
    const hash = { alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }
    const made = component({ kind: 'npm', group, name, version, licence: license, hash })
    refs.set(path, made['bom-ref'])
    return made
  })
  const edges = new Map()
  const edgesOf = (path, { dependencies = {} }) =>
    Object.keys(dependencies).map((name) => refs.get(`${path}/node_modules/${name}`) ?? refs.get(`node_modules/${name}`))
  for (const [path, entry] of bundled) {
    edges.set(refs.get(path), edgesOf(path, entry).filter((ref) => ref !== undefined).sort())
  }
  return { components, edges, direct: edgesOf('', packages['']).filter((ref) => ref !== undefined) }
}

const program = process.argv[2]
const host = run(process.env.RUSTC ?? 'rustc', '-vV').match(/^host: (.*)$/m)[1]
const linked = crates(host)
const page = pagePackages()
const edges = new Map([...linked.edges, ...page.edges])
edges.set('circle', [...edges.get('circle'), ...page.direct].sort())
const bill = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: {
      type: 'application',
      'bom-ref': 'circle',
      name: 'circle',
      version: linked.version,
      description: `Living Circle, built for ${host}`,
      licenses: [{ expression: 'MIT OR Apache-2.0' }],
      ...(program === undefined
        ? {}
        : { hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(readFileSync(program)).digest('hex') }] }),
    },
  },
  components: sorted([...linked.components, ...page.components], (made) => made.purl),
  dependencies: sorted(
    [...edges].map(([ref, dependsOn]) => ({ ref, dependsOn })),
    ({ ref }) => ref,
  ),
}
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`)
