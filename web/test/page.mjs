/**
 * Drives the page in a real browser against a running server.
 *
 *   node test/page.mjs BASE_URL SHOT_DIR
 *
 * Ends with "N passed, N failed" and fails if anything failed.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  areasOf,
  bandAreas,
  Checks,
  fragment,
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

const wanted = '荣耀世纪小区';
const get = async (path) => (await fetch(new URL(`api/${path}`, base))).json();
const browser = await openBrowser();
const checks = new Checks();
const check = (name, run) => checks.check(name, run);

const dataset = (page, key) => page.evaluate((k) => document.documentElement.dataset[k], key);
const text = (page, selector) => page.locator(selector).first().innerText();
const shot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`) });

async function search(page, words) {
  await page.locator('.search input').fill(words);
  await page.locator('[role=option]').first().waitFor();
  await page.keyboard.press('Enter');
  await ready(page, 'place');
}

const page = await newPage(browser, base);
await page.goto(base);
await ready(page, 'city');

await check('first view: one sentence, the cursor in the search field, a legend', async () => {
  assert.match(await text(page, '#answer'), /\d+[\s\S]*小区[\s\S]*分钟/);
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('role'));
  assert.equal(focused, 'combobox');
  assert.ok(await page.locator('#legend').isVisible());
  assert.equal(await page.locator('.bar-row').count(), (await board()).lines.length);
  await page.waitForFunction(
    () => window.livingCircle.map.queryRenderedFeatures({ layers: ['compounds'] }).length > 0,
  );
  await shot(page, 'city-zh-day');
});

async function board() {
  const settings = await get('settings');
  return settings.rule_sets.find((set) => set.id === settings.default_rules);
}

await check(
  'first view: each line by what is proven and what is possible, and how much the map holds',
  async () => {
    const verdicts = await get('verdicts?rules=board&profile=adult&minutes=5,10,15');
    const rows = page.locator('.bar-row');
    for (const [index, line] of verdicts.lines.entries()) {
      const [covered, gap, unknown] = ['c', 'g', 'u'].map(
        (letter) => [...line.verdicts].filter((it) => it === letter).length,
      );
      const all = covered + gap + unknown;
      const [low, high] = [
        Math.floor((covered / all) * 100),
        Math.ceil(((covered + unknown) / all) * 100),
      ];
      const share =
        unknown < 0.05 * all
          ? `${Math.round((covered / (covered + gap)) * 100)}%`
          : low === high
            ? `${low}%`
            : `${low}–${high}%`;
      const row = rows.nth(index);
      assert.equal(await row.locator('.bar-value').innerText(), share, line.category);
      assert.equal(await row.locator('.hatched').count(), unknown > 0 ? 1 : 0, line.category);
      const { completeness } = line.completeness[0];
      const partial = completeness === null || completeness < verdicts.least_completeness;
      assert.equal(await row.locator('.holds').count(), partial ? 1 : 0, line.category);
    }
    assert.match(await text(page, '#knows'), /地图|数据/);
  },
);

await check(
  'first view: red only where a gap is proven, hatched where most is unknown',
  async () => {
    const { lines, compound_ids: ids } = await get(
      'verdicts?rules=board&profile=adult&minutes=5,10,15',
    );
    await mapIdle(page);
    const drawn = await page.evaluate(() =>
      window.livingCircle.map
        .queryRenderedFeatures({ layers: ['compounds'] })
        .map(({ properties }) => properties),
    );
    assert.ok(drawn.length > 100);
    for (const { compound_id, step, hatch } of drawn) {
      const row = ids.indexOf(compound_id);
      assert.ok(row >= 0, compound_id);
      const letters = lines.map(({ verdicts }) => verdicts[row]);
      const many = (letter) => letters.filter((it) => it === letter).length;
      assert.equal(step >= 0 && step <= 2, many('g') > 0, compound_id);
      assert.equal(step >= 20, many('g') === 0 && many('c') > 0, compound_id);
      assert.equal(hatch, many('u') * 2 > lines.length, compound_id);
    }
  },
);

await check('first view: what to bring, as the API ranks it', async () => {
  const { bring } = await get('verdicts?rules=board&profile=adult&minutes=5,10,15');
  const said = await page
    .locator('#bring li')
    .evaluateAll((items) => items.map((item) => item.dataset.category));
  assert.deepEqual(
    said,
    bring.map(({ category }) => category),
  );
  for (const words of await page.locator('#bring > ul .bring-affects').allInnerTexts()) {
    assert.match(words, /^影响(约 [\d.,]+ ?万?人| [\d,]+ 个小区)$|^影响约 [\d.,]+ 人$/);
  }
});

await check('as mapped: one click, in the link, the title, the words and the table', async () => {
  const mapped = await newPage(browser, base);
  await mapped.goto(base);
  await ready(mapped, 'city');
  const [answer] = await Promise.all([
    mapped.waitForResponse(/verdicts\?.*as_mapped=true/),
    mapped.locator('#as-mapped').check(),
  ]);
  const verdicts = await answer.json();
  assert.equal(verdicts.as_mapped, true);
  await ready(mapped, 'city');
  assert.match(mapped.url(), /as_mapped=1/);
  assert.match(await mapped.title(), /按地图所示/);
  const lacking = Array.from({ length: verdicts.compounds }, (_, row) =>
    verdicts.lines.some((line) => line.verdicts[row] === 'g'),
  ).filter(Boolean).length;
  const sentence = (await text(mapped, '#answer')).replaceAll(',', '');
  assert.ok(sentence.includes(`${lacking}`), sentence);
  assert.doesNotMatch(sentence, /确定/);
  assert.equal(await mapped.locator('#bring').count(), 0);
  assert.match(await text(mapped, '#legend'), /按地图所示/);
  await mapped.locator('#planner').click();
  await tableReady(mapped);
  assert.match(await text(mapped, '.drawer-tools'), /按地图所示/);
  await mapped.locator('#downloads-button').click();
  for (const link of await mapped.locator('#downloads a').all()) {
    assert.match(await link.getAttribute('href'), /as_mapped=true/);
  }
  await mapIdle(mapped);
  await shot(mapped, 'city-as-mapped');
  await mapped.locator('#as-mapped').uncheck();
  await ready(mapped, 'city');
  assert.doesNotMatch(mapped.url(), /as_mapped/);
  await mapped.close();
});

await check('a city without compounds says what to do next', async () => {
  const blank = await newPage(browser, base);
  const none = (route) =>
    route.fulfill({ json: { type: 'FeatureCollection', features: [], links: [] } });
  await blank.route('**/api/collections/compound*/items*', none);
  await blank.route('**/api/verdicts*', async (route) => {
    const response = await route.fetch();
    const verdicts = await response.json();
    const lines = verdicts.lines.map((line) => ({ ...line, verdicts: '', reasons: [] }));
    const nobody = {
      compounds: 0,
      compound_ids: [],
      area_of: [],
      gates_guessed: [],
      bring: [],
      lines,
    };
    await route.fulfill({ response, json: { ...verdicts, ...nobody } });
  });
  await blank.goto(base);
  await ready(blank, 'city');
  assert.match(await text(blank, '#answer'), /没有小区[\s\S]*compounds/);
  assert.ok(await blank.locator('#legend').isHidden());
  await shot(blank, 'city-without-compounds');
  assert.deepEqual(blank.problems, []);
  await blank.close();
});

await check('search: keyboard only, finds the compound', async () => {
  await page.keyboard.type(wanted.slice(0, 2));
  await page.locator('[role=option]').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.locator('[role=option][aria-selected=true]').count(), 1);
  await page.keyboard.press('Escape');
  await search(page, wanted);
  assert.equal(await text(page, '.place-title'), wanted);
  assert.match(page.url(), /compound=/);
});

await check('search: pinyin in full and by first letters finds the same compound', async () => {
  await page.waitForFunction(() => document.documentElement.dataset.names === 'true');
  for (const letters of ['rongyaoshiji', 'rysjxq', 'RongYSJ']) {
    await page.locator('.search input').fill(letters);
    await page.locator('[role=option]').first().waitFor();
    const found = await page.locator('[role=option] .search-title').allInnerTexts();
    assert.ok(found.includes(wanted), `${letters}: ${found}`);
  }
  await page.locator('.search input').fill('');
});

await check('compound: three nested bands, drawn and growing', async () => {
  const areas = await bandAreas(page);
  assert.equal(areas.length, 3);
  assert.ok(areas[0] > 0 && areas[0] < areas[1] && areas[1] < areas[2], areas.join(' '));
  await page.waitForFunction(() => {
    const { map } = window.livingCircle;
    const drawn = (layer) =>
      new Set(map.queryRenderedFeatures({ layers: [layer] }).map((f) => f.properties.minutes)).size;
    return drawn('bands') === 3 && drawn('band-rims') === 3 && drawn('band-labels') === 3;
  });
});

await check('compound: the list says the minutes that the API says, rounded up', async () => {
  const id = decodeURIComponent(/compound=([^&]+)/.exec(page.url())[1]);
  const reach = await get(`reach?compound=${encodeURIComponent(id)}&minutes=15&profile=adult`);
  const byId = new Map(reach.features.map(({ properties }) => [properties.id, properties]));
  await page.evaluate(() => document.querySelectorAll('.group .more').forEach((b) => b.click()));
  const rows = await page.locator('.facility').evaluateAll((buttons) =>
    buttons.map((button) => ({
      id: button.id.replace('facility-', ''),
      minutes: parseInt(button.querySelector('.walk-minutes').textContent.replace(/\D/g, ''), 10),
      metres: parseInt(button.querySelector('.walk-metres').textContent.replace(/\D/g, ''), 10),
    })),
  );
  assert.ok(rows.length > 0);
  for (const { id: facility, minutes, metres } of rows) {
    const { walk_seconds, walk_metres } = byId.get(facility);
    assert.equal(minutes, Math.ceil(walk_seconds / 60));
    assert.equal(metres, Math.round(walk_metres));
  }
  assert.equal(rows.length, reach.features.length);
});

await check(
  'compound: the board at its gate is drawn, and files to print are offered',
  async () => {
    await page.locator('#board summary').click();
    const picture = page.locator('.board-picture');
    await page.waitForFunction(() => document.querySelector('.board-picture')?.naturalWidth > 0);
    const shape = await picture.evaluate((img) => img.naturalHeight / img.naturalWidth);
    assert.ok(Math.abs(shape - Math.SQRT2) < 0.02, `${shape}`);
    await page.locator('#board-size').selectOption('A3');
    const begins = { pdf: '%PDF-', svg: '<svg', png: '\u0089PNG' };
    for (const [kind, begin] of Object.entries(begins)) {
      const href = await page.locator(`.board-files [data-kind=${kind}]`).getAttribute('href');
      const answer = await fetch(new URL(href, base));
      assert.equal(answer.status, 200, href);
      assert.match(
        answer.headers.get('content-disposition'),
        new RegExp(`attachment; .*\\.${kind}`),
      );
      const bytes = Buffer.from(await answer.arrayBuffer());
      assert.equal(bytes.toString('latin1', 0, begin.length), begin);
    }
    await page.locator('#board').scrollIntoViewIfNeeded();
    await shot(page, 'board-zh-day');
    await page.locator('#board summary').click();
  },
);

await check('compound: how it stands on every line, in words', async () => {
  const { lines } = await board();
  assert.deepEqual(
    await page
      .locator('.standing > .row-name')
      .evaluateAll((names) => names.map((name) => name.firstChild.textContent)),
    lines.map((line) => line.zh),
  );
  const id = decodeURIComponent(/compound=([^&]+)/.exec(page.url())[1]);
  const { features } = await get(`coverage?compound=${encodeURIComponent(id)}&rules=board`);
  const { coverage } = features[0].properties;
  const { least_completeness: least } = await get('verdicts?rules=board');
  for (const [index, line] of lines.entries()) {
    const entry = coverage[line.zh] ?? coverage[line.any_of[0]];
    const row = page.locator('.standing').nth(index);
    const words = await row.innerText();
    const partial = entry.completeness === null || entry.completeness < least;
    assert.equal(await row.locator('.holds').count(), partial ? 1 : 0, line.zh);
    if (entry.verdict === 'covered') {
      assert.equal(/地图上.*分钟内/.test(words), partial, words);
    } else if (entry.verdict === 'unknown') assert.match(words, /未知/);
    else assert.match(words, /内没有/);
    if (entry.reason === 'gate_unknown') assert.match(words, /最好 \d+ 分 \/ 最差/);
    if (entry.beside_seconds !== null && line.beside?.length === 1) {
      assert.match(words, new RegExp(`最近.* ${Math.ceil(entry.beside_seconds / 60)} 分钟`));
    }
  }
  // The same holds for every category, whether a line asks for it or not.
  await page.locator('.categories summary').click();
  for (const row of await page.locator('.categories tbody tr').all()) {
    const { completeness } = coverage[await row.getAttribute('data-category')];
    const partial = completeness === null || completeness < least;
    assert.equal(await row.locator('.holds').count(), partial ? 1 : 0);
    if (partial) assert.ok((await row.locator('td').allInnerTexts()).every((it) => it !== '0'));
  }
  await page.locator('.categories summary').click();
});

await check('compound: focus on a facility names it on the map', async () => {
  await page.locator('.facility').first().focus();
  await page.locator('.tip').waitFor();
  assert.match(await text(page, '.tip'), /步行 \d+ 分钟 · [\d,]+ 米/);
  // The way is drawn, and it is as long as the list says.
  await page.waitForFunction(() => document.documentElement.dataset.walk !== undefined);
  const id = await dataset(page, 'walk');
  const compound = decodeURIComponent(/compound=([^&]+)/.exec(page.url())[1]);
  const { walk } = await get(`explain?compound=${compound}&facility=${id}`);
  const row = page.locator(`#facility-${id}`);
  assert.equal(Math.round(walk.walk_seconds), Math.round(await row.getAttribute('data-seconds')));
  await page.waitForFunction(
    () =>
      window.livingCircle.map.queryRenderedFeatures({ layers: ['walk', 'walk-legs'] }).length > 0,
  );
  await page.locator('.panel-body').evaluate((body) => (body.scrollTop = 0));
  await mapIdle(page);
  await shot(page, 'compound-zh-day');
});

await check('compound: a group can be picked out', async () => {
  const chip = page.locator('.chip:not([disabled])').nth(1);
  await chip.click();
  assert.equal(await page.locator('.group').count(), 1);
  assert.match(page.url(), /group=/);
  await page.locator('[data-chip=all]').click();
});

await check('the link alone shows the same view', async () => {
  const again = await newPage(browser, base);
  await again.goto(page.url());
  await ready(again, 'place');
  assert.equal(await text(again, '.place-title'), wanted);
  assert.deepEqual(await bandAreas(again), await bandAreas(page));
  assert.deepEqual(again.problems, []);
  await again.close();
});

await check('Escape goes back to the city, Back to the compound', async () => {
  await page.keyboard.press('Escape');
  await ready(page, 'city');
  assert.equal(await page.locator('.band').count(), 0);
  await page.goBack();
  await ready(page, 'place');
  await page.locator('#close').click();
  await ready(page, 'city');
});

await check('a click on a compound shows its three bands', async () => {
  await mapIdle(page);
  const { features } = await get(`collections/compounds/items?name=${encodeURIComponent(wanted)}`);
  const at = await page.evaluate(async (id) => {
    const { map } = window.livingCircle;
    const label = await (await fetch(`api/collections/compounds/items/${id}`)).json();
    const ring = label.geometry.coordinates.flat(label.geometry.type === 'MultiPolygon' ? 2 : 1);
    const mean = (axis) => ring.reduce((sum, place) => sum + place[axis], 0) / ring.length;
    map.jumpTo({ center: [mean(0), mean(1)], zoom: 15 });
    await new Promise((resolve) => map.once('idle', resolve));
    const { x, y } = map.project([mean(0), mean(1)]);
    const box = map.getCanvas().getBoundingClientRect();
    return [x + box.left, y + box.top];
  }, features[0].id);
  await page.mouse.click(...at);
  await ready(page, 'place');
  assert.match(page.url(), new RegExp(`compound=${features[0].id}\\b`));
  assert.ok((await text(page, '#panel')).includes(wanted));
  assert.equal(await page.locator('.band').count(), 3);
  await page.locator('#close').click();
  await ready(page, 'city');
});

await check('a gate has a circle of its own, beside that of its compound', async () => {
  const query = `compound_name=${encodeURIComponent(wanted)}`;
  const { features } = await get(`collections/gates/items?${query}`);
  const { id, compound_id: compound } = features.find((it) => !it.properties.locked).properties;
  const gated = await newPage(browser, base);
  await gated.goto(`${base}#gate=${id}`);
  await ready(gated, 'place');
  assert.equal(fragment(gated).get('gate'), id);
  assert.equal(fragment(gated).get('compound'), compound);
  assert.ok((await text(gated, '.place-title')).includes(wanted));
  assert.equal(await dataset(gated, 'news'), '');
  const bands = await get(`isochrones?gate=${id}&minutes=5,10,15&profile=adult&form=discs`);
  assert.deepEqual(await bandAreas(gated), areasOf(bands));
  const { features: reached } = await get(`reach?gate=${id}&minutes=15&profile=adult`);
  const counts = await gated.locator('.band-count').allInnerTexts();
  assert.equal(parseInt(counts[2].replace(/\D/g, ''), 10), reached.length);
  await gated.locator('.facility').first().focus();
  await gated.waitForFunction(() => document.documentElement.dataset.walk !== undefined);
  await gated.locator('#all-gates').click();
  await ready(gated, 'place');
  assert.equal(fragment(gated).get('gate'), null);
  assert.equal(fragment(gated).get('compound'), compound);
  assert.equal(await gated.locator('#all-gates').count(), 0);
  assert.deepEqual(gated.problems, []);
  await gated.close();
});

await check('a link with a row number is said to be of an older version', async () => {
  const old = await newPage(browser, base);
  for (const hash of ['#compound=12', '#compound=12&gate=34']) {
    await old.goto(`${base}${hash}`);
    await old.reload();
    await ready(old, 'error');
    assert.match(await text(old, '.notice'), /旧版本/);
  }
  assert.deepEqual(old.problems, []);
  await old.close();
});

await check('a click on the map asks about that place', async () => {
  await mapIdle(page);
  await page.mouse.click(840, 400);
  await page.waitForFunction(() =>
    /place|off-network/.test(document.documentElement.dataset.view ?? ''),
  );
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true');
  assert.match(page.url(), /at=|compound=/);
});

await check('a place off the network gets a designed answer', async () => {
  // Beyond the data the server may refuse it.
  page.refusalExpected = true;
  await page.goto(`${base}#at=0.001,0.001`);
  await ready(page, 'off-network');
  assert.match(await text(page, '.notice'), /路/);
  page.refusalExpected = false;
});

await check('an unknown compound gets a designed answer', async () => {
  page.refusalExpected = true;
  await page.goto(`${base}#compound=no-such-compound`);
  await ready(page, 'error');
  assert.ok((await text(page, '.notice')).length > 10);
  page.refusalExpected = false;
  await page.locator('#back').click();
  await ready(page, 'city');
});

await check('English', async () => {
  await page.locator('#lang-en').click();
  assert.match(await text(page, '#answer'), /walk/);
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  assert.match(page.url(), /lang=en/);
  assert.match(await text(page, '.panel-foot'), /OpenStreetMap contributors \(ODbL\)/);
});

await check('dark', async () => {
  await page.locator('#theme').selectOption('dark');
  assert.equal(await dataset(page, 'theme'), 'dark');
  const ground = await page.evaluate(() =>
    window.livingCircle.map.getPaintProperty('ground', 'background-color'),
  );
  const [red] = ground.match(/\w\w/).map((pair) => parseInt(pair, 16));
  assert.ok(red < 60, ground);
  await mapIdle(page);
  await shot(page, 'city-en-dark');
});

await check('another profile walks at another speed', async () => {
  const { profiles, default_profile } = await get('settings');
  const other = profiles.find(({ id }) => id !== default_profile);
  if (!other) return;
  const before = await text(page, '.panel-foot');
  await page.locator('#profile').selectOption(other.id);
  await ready(page, 'city');
  assert.notEqual(await text(page, '.panel-foot'), before);
  assert.match(page.url(), new RegExp(`profile=${other.id}`));
});

await check('other bands are drawn, counted and linked', async () => {
  await page.goto(`${base}#compound=${encodeURIComponent(wanted)}&lang=zh`);
  await ready(page, 'place');
  await page.locator('#minutes').selectOption('10,20,30');
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll('.band')].map((band) => band.dataset.minutes).join() ===
      '10,20,30',
  );
  assert.match(page.url(), /minutes=10,20,30/);
  const areas = await bandAreas(page);
  assert.ok(areas[0] < areas[1] && areas[1] < areas[2], areas.join(' '));
  await page.locator('#minutes').selectOption('5,10,15');
  await page.waitForFunction(() => document.querySelectorAll('.band[data-minutes="5"]').length);
});

await check('names that are markup are shown as text', async () => {
  const name = '<img src=x onerror="window.hit=1">';
  await page.route('**/api/reach?*', async (route) => {
    const response = await route.fetch();
    const reach = await response.json();
    for (const { properties } of reach.features) properties.name = name;
    await route.fulfill({ response, json: reach });
  });
  await page.goto(`${base}#compound=${encodeURIComponent(wanted)}&lang=zh&group=shi`);
  await page.reload();
  await ready(page, 'place');
  assert.equal(await text(page, '.facility .row-name'), name);
  await page.locator('.facility').first().focus();
  await page.locator('.tip').waitFor();
  assert.ok((await text(page, '.tip')).includes(name));
  assert.equal(await page.locator('#panel img:not(.board-picture), .tip img').count(), 0);
  assert.equal(await page.evaluate(() => window.hit), undefined);
  await page.unroute('**/api/reach?*');
});

await check('a server that does not answer gets a designed answer, and another try', async () => {
  const broken = await newPage(browser, base);
  broken.refusalExpected = true;
  await broken.route('**/api/verdicts*', (route) => route.fulfill({ status: 503, body: '{}' }));
  await broken.goto(base);
  await ready(broken, 'error');
  assert.match(await text(broken, '.notice'), /没有读到数据/);
  await broken.unroute('**/api/verdicts*');
  await broken.locator('.notice .button').click();
  await ready(broken, 'city');
  await broken.close();
});

await check('nothing was asked of any other origin, nothing complained', async () => {
  assert.deepEqual(page.strangers, []);
  assert.deepEqual(page.problems, []);
});

await check('dark by itself where the system is dark, still where motion is unwanted', async () => {
  const dark = await newPage(browser, base, { colorScheme: 'dark', reducedMotion: 'reduce' });
  await dark.goto(base);
  await ready(dark, 'city');
  assert.equal(await dataset(dark, 'theme'), 'dark');
  const duration = await dark.evaluate(
    () => getComputedStyle(document.querySelector('.row-button')).transitionDuration,
  );
  assert.equal(duration, '0s');
  await dark.close();
});

await check('phone: map above, sheet below, nothing wider than the screen', async () => {
  const phone = await newPage(browser, base, phoneOptions);
  await phone.goto(base);
  await ready(phone, 'city');
  const width = await phone.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, 390);
  await mapIdle(phone);
  await shot(phone, 'city-phone');
  const top = async () => (await phone.locator('#panel').boundingBox()).y;
  assert.ok((await top()) > 300);
  await phone.locator('.sheet-handle').tap();
  await phone.waitForFunction(() => {
    const { y } = document.querySelector('#panel').getBoundingClientRect();
    return Math.abs(y - window.innerHeight * 0.1) < 2;
  });
  await phone.locator('.search input').fill(wanted);
  await phone.locator('[role=option]').first().tap();
  await ready(phone, 'place');
  assert.equal(await dataset(phone, 'sheet'), 'half');
  await mapIdle(phone);
  await shot(phone, 'compound-phone');
  assert.deepEqual(phone.problems, []);
  assert.deepEqual(phone.strangers, []);
  await phone.close();
});

await browser.close();
checks.finish();
