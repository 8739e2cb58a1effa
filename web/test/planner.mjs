/**
 * Drives the planner's part of the page in a real browser against a running server.
 *
 *   node test/planner.mjs BASE_URL SHOT_DIR
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Checks,
  mapIdle,
  newPage,
  openBrowser,
  phoneOptions,
  ready,
  tableReady,
} from './browser.mjs';

const base = new URL(process.argv[2] ?? 'http://127.0.0.1:8080/').href;
const shots = process.argv[3] ?? 'shots';
mkdirSync(shots, { recursive: true });

const get = async (path) => (await fetch(new URL(`api/${path}`, base))).json();
const browser = await openBrowser();
const checks = new Checks();
const check = (name, run) => checks.check(name, run);
const text = (page, selector) => page.locator(selector).first().innerText();
const shot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`) });
const rows = (page) => page.locator('.rows-table tbody tr[data-id]');
/** What one side waits for and the other gives. */
const signal = () => {
  let give;
  const given = new Promise((resolve) => (give = resolve));
  return { given, give };
};
const steps = (page, layer) =>
  page.evaluate(
    (id) =>
      window.livingCircle.map
        .queryRenderedFeatures({ layers: [id] })
        .map(({ properties }) => properties),
    layer,
  );

const page = await newPage(browser, base, { acceptDownloads: true });
await page.goto(base);
await ready(page, 'city');

await check('the table opens beside the map, the worst-served first', async () => {
  await page.locator('#planner').click();
  await tableReady(page);
  assert.match(page.url(), /table=compound/);
  const { lines, compound_ids: ids } = await get(
    'verdicts?rules=board&profile=adult&minutes=5,10,15',
  );
  const missing = await rows(page).evaluateAll((list) => list.map((row) => row.dataset.id));
  const gaps = missing.map(
    (id) => lines.filter(({ verdicts }) => verdicts[ids.indexOf(id)] === 'g').length,
  );
  assert.ok(gaps.length > 5);
  assert.deepEqual(
    gaps,
    [...gaps].sort((a, b) => b - a),
  );
  const { counts } = await get('settings');
  assert.match(
    (await text(page, '.rows-table tfoot')).replaceAll(',', ''),
    new RegExp(`^${counts.compounds} `),
  );
  await mapIdle(page);
  await shot(page, 'plan-zh-day');
});

await check('a line colours the city by verdict, as the API judges', async () => {
  await page.locator('#line').selectOption('park');
  await mapIdle(page);
  const verdicts = await get('verdicts?rules=board&profile=adult&minutes=5,10,15');
  const park = verdicts.lines.find(({ category }) => category === 'park');
  const step = { c: 10, g: 11, u: -1 };
  const drawn = await steps(page, 'compounds');
  assert.ok(drawn.length > 100);
  for (const { compound_id, step: colour } of drawn) {
    const row = verdicts.compound_ids.indexOf(compound_id);
    assert.equal(colour, step[park.verdicts[row]], compound_id);
  }
  const counts = ['c', 'g', 'u'].map((one) => [...park.verdicts].filter((it) => it === one).length);
  const sum = (await text(page, '.rows-table tfoot')).replaceAll(',', '');
  assert.ok(sum.includes(`达标 ${counts[0]} · 缺口 ${counts[1]} · 未知 ${counts[2]}`), sum);
  assert.match(await text(page, '#legend'), /公园/);
});

await check('or by the minutes to the nearest', async () => {
  await page.locator('#colour-minutes').click();
  await mapIdle(page);
  const verdicts = await get('verdicts?rules=board&profile=adult&minutes=5,10,15');
  const park = verdicts.lines.find(({ category }) => category === 'park');
  const classes = [5, 10, 15, 20, 30];
  for (const { compound_id, step } of await steps(page, 'compounds')) {
    const row = verdicts.compound_ids.indexOf(compound_id);
    if (park.verdicts[row] === 'u') assert.equal(step, -1);
    else {
      const seconds = park.walk_seconds[row];
      const at = classes.findIndex((minutes) => seconds !== null && seconds <= minutes * 60);
      assert.equal(step, at < 0 ? 0 : 5 - at, `${compound_id}: ${seconds} s`);
    }
  }
  assert.match(await text(page, '#legend'), /分钟/);
});

await check('heads sort, both ways, by keyboard too', async () => {
  const seconds = () =>
    page.locator('.rows-table tbody tr[data-id] td:nth-child(5)').evaluateAll((cells) =>
      cells
        .map((cell) => cell.textContent.replace(/\D/g, ''))
        .filter(Boolean)
        .map(Number),
    );
  await page.locator('[data-sort=minutes]').click();
  const falling = await seconds();
  assert.deepEqual(
    falling,
    [...falling].sort((a, b) => b - a),
  );
  assert.equal(
    await page.locator('th:has([data-sort=minutes])').getAttribute('aria-sort'),
    'descending',
  );
  await page.keyboard.press('Enter');
  const rising = await seconds();
  assert.deepEqual(
    rising,
    [...rising].sort((a, b) => a - b),
  );
  assert.ok(rising[0] < falling[0]);
});

await check('every column can be read', async () => {
  const widths = await page
    .locator('.rows-table thead th')
    .evaluateAll((heads) => heads.map((head) => head.getBoundingClientRect().width));
  // The reason is the longest.
  assert.ok(Math.min(...widths) >= 60 && widths[5] >= 160, widths.join());
});

await check('the filter leaves what fits', async () => {
  await page.locator('#table-filter').fill('荣耀');
  const names = await page.locator('.rows-table tbody th').allInnerTexts();
  assert.ok(names.length > 0 && names.every((name) => name.includes('荣耀')), names.join());
  assert.match(await text(page, '.rows-table tfoot'), new RegExp(`筛出 ${names.length} 个`));
  // Files are of the whole table, which the menu then says.
  await page.locator('#downloads-button').click();
  assert.ok(await page.locator('.menu-note').isVisible());
  await page.locator('#downloads-button').click();
  await page.locator('#table-filter').fill('no such compound');
  assert.ok(await page.locator('.table-empty').isVisible());
  await page.locator('#table-filter').fill('');
  await page.locator('#downloads-button').click();
  assert.ok(await page.locator('.menu-note').isHidden());
  await page.locator('#downloads-button').click();
});

await check('a row marks its compound on the map and says how it stands', async () => {
  const row = rows(page).nth(2);
  const id = await row.getAttribute('data-id');
  await row.click();
  await page.locator('.tip').waitFor();
  assert.match(page.url(), new RegExp(`mark=${id}\\b`));
  const name = (await text(page, `tr[data-id="${id}"] th`)).trim();
  assert.ok((await text(page, '.tip')).startsWith(name));
  await page.waitForFunction(
    (wanted) =>
      window.livingCircle.map
        .queryRenderedFeatures({ layers: ['compound-marked', 'compound-marked-point'] })
        .some(({ properties }) => properties.compound_id === wanted),
    id,
  );
});

await check('what no longer holds is not left on the map', async () => {
  await page.locator('#line').selectOption('学校');
  assert.equal(await page.locator('.tip').count(), 0);
  await page.locator('#line').selectOption('park');
});

await check('choices that overtake each other end with the last', async () => {
  const quick = await newPage(browser, base);
  const foot = async () =>
    (await quick.locator('.rows-table tfoot td').allInnerTexts())
      .slice(2, 5)
      .join(' ')
      .replaceAll(',', '');
  /** What all units come to, of all lines that the data can tell. */
  const countsOf = async (rules) => {
    const { lines } = await get(`verdicts?rules=${rules}`);
    const sourced = lines.filter(({ has_source }) => has_source).length;
    const line = sourced === 0 || sourced === lines.length ? 'all' : 'all_with_source';
    const units = await get(`coverage?by=subdistrict&line=${line}&rules=${rules}`);
    const sum = (key) =>
      units.features.reduce((all, { properties }) => all + properties.coverage[line][key], 0);
    return ['compounds_covered', 'compounds_gap', 'compounds_unknown'].map(sum).join(' ');
  };
  await quick.goto(`${base}#table=subdistrict`);
  await ready(quick, 'city');
  await tableReady(quick);
  for (const rules of ['gb50180', 'mofcom', 'tdt1062', 'complete_community', 'board']) {
    await quick.locator('#rules').selectOption(rules);
  }
  await tableReady(quick);
  assert.equal(await quick.locator('#rules').inputValue(), 'board');
  assert.equal(await foot(), await countsOf('board'));
  assert.deepEqual(quick.problems, []);
  // While another is judged, the old rows stay, faint; the new ones are not shown before they are judged.
  const before = await foot();
  for (const held of ['verdicts', 'coverage']) {
    const rules = held === 'verdicts' ? 'gb50180' : 'tdt1062';
    const after = await countsOf(rules);
    const shown = await foot();
    assert.notEqual(shown, after, `${rules}: other numbers`);
    const [asked, released] = [signal(), signal()];
    await quick.route(`**/api/${held}?*`, async (route) => {
      asked.give();
      await released.given;
      await route.continue();
    });
    await quick.locator('#rules').selectOption(rules);
    await asked.given;
    await quick.locator('.table-frame[aria-busy=true]').waitFor();
    assert.equal(await foot(), shown);
    assert.equal(await quick.locator('html').getAttribute('data-table'), 'loading');
    released.give();
    await tableReady(quick);
    assert.equal(await quick.locator('.table-frame').getAttribute('aria-busy'), 'false');
    assert.equal(await foot(), after);
    await quick.unroute(`**/api/${held}?*`);
  }
  assert.notEqual(await foot(), before);
  // A choice that fails shows nothing of the one before under its name.
  quick.refusalExpected = true;
  await quick.route('**/api/verdicts*', (route) => route.fulfill({ status: 503, body: '{}' }));
  await quick.locator('#rules').selectOption('mofcom');
  await quick.locator('.drawer-status.failed').waitFor();
  assert.ok(await quick.locator('.table-frame').isHidden());
  await quick.close();
});

await check('Back and forth with the table open', async () => {
  const walk = await newPage(browser, base);
  await walk.goto(base);
  await ready(walk, 'city');
  await walk.locator('#planner').click();
  await tableReady(walk);
  await walk.locator('#tab-district').click();
  await tableReady(walk);
  await walk.goBack();
  await walk.waitForFunction(() => document.querySelector('#tab-compound[aria-pressed=true]'));
  await tableReady(walk);
  await walk.goBack();
  await walk.waitForFunction(() => document.documentElement.dataset.drawer === 'false');
  await walk.goForward();
  await tableReady(walk);
  assert.deepEqual(walk.problems, []);
  await walk.close();
});

await check('a click on the map marks the row', async () => {
  await page.locator('#line').selectOption('');
  await mapIdle(page);
  const at = await page.evaluate(() => {
    const { map } = window.livingCircle;
    const box = map.getCanvas().getBoundingClientRect();
    for (let x = 480; x < 1000; x += 7) {
      const [found] = map.queryRenderedFeatures([x, 200], { layers: ['compounds-hit'] });
      if (found) return [box.left + x, box.top + 200, String(found.properties.compound_id)];
    }
    return null;
  });
  assert.ok(at, 'a compound on the screen');
  await page.mouse.click(at[0], at[1]);
  const marked = page.locator('.rows-table tr.marked');
  await marked.waitFor();
  assert.equal(await marked.getAttribute('data-id'), at[2]);
  assert.ok(await marked.isVisible());
});

await check('hovering says the numbers', async () => {
  await page.locator('#line').selectOption('park');
  await mapIdle(page);
  const at = await page.evaluate(() => {
    const { map } = window.livingCircle;
    for (let x = 480; x < 1000; x += 7) {
      const [found] = map.queryRenderedFeatures([x, 240], { layers: ['compounds-hit'] });
      if (found) return [x, 240];
    }
    return null;
  });
  await page.mouse.move(at[0] - 1, at[1]);
  await page.mouse.move(...at);
  await page.locator('.tip').waitFor();
  assert.match(await text(page, '.tip'), /(达标|缺口|未知)/);
});

await check('units roll up as the API does, and are linked both ways', async () => {
  await page.locator('#tab-subdistrict').click();
  await tableReady(page);
  const units = await get('coverage?by=subdistrict&line=park&rules=board');
  assert.equal(
    await page.locator('.rows-table').getAttribute('aria-rowcount'),
    `${units.features.length + 1}`,
  );
  const byId = new Map(
    units.features.map(({ properties }) => [properties.unit_id ?? 'outside', properties]),
  );
  for (const row of await rows(page).all()) {
    const { coverage } = byId.get(await row.getAttribute('data-id'));
    const cells = await row.locator('td').allInnerTexts();
    assert.equal(Number(cells[1].replaceAll(',', '')), coverage.park.compounds_covered);
    assert.equal(Number(cells[2].replaceAll(',', '')), coverage.park.compounds_gap);
    const {
      compounds_share_proven: proven,
      compounds_share_possible: possible,
      compounds_share: exact,
    } = coverage.park;
    const [low, high] = [Math.floor(proven * 100), Math.ceil(possible * 100)];
    const range = low === high ? `${low}%` : `${low}–${high}%`;
    assert.equal(cells[0].trim(), exact === null ? range : `${Math.round(exact * 100)}%`);
  }
  await mapIdle(page);
  assert.ok((await steps(page, 'units')).length > 10);
  const row = rows(page).nth(1);
  const id = await row.getAttribute('data-id');
  await row.click();
  await mapIdle(page);
  await page.waitForFunction(
    (wanted) =>
      window.livingCircle.map
        .queryRenderedFeatures({ layers: ['unit-marked'] })
        .some(({ properties }) => properties.unit_id === wanted),
    id,
  );
  await shot(page, 'plan-units-zh-day');
});

await check('another rule set is judged by its own limits', async () => {
  await page.locator('#tab-compound').click();
  await page.locator('#rules').selectOption('gb50180');
  await page.waitForFunction(() => document.querySelectorAll('#line option').length > 40);
  await page.locator('#line').selectOption('小学');
  await mapIdle(page);
  const verdicts = await get('verdicts?rules=gb50180&profile=adult&minutes=5,10,15');
  const school = verdicts.lines.find(({ category }) => category === '小学');
  const gaps = [...school.verdicts].filter((it) => it === 'g').length;
  const sum = (await text(page, '.rows-table tfoot')).replaceAll(',', '');
  assert.ok(sum.includes(`缺口 ${gaps}`), sum);
  assert.match(await text(page, '#line-section'), /步行 500 米内/);
  const reasons = await page.locator('.rows-table tbody tr td:nth-child(6)').allInnerTexts();
  assert.ok(reasons.filter(Boolean).length > 3 && !reasons.some((it) => /[a-z]_[a-z]/.test(it)));
});

await check('what the data leaves in doubt is a table and a layer', async () => {
  await page.locator('#tab-findings').click();
  await tableReady(page);
  const findings = await get('quality');
  assert.ok(
    (await text(page, '.rows-table tfoot'))
      .replaceAll(',', '')
      .startsWith(`${findings.features.length} `),
  );
  await page.evaluate(() => {
    document.documentElement.dataset.map = 'moving';
    window.livingCircle.map.jumpTo({ zoom: 11.5 });
  });
  await mapIdle(page);
  assert.ok((await steps(page, 'findings')).length > 50);
  await rows(page).first().click();
  await page.locator('.tip').waitFor();
  assert.ok((await text(page, '.tip')).length > 10);
  await page.locator('#tab-compound').click();
  await page.locator('#findings-shown').check();
  await mapIdle(page);
  assert.ok((await steps(page, 'findings')).length > 0);
  await page.locator('#findings-shown').uncheck();
  await mapIdle(page);
  assert.equal((await steps(page, 'findings')).length, 0);
});

/** Downloads what the menu offers as a format; gives the file's path. */
async function download(format) {
  if (!(await page.locator('#downloads').getAttribute('open'))) {
    const open = await page.locator('#downloads').evaluate((menu) => menu.open);
    if (!open) await page.locator('#downloads-button').click();
  }
  const waits = page.waitForEvent('download');
  await page.locator(`#downloads [data-format=${format}]`).click();
  const file = await waits;
  const path = join(shots, file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

await check('what is on the screen is downloaded and opens', async () => {
  await page.locator('#rules').selectOption('board');
  await page.waitForFunction(() => document.querySelectorAll('#line option').length < 10);
  await page.locator('#line').selectOption('park');
  await mapIdle(page);
  const { counts } = await get('settings');
  const geojson = JSON.parse(readFileSync(await download('geojson'), 'utf8'));
  assert.equal(geojson.features.length, counts.compounds);
  assert.deepEqual(Object.keys(geojson.features[0].properties.coverage), ['park']);
  const csv = readFileSync(await download('csv'), 'utf8')
    .trim()
    .split('\n');
  assert.equal(csv.length, counts.compounds + 1);
  for (const [format, driver] of [
    ['xlsx', 'XLSX'],
    ['gpkg', 'GPKG'],
  ]) {
    const path = await download(format);
    const said = execFileSync('ogrinfo', ['-ro', '-so', '-al', path]).toString();
    assert.match(said, new RegExp(`using driver .${driver}`));
    assert.match(said, new RegExp(`Feature Count: ${counts.compounds}\\b`));
  }
  await page.locator('#tab-district').click();
  await tableReady(page);
  const units = JSON.parse(readFileSync(await download('geojson'), 'utf8'));
  const names = await page.locator('.rows-table tbody th').allInnerTexts();
  assert.deepEqual(
    units.features.map(({ properties }) => properties.unit_name.replace(/[（）]/g, '')).sort(),
    names.map((name) => name.replace('（不完整）', '')).sort(),
  );
  for (const format of ['csv', 'xlsx', 'gpkg']) {
    assert.ok(readFileSync(await download(format)).length > 1000, format);
  }
  await page.locator('#tab-compound').click();
  await tableReady(page);
  await page.locator('#line').selectOption('');
  const judged = execFileSync('ogrinfo', ['-ro', '-so', '-al', await download('gpkg')]).toString();
  const { lines } = (await get('settings')).rule_sets.find(({ id }) => id === 'board');
  assert.match(judged, new RegExp(`Feature Count: ${counts.compounds * lines.length}\\b`));
  const book = execFileSync('ogrinfo', [
    '-ro',
    '-so',
    '-al',
    await download('workbook'),
  ]).toString();
  assert.match(book, /概要 summary/);
  await page.locator('#tab-findings').click();
  await tableReady(page);
  for (const format of ['xlsx', 'gpkg']) {
    const said = execFileSync('ogrinfo', ['-ro', '-so', '-al', await download(format)]).toString();
    assert.match(said, /Feature Count: \d{3,}/);
  }
  const findings = JSON.parse(readFileSync(await download('geojson'), 'utf8'));
  assert.equal(findings.features.length, (await get('quality')).features.length);
});

await check('keyboard only: rows, reach, and back', async () => {
  await page.locator('#tab-compound').focus();
  await page.keyboard.press('Enter');
  await tableReady(page);
  await page.locator('.table-frame').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  const marked = page.locator('.rows-table tr.marked');
  await marked.waitFor();
  const id = await marked.getAttribute('data-id');
  await page.keyboard.press('End');
  await page.waitForFunction(
    (before) => document.querySelector('.rows-table tr.marked')?.dataset.id !== before,
    id,
  );
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await ready(page, 'place');
  assert.match(page.url(), new RegExp(`compound=${id}\\b`));
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.documentElement.dataset.drawer === 'false');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'planner');
});

await check('the link alone shows the same table', async () => {
  const again = await newPage(browser, base);
  await again.goto(`${base}#table=subdistrict&line=park&colour=minutes&lang=en&theme=dark`);
  await ready(again, 'city');
  await tableReady(again);
  assert.equal(await again.locator('#tab-subdistrict').getAttribute('aria-pressed'), 'true');
  assert.equal(await again.locator('#line').inputValue(), 'park');
  await mapIdle(again);
  await shot(again, 'plan-en-dark');
  assert.deepEqual(again.problems, []);
  await again.close();
});

await check('nothing was asked of any other origin, nothing complained', async () => {
  assert.deepEqual(page.strangers, []);
  assert.deepEqual(page.problems, []);
});

await check('phone: the table is a sheet of its own, nothing wider than the screen', async () => {
  const phone = await newPage(browser, base, phoneOptions);
  await phone.goto(base);
  await ready(phone, 'city');
  await phone.locator('#planner').tap();
  await tableReady(phone);
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 390);
  const name = await rows(phone).first().locator('th').boundingBox();
  assert.ok(name.width > 140, `${name.width} for a name`);
  await rows(phone).first().tap();
  await phone.locator('.rows-table tr.marked').waitFor();
  await mapIdle(phone);
  await shot(phone, 'plan-phone');
  await phone.locator('#drawer-close').tap();
  assert.ok(await phone.locator('#drawer').isHidden());
  assert.deepEqual(phone.problems, []);
  await phone.close();
});

await browser.close();
checks.finish();
