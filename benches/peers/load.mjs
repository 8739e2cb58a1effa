// 64 clients at once: isochrones of 5, 10 and 15 minutes of places in inner Harbin that nobody asked for before, by
// `wrk` over loopback, one server after the other, each with as many workers as there are cores.
import { execFileSync, spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';

const SECONDS = 10;
const PLACES = 'benches/peers/places.lua';

const milliseconds = (text) => {
  const [, number, unit] = text.match(/([\d.]+)(us|ms|s|m)\b/);
  return Number(number) * { us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit];
};

function wrk(address, path, seconds, seed) {
  const args = ['-t1', '-c64', `-d${seconds}s`, '--timeout', '60s', '--latency', '-s', PLACES, address, '--', path, seed];
  const said = execFileSync('wrk', args.map(String), { encoding: 'utf8' });
  const errors = said.match(/Non-2xx or 3xx responses: (\d+)/);
  return {
    rate: Number(said.match(/Requests\/sec:\s+([\d.]+)/)[1]),
    p50: milliseconds(said.match(/50%\s+(\S+)/)[1]),
    p99: milliseconds(said.match(/99%\s+(\S+)/)[1]),
    errors: errors ? Number(errors[1]) : 0,
  };
}

async function answered(address, path) {
  const url = address + path.replace('LON', '126.65').replace('LAT', '45.755');
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // It is still loading.
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${url} is not answered`);
}

async function underLoad(command, args, address, path) {
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((done) => server.once('exit', done));
  try {
    const base = await address(server);
    server.stdout.resume(); // a log that nobody reads would stop it
    await answered(base, path);
    wrk(base, path, SECONDS, 1);
    return wrk(base, path, SECONDS, 2);
  } finally {
    server.kill('SIGKILL');
    await ended;
  }
}

export function circleUnderLoad(circle, city) {
  const address = (server) => new Promise((done) => server.stdout.once('data', (line) => done(String(line).trim())));
  const path = '/api/isochrones?at=LON,LAT&minutes=5,10,15';
  return underLoad(circle, ['serve', city, '--listen', '127.0.0.1:0'], address, path);
}

export function valhallaUnderLoad(wheel, config, host) {
  const request = {
    locations: [{ lon: 'LON', lat: 'LAT' }],
    costing: 'pedestrian',
    costing_options: { pedestrian: { walking_speed: 4.5 } },
    contours: [{ time: 5 }, { time: 10 }, { time: 15 }],
    polygons: true,
  };
  const json = JSON.stringify(request).replace('"LON"', 'LON').replace('"LAT"', 'LAT');
  const service = join(wheel, 'valhalla/bin/valhalla_service');
  return underLoad(
    service,
    [config, String(cpus().length)],
    async () => `http://${host}`,
    `/isochrone?json=${encodeURIComponent(json)}`,
  );
}
