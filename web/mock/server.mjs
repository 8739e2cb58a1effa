/**
 * Stands in for `circle serve` while the page is being worked on: invented compounds and facilities
 * around Harbin, circles for bands, and the built page from ../dist.
 *
 *   node mock/server.mjs [PORT]
 *
 * MOCK_DATA may name a folder with compounds.geojson, facilities.geojson and tiles/z/x/y.pbf.
 * A point west of 126.52 is off the network; compound `broken` answers with an error.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { city } from './city.mjs';
import { bandsAround, coverageOf, originOf, reachFrom } from './answers.mjs';

const port = Number(process.argv[2] ?? 8080);
const page = fileURLToPath(new URL('../dist', import.meta.url));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

function json(response, body, status = 200) {
  const problem = status >= 400;
  response.writeHead(status, {
    'content-type': problem ? 'application/problem+json' : 'application/json',
  });
  response.end(JSON.stringify(body));
}

function problem(response, status, title, detail) {
  json(response, { type: 'about:blank', title, status, detail }, status);
}

function file(response, path, headers = {}) {
  response.writeHead(200, { 'content-type': types[extname(path)] ?? '', ...headers });
  createReadStream(path).pipe(response);
}

function tile(response, path) {
  const stored = city.folder && join(city.folder, 'tiles', `${path}.pbf`);
  if (stored && existsSync(stored)) {
    file(response, stored, { 'content-type': 'application/vnd.mapbox-vector-tile' });
  } else {
    response.writeHead(204).end();
  }
}

function place(query) {
  const id = query.get('compound');
  if (id) return city.compounds.find((compound) => compound.id === id);
  const [lon, lat] = (query.get('at') ?? '').split(',').map(Number);
  return Number.isFinite(lon) && Number.isFinite(lat) ? { lon, lat } : undefined;
}

function answer(response, path, query) {
  const minutes = (query.get('minutes') ?? '5,10,15').split(',').map(Number);
  const profile = query.get('profile') ?? 'adult';
  const speed = city.settings.profiles.find((one) => one.id === profile)?.speed_kmh ?? 4.5;
  if (path === 'settings') return json(response, city.settings);
  if (path === 'coverage') {
    const all = query.get('only') !== 'rules';
    const id = query.get('compound');
    const compounds = city.compounds.filter((compound) => !id || compound.id === id);
    return json(response, coverageOf(compounds, minutes, speed, all));
  }
  const from = place(query);
  if (query.get('compound') === 'broken') {
    return problem(response, 500, 'Internal error', 'made to fail');
  }
  if (!from) return problem(response, 404, 'Not found', 'no such compound');
  if (path === 'isochrones') {
    return json(response, bandsAround(from, minutes, profile, speed, query.get('form')));
  }
  if (path === 'reach') {
    return json(response, { ...reachFrom(from, minutes[0], speed), origin: originOf(from) });
  }
  return problem(response, 404, 'Not found', `no resource ${path}`);
}

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const path = normalize(url.pathname);
  if (path.startsWith('/api/tiles/')) return tile(response, path.slice('/api/tiles/'.length));
  if (path.startsWith('/api/')) return answer(response, path.slice(5), url.searchParams);
  const wanted = join(page, path === '/' ? 'index.html' : path);
  if (existsSync(wanted) && statSync(wanted).isFile()) return file(response, wanted);
  problem(response, 404, 'Not found', path);
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/`));
