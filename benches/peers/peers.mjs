// Comparison with other engines: peers.mjs CIRCLE [isochrones|graph|memory|load]...
// The engines perform the same tasks alternately, each in its own process; medians of CPU time.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { graphRows, print } from './graph.mjs';
import { circleServer, load, resident, valhallaServer, valhallaTiles } from './servers.mjs';

const [circle = 'target/release/circle', ...chosen] = process.argv.slice(2);
const isChosen = (part) => chosen.length === 0 || chosen.includes(part);
const here = 'benches/peers';
const work = 'target/peers';
const python = join(work, 'venv/bin/python');
const wheel = join(work, 'pyvalhalla');
const ROUNDS = 3;
const CITIES = [
  { name: 'Porto', extract: 'benches/data/porto.osm.pbf', targets: { all: 1 / 8, dense: 1 / 6 } },
  { name: 'Harbin', extract: 'data/harbin.osm.pbf', targets: { all: 1 / 4 }, pairs: '0.5 %, 95 of 100' },
  {
    name: 'Heidelberg',
    extract: 'benches/data/heidelberg-ors.osm.pbf',
    targets: {},
    pairs: '0.5 %, 85 of 100',
  },
];

mkdirSync(work, { recursive: true });
const run = (command, args) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 });
const folder = 'target/release/deps';
const ours = readdirSync(folder)
  .filter((name) => /^ours-[0-9a-f]+$/.test(name))
  .map((name) => join(folder, name))
  .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
const valhalla = join(here, 'node_modules/@valhallajs/valhallajs/bin/valhalla-cli.js');
const last = (text) => JSON.parse(text.trim().split('\n').at(-1) || 'null');
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

console.log(`${cpus().length} x ${cpus()[0].model}`);
if (isChosen('isochrones')) isochrones();
if (isChosen('graph')) graphs();
if (isChosen('memory')) await memory();
if (isChosen('load')) await loaded();

function cityOf(name, extract) {
  const city = join(work, `${name}.circle`);
  run(circle, ['build', extract, '-o', city]);
  return city;
}

function originsOf(name, city, area) {
  const origins = join(work, `${name}-${area}.csv`);
  writeFileSync(origins, run(ours, ['origins', city, '1000', ...(area === 'dense' ? ['dense'] : [])]));
  return origins;
}

function isochrones() {
  console.log('isochrones of 5, 10 and 15 minutes as GeoJSON, 1,000 origins, CPU milliseconds');
  console.log('city    origins   ours p50   Valhalla p50   ratio   target');
  const lengths = [];
  for (const { name, extract, targets, pairs } of CITIES) {
    const city = cityOf(name, extract);
    const config = join(work, `${name}.json`);
    writeFileSync(config, run('node', [valhalla, 'build_config', '--mjolnir-tile-dir', join(work, name)]));
    run('node', [valhalla, 'build_tiles', '-c', config, extract]);
    for (const [area, share] of Object.entries(targets)) {
      const origins = originsOf(name, city, area);
      const mine = [];
      const theirs = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        mine.push(last(run(ours, ['isochrones', city, origins, '1'])).median_ms);
        theirs.push(last(run('node', [join(here, 'valhalla.mjs'), 'isochrones', config, origins, '1'])).median_ms);
      }
      const [a, b] = [median(mine), median(theirs)];
      console.log(
        `${name.padEnd(7)} ${area.padEnd(9)} ${a.toFixed(2).padStart(8)} ${b.toFixed(2).padStart(14)} ` +
          `${(a / b).toFixed(2).padStart(7)}   at most ${share.toFixed(3)}`,
      );
    }
    if (pairs) {
      for (const on of ['streets', 'all']) {
        lengths.push([name, on, on === 'streets' ? pairs : '', comparison(name, on, city, config)]);
      }
    }
  }
  console.log('metres of the shortest walk, 1,000 pairs of places at a distance of 200 to 1,500 m, planning against `shortest`');
  console.log('city         places on      pairs   median difference   within 2 %   with costs of steps and ferries   target');
  for (const [name, on, target, [{ compared, typical, close }, plain]] of lengths) {
    const figures = [
      `${(100 * typical).toFixed(2)} %`.padStart(19),
      `${(100 * close).toFixed(1)} %`.padStart(12),
      `${(100 * plain.close).toFixed(1)} %`.padStart(33),
    ];
    console.log(
      `${name.padEnd(12)} ${(on === 'all' ? 'all ways' : on).padEnd(12)} ${String(compared).padStart(5)} ` +
        `${figures.join(' ')}${target && `   at most ${target}`}`,
    );
  }
}

function graphs() {
  console.log('distances on the graph, without places and access legs, CPU milliseconds');
  console.log(`city    ${'work'.padEnd(62)} ${'peer'.padEnd(25)}      ours    theirs   ratio   target`);
  for (const { name, extract } of CITIES.slice(0, 2))
    print(name, graphRows(python, work, name, cityOf(name, extract), (args) => last(run(ours, args))));
}

async function memory() {
  const { name, extract } = CITIES[0];
  const city = cityOf(name, extract);
  const origins = readFileSync(originsOf(name, city, 'all'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(1).map(Number));
  const mine = await resident(circleServer(circle, city), origins);
  const tiles = valhallaTiles(python, wheel, extract, work);
  const theirs = await resident(valhallaServer(wheel, tiles, 1), origins);
  console.log(`resident MiB of a server of ${name} that answers isochrones over HTTP (RSS / PSS)`);
  console.log('after               circle serve   valhalla_service   ratio   target');
  for (const [when, key] of [
    ['one answer', 'first'],
    [`${origins.length.toLocaleString('en')} answers`, 'last'],
  ]) {
    const cell = ({ rss, pss }) => `${rss.toFixed(0)} / ${pss.toFixed(0)}`;
    const [a, b] = [mine[key], theirs[key]];
    console.log(
      `${when.padEnd(17)} ${cell(a).padStart(14)} ${cell(b).padStart(18)} ` +
        `${(a.rss / b.rss).toFixed(2).padStart(7)}   at most 1/3`,
    );
  }
}

/** Our server caches the answers of some 2,500 places; each half has twice as many. */
async function loaded() {
  const { name, extract } = CITIES.find((city) => city.name === 'Harbin');
  const inner = (part) => [126.62 + 0.08 * ((part * 0.754877666) % 1), 45.73 + 0.05 * ((part * 0.569840291) % 1)];
  const places = Array.from({ length: 10_000 }, (_, part) => inner(part).map((degrees) => degrees.toFixed(6)));
  const servers = {
    'circle serve': circleServer(circle, cityOf(name, extract)),
    valhalla_service: valhallaServer(wheel, valhallaTiles(python, wheel, extract, work), cpus().length),
  };
  console.log(`isochrones of ${name} over HTTP, 64 connections, places without cached answers`);
  console.log('server             requests/s   p50 ms   p99 ms');
  const p99 = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [server, started] of Object.entries(servers)) {
      const reached = await load(started, places, 64, 10, work);
      (p99[server] ??= []).push(reached.p99);
      const figures = [reached.rate.toFixed(0).padStart(12), reached.p50.toFixed(1).padStart(8)];
      console.log(`${server.padEnd(16)} ${figures.join(' ')} ${reached.p99.toFixed(1).padStart(8)}`);
    }
  }
  const [mine, theirs] = Object.values(p99).map(median);
  console.log(`p99, medians: ${mine.toFixed(1)} against ${theirs.toFixed(1)}, ${(mine / theirs).toFixed(2)} (target: at most 0.25)`);
}

/** Differences of two engines on the same pairs, by length alone and by `shortest` with its defaults. */
function comparison(name, on, city, config) {
  const file = join(work, `${name}-${on}-pairs.csv`);
  writeFileSync(file, run(ours, ['pairs', city, '1000', on]));
  const figures = (text) => text.split('\n').filter((line) => /^[0-9.]*$/.test(line));
  const mine = figures(run(ours, ['distances', city, file]));
  const theirs = (how) => figures(run('node', [join(here, 'valhalla.mjs'), 'distances', config, file, how]));
  return ['length', 'plain'].map((how) => differences(mine, theirs(how)));
}

/** Statistics of the relative differences of the pairs between which both engines find a walk. */
function differences(mine, theirs) {
  const shares = mine
    .map((metres, row) => [Number(metres), Number(theirs[row])])
    .filter(([a, b]) => a > 0 && b > 0)
    .map(([a, b]) => Math.abs(a - b) / b);
  return {
    compared: shares.length,
    typical: median(shares),
    close: shares.filter((share) => share <= 0.02).length / shares.length,
  };
}
