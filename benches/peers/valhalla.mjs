// Valhalla in-process: valhalla.mjs isochrones TILES.json ORIGINS.csv [ROUNDS], or distances TILES.json PAIRS.csv [plain]
// CPU time is that of the whole process during each request, one after the other.
import { readFileSync } from 'node:fs';
import { Actor } from '@valhallajs/valhallajs';

const [task, config, file, rounds = '3'] = process.argv.slice(2);
const actor = await Actor.fromConfigFile(config);
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number));

// `shortest` is documented as purely distance-based; Valhalla 3.6.1 still adds 30 m for every edge of steps and 5 m for
// a lift, and counts ferries in seconds, so that 1.2 km of ferry cost less than a bridge. `plain` keeps these defaults.
const SHORTEST =
  rounds === 'plain' ? { shortest: true } : { shortest: true, step_penalty: 0, elevator_penalty: 0, use_ferry: 0 };

/** Metres of the shortest walk of every pair, one per line; an empty line if there is none. */
async function distances() {
  for (const [fromLon, fromLat, toLon, toLat] of rows) {
    const answer = JSON.parse(
      await actor.matrix(
        JSON.stringify({
          sources: [{ lon: fromLon, lat: fromLat }],
          targets: [{ lon: toLon, lat: toLat }],
          costing: 'pedestrian',
          costing_options: { pedestrian: SHORTEST },
          units: 'kilometers',
          verbose: true,
        }),
      ).catch(() => '{}'),
    );
    const kilometres = answer.sources_to_targets?.[0]?.[0]?.distance;
    console.log(typeof kilometres === 'number' ? kilometres * 1000 : '');
  }
}

if (task === 'distances') {
  await distances();
  process.exit(0);
}
if (task !== 'isochrones') throw new Error(`no task ${task}`);
const origins = rows.map(([, lon, lat]) => [lon, lat]);
const ask = ([lon, lat]) =>
  actor.isochrone(
    JSON.stringify({
      locations: [{ lon, lat }],
      costing: 'pedestrian',
      costing_options: { pedestrian: { walking_speed: 4.5 } },
      contours: [{ time: 5 }, { time: 10 }, { time: 15 }],
      polygons: true,
    }),
  );
let bytes = 0;
const begun = performance.now();
for (const origin of origins) bytes += (await ask(origin)).length;
const warm = (performance.now() - begun) / 1000;
const milliseconds = [];
for (let round = 0; round < Number(rounds); round += 1) {
  for (const origin of origins) {
    const before = process.cpuUsage();
    await ask(origin);
    const { user, system } = process.cpuUsage(before);
    milliseconds.push((user + system) / 1000);
  }
}
const mean = milliseconds.reduce((sum, each) => sum + each, 0) / milliseconds.length;
milliseconds.sort((a, b) => a - b);
const quantile = (share) => milliseconds[Math.floor(share * (milliseconds.length - 1))];
console.log(
  JSON.stringify({
    origins: origins.length,
    median_ms: quantile(0.5),
    p99_ms: quantile(0.99),
    mean_ms: mean,
    bytes: Math.round(bytes / origins.length),
    warm_seconds: warm,
  }),
);
