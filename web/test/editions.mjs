/**
 * What lasts when a city is built from a newer map: boards that hang, and a page that is open.
 *
 *   node test/editions.mjs BASE_URL CIRCLE OLD.circle NEW.circle
 *
 * BASE_URL serves NEW.circle, which was built with `--since OLD.circle`. A server of its own serves a copy of OLD.circle,
 * draws its boards, and then has the file replaced.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import {
  areasOf,
  bandAreas,
  Checks,
  fragment,
  mapIdle,
  newPage,
  openBrowser,
  ready,
  tableReady,
} from './browser.mjs';

const base = new URL(process.argv[2]).href;
const [circle, oldCity, newCity] = process.argv.slice(3);
const checks = new Checks();
const check = (name, run) => checks.check(name, run);
const json = async (server, path) => (await fetch(new URL(`api/${path}`, server))).json();
const editionOf = async (server) =>
  (await fetch(new URL('api/settings', server))).headers.get('circle-edition');
const dataset = (page, key) => page.evaluate((k) => document.documentElement.dataset[k], key);

const folder = mkdtempSync(join(tmpdir(), 'editions-'));
const served = join(folder, 'served.circle');

/** Puts another file in the place of the one that is served, whole, and waits until it is served. */
async function replace(file, edition) {
  copyFileSync(file, `${served}.next`);
  renameSync(`${served}.next`, served);
  server.kill('SIGHUP');
  const until = Date.now() + 60_000;
  while ((await editionOf(own)) !== edition) assert.ok(Date.now() < until, 'another edition');
}

copyFileSync(oldCity, served);
const server = spawn(circle, ['serve', served, '--listen', '127.0.0.1:0']);
let log = '';
server.stderr.on('data', (words) => (log += words));
const ended = once(server, 'exit');
const [address] = await Promise.race([
  once(createInterface({ input: server.stdout }), 'line'),
  ended.then(() => Promise.reject(new Error(`no server\n${log}`))),
]);
const own = new URL(address).href;
const browser = await openBrowser();

const everything = 'limit=10000';
const idsOf = async (of) => {
  const { compound_ids: ids } = await json(of, 'verdicts');
  return new Set(ids);
};
const [before, after] = [await idsOf(own), await idsOf(base)];
const shared = [...before].filter((id) => after.has(id));

/** What the QR code of a board says; it stands at the foot, on the right. */
function readCode(board) {
  const { width, height, data } = PNG.sync.read(board);
  const decode = jsqr.default ?? jsqr;
  const [left, top] = [width >> 1, Math.floor(height * 0.75)];
  const size = [width - left, height - top];
  const corner = new Uint8ClampedArray(size[0] * size[1] * 4);
  for (let row = 0; row < size[1]; row += 1) {
    const start = ((top + row) * width + left) * 4;
    corner.set(data.subarray(start, start + size[0] * 4), row * size[0] * 4);
  }
  const found = decode(corner, ...size) ?? decode(new Uint8ClampedArray(data), width, height);
  assert.ok(found, 'a QR code on the board');
  return found.data;
}

const metres = ([lon, lat], [otherLon, otherLat]) =>
  111_320 * Math.hypot((otherLon - lon) * Math.cos((lat * Math.PI) / 180), otherLat - lat);

/** As a board gives its place. */
const rounded = (position) => position.map((side) => Number(side.toFixed(4)));

/** How a link of the old city opens in the new one, by the answer to its key. */
const outcomes = { 200: '', 308: 'renamed', 404: 'near', 410: 'near' };
/** So far from where a gate was the page looks for its compound and for another gate of it. */
const reach = 60;

/** The features of the new city in the square around a place that holds all within reach. */
async function around([lon, lat], collection) {
  const north = reach / 111_320;
  const east = north / Math.cos((lat * Math.PI) / 180);
  const bbox = [lon - east, lat - north, lon + east, lat + north].map((side) => side.toFixed(6));
  const { features = [] } = await json(
    base,
    `collections/${collection}/items?${everything}&bbox=${bbox}`,
  );
  return features;
}

/**
 * What stands in for a gate that is gone where its compound, and no other, is around the place: its nearest open gate,
 * else the compound. Null where several compounds are there, or none.
 */
async function standIn(compound, at) {
  const there = [...(await around(at, 'compounds')), ...(await around(at, 'compound_points'))];
  if (there.length !== 1 || there[0].properties.id !== compound) return null;
  const [nearest] = (await around(at, 'gates'))
    .filter(({ properties }) => properties.compound_id === compound && !properties.locked)
    .map(({ properties, geometry }) => [properties.id, metres(at, geometry.coordinates)])
    .filter(([, away]) => away <= reach)
    .sort(([, one], [, other]) => one - other);
  return nearest ? { kind: 'gate', id: nearest[0] } : { kind: 'compound', id: compound };
}

/** For each outcome, and for each kind of thing that stands in, the first gate that has a board, and the board. */
async function boardsToOpen() {
  const { features } = await json(own, `collections/gates/items?${everything}`);
  const found = new Map();
  for (const gate of features) {
    const { id, compound_id: compound, provenance, locked } = gate.properties;
    if (!shared.includes(compound) || provenance === 'inferred' || locked) continue;
    const item = new URL(`api/collections/gates/items/${id}`, base);
    const { status, headers } = await fetch(item, { redirect: 'manual' });
    const outcome = outcomes[status];
    assert.notEqual(outcome, undefined, `${item}: ${status}`);
    const present = headers.get('location')?.split('?')[0].split('/').at(-1) ?? id;
    const opens =
      outcome === 'near'
        ? await standIn(compound, rounded(gate.geometry.coordinates))
        : { kind: 'gate', id: present };
    const kind = outcome === 'near' ? `near ${opens?.kind}` : outcome;
    if (!opens || found.has(kind)) continue;
    const drawn = await fetch(
      new URL(`api/boards/${compound}.png?gate=${id}&size=A2&dpi=120`, own),
    );
    if (!drawn.ok) continue;
    found.set(kind, { gate, outcome, opens, board: Buffer.from(await drawn.arrayBuffer()) });
    if (found.size === 4) break;
  }
  return found;
}

const boards = await boardsToOpen();
await check('boards of the old city lead to gates that are the same, renamed, and gone', () => {
  const found = new Set([...boards.values()].map(({ outcome }) => outcome));
  assert.deepEqual([...found].sort(), ['', 'near', 'renamed'], `${shared.length} shared`);
});

for (const [kind, { gate, outcome, opens, board }] of boards) {
  await check(
    `the QR code of a board opens in the new city: ${kind || 'the same gate'}`,
    async () => {
      const link = new URL(readCode(board));
      assert.equal(link.href.split('#')[0], own);
      const said = new URLSearchParams(link.hash.slice(1));
      const at = said.get('at').split(',').map(Number);
      assert.equal(said.get('gate'), gate.properties.id);
      assert.ok(metres(at, gate.geometry.coordinates) < 15, `${at}`);

      const page = await newPage(browser, base);
      page.refusalExpected = outcome === 'near';
      await page.goto(base + link.hash);
      await ready(page, 'place');
      assert.equal(await dataset(page, 'news'), outcome);
      const news = (await page.locator('.panel-news').innerText()).trim();
      const { kind: of, id } =
        outcome === 'near' ? await standIn(gate.properties.compound_id, at) : opens;
      assert.equal(fragment(page).get(of), id);
      if (of === 'compound') assert.equal(fragment(page).get('gate'), null);
      if (outcome === 'near') assert.match(news, /此门已不在地图上，显示附近的/);
      else if (outcome === '') assert.equal(news, '');
      else assert.ok(news.includes('此门已改编号') && news.includes(id), news);
      assert.equal(fragment(page).get('at'), null);
      const bands = await json(base, `isochrones?${of}=${id}&minutes=5,10,15&form=discs`);
      assert.equal(bands.origin.compound_id, fragment(page).get('compound'));
      assert.deepEqual(await bandAreas(page), areasOf(bands));
      assert.deepEqual(page.problems, []);
      await page.close();
    },
  );
}

/** Notes every verdict that the table ever shows, by the edition that the page says it is of. */
function watchRows() {
  window.seen = {};
  const look = () => {
    const { edition } = document.documentElement.dataset;
    const frame = document.querySelector('.table-frame');
    if (!edition || !frame?.checkVisibility() || frame.getAttribute('aria-busy') === 'true') return;
    const seen = (window.seen[edition] ??= []);
    for (const row of frame.querySelectorAll('tbody tr[data-id]')) {
      const chip = row.querySelector('.verdict');
      const words = chip && `${row.dataset.id} ${chip.className.split(' ')[1]}`;
      if (words && !seen.includes(words)) seen.push(words);
    }
  };
  const observed = { subtree: true, childList: true, attributes: true };
  new MutationObserver(look).observe(document, observed);
}

const line = 'park';
const words = { c: 'covered', g: 'gap', u: 'unknown' };
/** Each compound's verdict on the line, by key. */
async function verdictsOf(of, profile) {
  const verdicts = await json(of, `verdicts?rules=board&profile=${profile}&minutes=5,10,15`);
  const { verdicts: letters } = verdicts.lines.find(({ category }) => category === line);
  return new Map(verdicts.compound_ids.map((id, row) => [id, words[letters[row]]]));
}

await check('a page that is open while its city is replaced never joins the two', async () => {
  const { profiles, default_profile: profile } = await json(own, 'settings');
  const other = profiles.find(({ id }) => id !== profile).id;
  const [oldEdition, newEdition] = [await editionOf(own), await editionOf(base)];
  assert.notEqual(oldEdition, newEdition);
  const page = await newPage(browser, own);
  const shows = (edition) =>
    page.waitForFunction((wanted) => {
      const { dataset } = document.documentElement;
      return dataset.edition === wanted && dataset.ready === 'true';
    }, edition);
  await page.addInitScript(watchRows);
  const marked = shared[0];
  await page.goto(`${own}#table=compound&line=${line}&mark=${marked}`);
  await shows(oldEdition);
  await tableReady(page);
  await mapIdle(page);
  assert.equal(await dataset(page, 'news'), '');
  assert.deepEqual(page.problems, []);
  const expected = { [oldEdition]: await verdictsOf(own, profile) };

  page.refusalExpected = true;
  await replace(newCity, newEdition);
  await page.locator('#profile').selectOption(other);
  await shows(newEdition);
  await tableReady(page);
  assert.equal((await page.locator('.panel-news').innerText()).trim(), '数据已更新');
  const link = fragment(page);
  assert.deepEqual(
    ['table', 'line', 'mark', 'profile'].map((key) => link.get(key)),
    ['compound', line, marked, other],
  );
  assert.equal(await page.locator('#profile').inputValue(), other);
  await page.locator(`.rows-table tr.marked[data-id="${marked}"]`).waitFor();
  expected[newEdition] = await verdictsOf(own, other);

  await mapIdle(page);
  const drawn = await page.evaluate(() =>
    window.livingCircle.map
      .queryRenderedFeatures({ layers: ['compounds'] })
      .map(({ properties }) => properties),
  );
  const steps = { covered: 10, gap: 11, unknown: -1 };
  assert.ok(drawn.length > 0);
  for (const { compound_id: id, step } of drawn) {
    assert.equal(step, steps[expected[newEdition].get(id)], id);
  }
  const tiles = await page.evaluate(() => window.livingCircle.map.getSource('base').tiles[0]);
  assert.equal(new URL(tiles).searchParams.get('edition'), newEdition);

  // A tile is refused as any other answer, and tells as much.
  await page.locator('#news-close').click();
  assert.equal(await dataset(page, 'news'), '');
  await replace(oldCity, oldEdition);
  await page.evaluate(() => window.livingCircle.map.jumpTo({ zoom: 15 }));
  await shows(oldEdition);
  await tableReady(page);
  assert.equal((await page.locator('.panel-news').innerText()).trim(), '数据已更新');

  const seen = await page.evaluate(() => window.seen);
  assert.deepEqual(Object.keys(seen).sort(), [oldEdition, newEdition].sort());
  // The table is by the other profile in the old city too, after the second swap.
  const again = await verdictsOf(own, other);
  for (const [edition, rows] of Object.entries(seen)) {
    assert.ok(rows.length > 0, edition);
    for (const row of rows) {
      const [id, verdict] = row.split(' ');
      const known = [expected[edition], edition === oldEdition && again].filter(Boolean);
      assert.ok(
        known.some((verdicts) => verdicts.get(id) === verdict),
        `${edition}: ${row}`,
      );
    }
  }
  assert.deepEqual(page.problems, []);
  await page.close();
});

await browser.close();
server.kill('SIGTERM');
await ended;
rmSync(folder, { recursive: true });
if (checks.failed > 0) console.log(log);
checks.finish();
