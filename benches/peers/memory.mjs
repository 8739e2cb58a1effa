// Resident memory of a loaded city: both servers answer the same isochrones over HTTP, then /proc says what they hold.
// RSS counts file-backed pages that are mapped in as it counts the heap, for both: our city file, Valhalla's tiles,
// the programs themselves. Valhalla's server and what makes its tiles are of one version, from its Python wheel.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ADDRESS = '127.0.0.1:8791';
const WORKERS = ['loki', 'odin', 'thor', 'meili'].map((name) => `${name}-service-proxy`);

/** MiB after the first answer and after the last: `{ first: { rss, pss }, last: { rss, pss } }`. */
async function resident(command, args, url, origins) {
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((done) => server.once('exit', done));
  try {
    const base = await url(server);
    server.stdout.resume(); // a log that nobody reads would stop it
    await answered(base, origins[0]);
    const first = held(server.pid);
    for (const origin of origins) await ask(base, origin);
    return { first, last: held(server.pid) };
  } finally {
    server.kill('SIGKILL');
    await ended;
  }
}

async function ask(base, origin) {
  const answer = await fetch(base(origin), { signal: AbortSignal.timeout(10_000) });
  const text = await answer.text();
  if (!answer.ok && answer.status !== 400) throw new Error(`${base(origin)}: ${answer.status} ${text}`);
}

/** A server is loaded when it answers. */
async function answered(base, origin) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      return await ask(base, origin);
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  throw new Error(`${base(origin)} is not answered`);
}

function held(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mebibytes = (field) => Number(text.match(new RegExp(`^${field}:\\s+(\\d+)`, 'm'))[1]) / 1024;
  return { rss: mebibytes('Rss'), pss: mebibytes('Pss') };
}

export function circleResident(circle, city, origins) {
  const url = (server) =>
    new Promise((done) => {
      server.stdout.once('data', (line) => {
        const address = String(line).trim();
        done(([lon, lat]) => `${address}/api/isochrones?at=${lon},${lat}&minutes=5,10,15`);
      });
    });
  return resident(circle, ['serve', city, '--listen', '127.0.0.1:0'], url, origins);
}

/** Builds the tiles of `extract` under `work` and says what [`valhallaResident`] is started with. */
export function valhallaTiles(python, wheel, extract, work) {
  const folder = resolve(work, 'service');
  mkdirSync(folder, { recursive: true });
  const options = {
    'mjolnir-tile-dir': join(folder, 'tiles'),
    'httpd-service-listen': `tcp://${ADDRESS}`,
  };
  for (const name of ['httpd-service-loopback', 'httpd-service-interrupt', ...WORKERS])
    options[name] = `ipc://${join(folder, name)}`;
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const script = join(wheel, 'valhalla/valhalla_build_config.py');
  const config = join(folder, 'valhalla.json');
  writeFileSync(config, execFileSync(python, [script, ...args]));
  execFileSync(join(wheel, 'valhalla/bin/valhalla_build_tiles'), ['-c', config, extract], { stdio: 'ignore' });
  return config;
}

export function valhallaResident(wheel, config, origins) {
  const request = ([lon, lat]) => ({
    locations: [{ lon, lat }],
    costing: 'pedestrian',
    costing_options: { pedestrian: { walking_speed: 4.5 } },
    contours: [{ time: 5 }, { time: 10 }, { time: 15 }],
    polygons: true,
  });
  const url = (origin) =>
    `http://${ADDRESS}/isochrone?json=${encodeURIComponent(JSON.stringify(request(origin)))}`;
  // One worker, as its memory grows with them.
  return resident(join(wheel, 'valhalla/bin/valhalla_service'), [config, '1'], () => url, origins);
}
