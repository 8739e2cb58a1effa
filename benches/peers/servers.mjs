// Memory and latency of both servers with the same isochrones over HTTP.
// RSS includes resident file-backed pages for both: our city file, Valhalla's tiles, the programs themselves.
// Valhalla's server and the builder of its tiles have the same version, from its Python wheel.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

/** An address with a free port. Valhalla does not accept port 0. */
const ADDRESS = await new Promise((done) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => done(`127.0.0.1:${port}`));
  });
});
const WORKERS = ['loki', 'odin', 'thor', 'meili'].map((name) => `${name}-service-proxy`);

/** A server to start: `{ command, args, stdout, url }`; `url` resolves to a function from a place to its address. */
export function circleServer(circle, city) {
  const url = (server) =>
    new Promise((done) => {
      server.stdout.once('data', (line) => {
        const address = String(line).trim();
        done(([lon, lat]) => `${address}/api/isochrones?at=${lon},${lat}&minutes=5,10,15`);
      });
    });
  return { command: circle, args: ['serve', city, '--listen', '127.0.0.1:0'], stdout: 'pipe', url };
}

/** Builds the tiles of `extract` under `work` for `valhallaServer`. Returns the path of its configuration. */
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

/** Valhalla's server, as `circleServer`. Its memory grows with its workers. */
export function valhallaServer(wheel, config, workers) {
  const body = ([lon, lat]) => ({
    locations: [{ lon, lat }],
    costing: 'pedestrian',
    costing_options: { pedestrian: { walking_speed: 4.5 } },
    contours: [{ time: 5 }, { time: 10 }, { time: 15 }],
    polygons: true,
  });
  const url = () => (origin) =>
    `http://${ADDRESS}/isochrone?json=${encodeURIComponent(JSON.stringify(body(origin)))}`;
  const command = join(wheel, 'valhalla/bin/valhalla_service');
  // It logs every request; an unread pipe would block it.
  return { command, args: [config, String(workers)], stdout: 'ignore', url };
}

/** Memory in MiB after the first answer and after the last: `{ first: { rss, pss }, last: { rss, pss } }`. */
export function resident(server, origins) {
  return serving(server, origins[0], async (url, pid) => {
    const first = memoryOf(pid);
    for (const origin of origins) await request(url(origin));
    return { first, last: memoryOf(pid) };
  });
}

/**
 * Requests per second over `connections` for `seconds`, and the median and the 99th percentile of their milliseconds.
 * They repeat the second half of `origins` in order, after the same time with the first half, which is not measured.
 */
export function load(server, origins, connections, seconds, work) {
  return serving(server, origins[0], (url) => {
    const addresses = origins.map((origin) => new URL(url(origin)));
    const paths = addresses.map(({ pathname, search }) => JSON.stringify(pathname + search));
    const run = (some) => {
      const script = join(work, 'load.lua');
      writeFileSync(
        script,
        `local paths = {\n${some.join(',\n')}\n}\nlocal at = 0\n` +
          'function request()\n  at = at % #paths + 1\n  return wrk.format("GET", paths[at])\nend\n',
      );
      const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, addresses[0].origin];
      return execFileSync('wrk', args, { encoding: 'utf8' });
    };
    run(paths.slice(0, paths.length / 2));
    const text = run(paths.slice(paths.length / 2));
    if (/Non-2xx|Socket errors/.test(text)) throw new Error(text);
    const milliseconds = (share) => {
      const [, value, unit] = text.match(new RegExp(`^ +${share}% +([0-9.]+)(us|ms|s)$`, 'm'));
      return value * { us: 1e-3, ms: 1, s: 1e3 }[unit];
    };
    return {
      rate: Number(text.match(/^Requests\/sec: +([0-9.]+)/m)[1]),
      p50: milliseconds(50),
      p99: milliseconds(99),
    };
  });
}

/** The result of `measure`, called while the server runs and after it has answered for a place. */
async function serving({ command, args, stdout, url }, place, measure) {
  const server = spawn(command, args, { stdio: ['ignore', stdout, 'ignore'] });
  const ended = new Promise((done) => server.once('exit', done));
  try {
    const failed = ended.then((status) => Promise.reject(new Error(`${command} ended: ${status}`)));
    failed.catch(() => {}); // the server also ends when it is killed
    const address = await Promise.race([url(server), failed]);
    await ready(address(place));
    return await measure(address, server.pid);
  } finally {
    server.kill('SIGKILL');
    await ended;
  }
}

async function request(address) {
  const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  const text = await answer.text();
  if (!answer.ok && answer.status !== 400) throw new Error(`${address}: ${answer.status} ${text}`);
}

/** Waits until the server answers. */
async function ready(address) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      return await request(address);
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  throw new Error(`${address} does not answer`);
}

function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mebibytes = (field) => Number(text.match(new RegExp(`^${field}:\\s+(\\d+)`, 'm'))[1]) / 1024;
  return { rss: mebibytes('Rss'), pss: mebibytes('Pss') };
}
