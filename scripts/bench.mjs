// Measures whole processes for docs/benchmarks.md: bench.mjs CIRCLE
// CPU seconds are medians of user + system time of the process; ratios are of runs side by side.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

const circle = process.argv[2] ?? 'target/release/circle';
const work = mkdtempSync(join(tmpdir(), 'circle-bench-'));
const RUNS = 15;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)];

/** CPU seconds (to the millisecond, from bash) and peak memory in MiB of one run. */
function measure(command, args) {
  const report = join(work, 'time');
  const script = `TIMEFORMAT='%3U %3S'; time /usr/bin/time -f %M -o ${report} "$@" >/dev/null 2>&1`;
  const run = spawnSync('bash', ['-c', script, 'bash', command, ...args], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${run.status}`);
  const [user, system] = run.stderr.trim().split(' ').map(Number);
  return { cpu: user + system, mib: Number(readFileSync(report, 'utf8').trim().split('\n').at(-1)) / 1024 };
}

function row(what, figure, target) {
  console.log(`${what.padEnd(62)} ${figure.padEnd(34)} ${target}`);
}

function importAgainstOsmium(name, extract, target) {
  const city = join(work, 'city.circle');
  const ours = [];
  const theirs = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const pair = [
      measure(circle, ['build', extract, '-o', city]),
      measure('osmium', ['fileinfo', '-e', extract]),
    ];
    if (run === 0) continue; // the first run fills the file cache
    ours.push(pair[0]);
    theirs.push(pair[1]);
  }
  const cpu = median(ours.map((it) => it.cpu));
  const other = median(theirs.map((it) => it.cpu));
  const mib = Math.max(...ours.map((it) => it.mib));
  const ratio = cpu / other;
  row(
    `circle build ${name}`,
    `${cpu.toFixed(3)} s, ${ratio.toFixed(1)} x osmium, ${mib.toFixed(0)} MiB`,
    target,
  );
}

function coverageFromExtract() {
  const runs = Array.from({ length: 5 }, () =>
    measure(circle, ['coverage', 'data/harbin.osm.pbf', '-o', join(work, 'coverage.csv')]),
  );
  row('extract to coverage table of Harbin', `${median(runs.map((it) => it.cpu)).toFixed(2)} s of CPU`, 'under 1 s');
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
function get(url) {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve(Buffer.concat(parts)) : reject(new Error(`${url}: ${answer.statusCode}`)),
        );
      })
      .on('error', reject);
  });
}

function serve(city) {
  const started = performance.now();
  const server = spawn(circle, ['serve', city, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const address = new Promise((resolve) => {
    server.stdout.once('data', (line) => resolve(String(line).trim()));
  });
  return { server, address, started };
}

async function firstAnswer(city) {
  for (const [what, path, target] of [
    ['answer (/api/settings)', '/api/settings', 'within 100 ms'],
    ['isochrone, 15 minutes', '/api/isochrones?at=126.63,45.76&minutes=15', ''],
  ]) {
    const times = [];
    for (let run = 0; run < 9; run += 1) {
      const { server, address, started } = serve(city);
      await get((await address) + path);
      times.push(performance.now() - started);
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
    }
    row(`circle serve CITY.circle: start to first ${what}`, `${median(times).toFixed(0)} ms`, target);
  }
}

async function isochrones(city) {
  const { server, address } = serve(city);
  const base = await address;
  const compounds = (await Promise.all(
    [0, 1000].map((offset) => get(`${base}/api/collections/compounds/items?limit=1000&offset=${offset}`)),
  )).flatMap((body) => JSON.parse(body).features.map((compound) => compound.id));
  const every = Math.floor(compounds.length / 300);
  const origins = Array.from({ length: 300 }, (_, number) => compounds[number * every]);
  const places = (await Promise.all(
    [0, 1000].map((offset) => get(`${base}/api/collections/gates/items?limit=1000&offset=${offset}`)),
  )).flatMap((body) => JSON.parse(body).features.map((gate) => gate.geometry.coordinates));
  const time = async (path) => {
    const begun = performance.now();
    await get(base + path);
    return performance.now() - begun;
  };
  const place = (number) => places[(number * 7) % places.length].join(',');
  for (const [what, path] of [
    ['one place', (number) => `/api/isochrones?at=${place(number)}&minutes=5,10,15`],
    ['all gates of a compound', (number) => `/api/isochrones?compound=${origins[number]}&minutes=5,10,15`],
  ]) {
    const first = [];
    const again = [];
    for (let number = 0; number < 300; number += 1) first.push(await time(path(number)));
    for (let pass = 0; pass < 2; pass += 1)
      for (let number = 0; number < 300; number += 1) again.push(await time(path(number)));
    row(
      `isochrones 5, 10, 15 over HTTP, ${what}`,
      `median ${median(again).toFixed(2)}, p99 ${quantile(again, 0.99).toFixed(1)} ms`,
      'median under 2 ms',
    );
    row('  the first 300, in parts of the city not requested before', `median ${median(first).toFixed(1)} ms`, '');
  }
  server.kill();
}

/** 100,000 rows in the form that Amap exports, within 120 m of the map's facilities; the same rows in every run. */
async function ownFiles(city) {
  const { server, address } = serve(city);
  const base = await address;
  const pages = [0, 1000, 2000].map((offset) => get(`${base}/api/collections/facilities/items?limit=1000&offset=${offset}`));
  const places = (await Promise.all(pages)).flatMap((body) =>
    JSON.parse(body).features.map((facility) => facility.geometry.coordinates),
  );
  server.kill();
  let state = 1;
  const below = (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
  const kinds = [
    ['大药房', '090601'], ['便利店', '060200'], ['超市', '060400'], ['诊所', '090300'], ['社区卫生服务站', '090102'],
    ['小学', '141203'], ['幼儿园', '141204'], ['菜鸟驿站', '070500'], ['理发店', '071100'], ['饭店', '050100'],
  ];
  const letters = () => String.fromCodePoint(...Array.from({ length: 3 }, () => 0x4e00 + below(800)));
  const rows = ['id,name,type,typecode,address,location'];
  for (let row = 0; row < 100_000; row += 1) {
    const [kind, code] = kinds[below(kinds.length)];
    const [lon, lat] = places[below(places.length)];
    const east = (below(2001) - 1000) / 1000 * 120 / 77_850;
    const north = (below(2001) - 1000) / 1000 * 120 / 111_170;
    rows.push(`B${row},${letters()}${kind},x;y;z,${code},某路${row}号,"${(lon + east).toFixed(6)},${(lat + north).toFixed(6)}"`);
  }
  writeFileSync(join(work, 'places.csv'), rows.join('\n'));
  const without = Array.from({ length: 5 }, () => measure(circle, ['build', 'data/harbin.osm.pbf', '-o', city]));
  for (const crs of ['wgs84', 'detect']) {
    const list = join(work, 'OWN.toml');
    writeFileSync(list, `[[source]]\npath = "places.csv"\nlayer = "facilities"\ncrs = "${crs}"\n`);
    const runs = Array.from({ length: 5 }, () =>
      measure(circle, ['build', 'data/harbin.osm.pbf', '--own', list, '-o', city]),
    );
    const cpu = median(runs.map((it) => it.cpu)) - median(without.map((it) => it.cpu));
    const mib = Math.max(...runs.map((it) => it.mib)) - Math.max(...without.map((it) => it.mib));
    row(`100,000 own rows, crs = "${crs}", on top of the build`, `${cpu.toFixed(2)} s of CPU, ${mib.toFixed(0)} MiB`, 'under 2 s');
  }
}

const machine = `${cpus().length} x ${cpus()[0].model}`;
console.log(machine);
row('what', 'measured', 'target');
importAgainstOsmium('Harbin', 'data/harbin.osm.pbf', 'at most 6 x, 150 MiB');
importAgainstOsmium('Porto, streets only', 'benches/data/porto.osm.pbf', 'at most 3 x');
coverageFromExtract();
const city = join(work, 'city.circle');
execFileSync(circle, ['build', 'data/harbin.osm.pbf', '-o', city], { stdio: 'ignore' });
await firstAnswer(city);
await isochrones(city);
await ownFiles(city);
agent.destroy();
rmSync(work, { recursive: true });
