import type { Bands, Coverage, Explained, Reach, Verdicts } from '../../src/api/types';
import { expect, test, type Page } from './fixtures';
import {
  areasOf,
  bandAreas,
  boardVerdicts,
  compoundName,
  defaultRules,
  fragment,
  mapIdle,
  mark,
  numberIn,
  picture,
  ready,
  text,
} from './helpers';

const link = `#compound=${encodeURIComponent(compoundName)}`;

/** The key of the compound that the page shows. */
const compoundKey = (page: Page): string => fragment(page).get('compound') ?? '';

test('three_nested_bands_grow_and_are_drawn', async ({ open }) => {
  const page = await open(link);
  await ready(page, 'place');
  const areas = await bandAreas(page);
  expect(areas).toHaveLength(3);
  expect(areas[0]).toBeGreaterThan(0);
  expect(areas).toEqual([...areas].sort((a, b) => a - b));
  expect(new Set(areas).size).toBe(3);
  await page.waitForFunction(() => {
    const { map } = window.livingCircle;
    const minutes = (layer: string): Set<unknown> =>
      new Set(
        map.queryRenderedFeatures({ layers: [layer] }).map(({ properties }) => properties.minutes),
      );
    return ['bands', 'band-rims', 'band-labels'].every((layer) => minutes(layer).size === 3);
  });
});

test('fills_and_rims_come_from_one_request', async ({ prepare }) => {
  const page = await prepare();
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/isochrones')) requests.push(request.url());
  });
  await page.goto(link);
  await ready(page, 'place');
  await mapIdle(page);
  expect(requests).toHaveLength(1);
});

test('the_list_has_the_walks_of_the_api_rounded_up', async ({ open, server }) => {
  const page = await open(link);
  await ready(page, 'place');
  const reach = await server.get<Reach>(
    `reach?compound=${compoundKey(page)}&minutes=15&profile=adult`,
  );
  const byId = new Map(reach.features.map(({ properties }) => [properties.id, properties]));
  await page.evaluate(() =>
    document.querySelectorAll<HTMLElement>('.group .more').forEach((more) => more.click()),
  );
  const rows = await page.locator('.facility').evaluateAll((buttons) =>
    buttons.map((button) => ({
      id: button.id.replace('facility-', ''),
      minutes: button.querySelector('.walk-minutes')!.textContent!,
      metres: button.querySelector('.walk-metres')!.textContent!,
    })),
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { id, minutes, metres } of rows) {
    const { walk_seconds, walk_metres } = byId.get(id)!;
    expect(numberIn(minutes)).toBe(Math.ceil(walk_seconds / 60));
    expect(numberIn(metres)).toBe(Math.round(walk_metres));
  }
  expect(rows.length).toBe(reach.features.length);
});

test('the_board_has_a_preview_and_files_to_print', async ({ open, server }) => {
  const page = await open(link);
  await ready(page, 'place');
  await page.locator('#board summary').click();
  const board = page.locator('.board-picture');
  const width = (): Promise<number> =>
    board.evaluate((image) => (image as HTMLImageElement).naturalWidth);
  await expect.poll(width).toBeGreaterThan(0);
  const shape = await board.evaluate((image) => {
    const { naturalHeight, naturalWidth } = image as HTMLImageElement;
    return naturalHeight / naturalWidth;
  });
  expect(Math.abs(shape - Math.SQRT2)).toBeLessThan(0.02);
  await page.locator('#board-size').selectOption('A3');
  const begins = { pdf: '%PDF-', svg: '<svg', png: '\u0089PNG' };
  for (const [format, begin] of Object.entries(begins)) {
    const href = await page.locator(`.board-files [data-kind=${format}]`).getAttribute('href');
    const answer = await fetch(new URL(href!, server.base));
    expect(answer.status, href!).toBe(200);
    const disposition = answer.headers.get('content-disposition');
    expect(disposition).toMatch(new RegExp(`attachment; .*\\.${format}`));
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.toString('latin1', 0, begin.length)).toBe(begin);
  }
  await page.locator('#board').scrollIntoViewIfNeeded();
  await picture(page, 'board-zh-day');
});

test('every_line_and_category_has_the_verdict_of_the_api_in_words', async ({ open, server }) => {
  const page = await open(link);
  await ready(page, 'place');
  const { lines } = await defaultRules(server);
  const { least_completeness: least } = await server.get<Verdicts>(boardVerdicts);
  const { features } = await server.get<Coverage>(
    `coverage?compound=${compoundKey(page)}&rules=board`,
  );
  const { coverage } = features[0]!.properties;
  const isPartial = (completeness: number | null): boolean =>
    completeness === null || completeness < least;
  // The completeness of a line depends on the city's verdicts.
  await expect(page.locator('html')).toHaveAttribute('data-edition', /./);
  const names = await page
    .locator('.standing > .row-name')
    .evaluateAll((elements) => elements.map((element) => element.firstChild?.textContent));
  expect(names).toEqual(lines.map((line) => line.zh));
  for (const [index, line] of lines.entries()) {
    const entry = (coverage[line.zh] ?? coverage[line.any_of[0]!])!;
    const row = page.locator('.standing').nth(index);
    const words = await row.innerText();
    const partial = isPartial(entry.completeness);
    expect(await row.locator('.completeness').count(), line.zh).toBe(partial ? 1 : 0);
    if (entry.verdict === 'covered') {
      expect(/地图上.*分钟内/.test(words), words).toBe(partial);
    } else if (entry.verdict === 'unknown') expect(words).toMatch(/未知/);
    else expect(words).toMatch(/内没有/);
    if (entry.reason === 'gate_unknown') expect(words).toMatch(/最好 \d+ 分 \/ 最差/);
    if (entry.beside_seconds !== null && line.beside?.length === 1) {
      const minutes = Math.ceil(entry.beside_seconds / 60);
      expect(words).toMatch(new RegExp(`最近.* ${minutes} 分钟`));
    }
  }
  await page.locator('.categories summary').click();
  for (const row of await page.locator('.categories tbody tr').all()) {
    const category = (await row.getAttribute('data-category'))!;
    const partial = isPartial(coverage[category]!.completeness);
    expect(await row.locator('.completeness').count(), category).toBe(partial ? 1 : 0);
    if (partial) expect(await row.locator('td').allInnerTexts()).not.toContain('0');
  }
});

test('focus_on_a_facility_names_it_and_draws_the_walk', async ({ open, server }) => {
  const page = await open(link);
  await ready(page, 'place');
  await mapIdle(page);
  const request = page.waitForRequest(/\/api\/explain\?/);
  await page.locator('.facility').first().focus();
  await page.locator('.tip').waitFor();
  expect(await text(page, '.tip')).toMatch(/步行 \d+ 分钟 · [\d,]+ 米/);
  // Only the walk is requested, without the barriers on a shorter one.
  expect(new URL((await request).url()).searchParams.get('barred')).toBe('false');
  await expect.poll(() => mark(page, 'walk')).toBeDefined();
  const id = (await mark(page, 'walk'))!;
  const { walk } = await server.get<Explained>(
    `explain?compound=${compoundKey(page)}&facility=${id}`,
  );
  const row = page.locator(`#facility-${id}`);
  const seconds = Number(await row.getAttribute('data-seconds'));
  expect(Math.round(walk.walk_seconds!)).toBe(Math.round(seconds));
  await page.waitForFunction(
    () =>
      window.livingCircle.map.queryRenderedFeatures({ layers: ['walk', 'walk-legs'] }).length > 0,
  );
  await page.locator('.panel-body').evaluate((body) => (body.scrollTop = 0));
  await mapIdle(page);
  await picture(page, 'compound-zh-day');
});

test('a_group_filters_the_list_and_is_written_to_the_link', async ({ open }) => {
  const page = await open(link);
  await ready(page, 'place');
  await page.locator('.chip:not([disabled])').nth(1).click();
  await expect(page.locator('.group')).toHaveCount(1);
  expect(page.url()).toMatch(/group=/);
  await page.locator('[data-chip=all]').click();
  expect(page.url()).not.toMatch(/group=/);
});

test('the_link_alone_shows_the_same_view', async ({ open }) => {
  const page = await open(link);
  await ready(page, 'place');
  const again = await open(new URL(page.url()).hash);
  await ready(again, 'place');
  expect(await text(again, '.place-title')).toBe(compoundName);
  expect(await bandAreas(again)).toEqual(await bandAreas(page));
});

test('escape_and_close_return_to_the_city_and_back_to_the_compound', async ({ open }) => {
  const page = await open(link);
  await ready(page, 'place');
  await page.keyboard.press('Escape');
  await ready(page, 'city');
  await expect(page.locator('.band')).toHaveCount(0);
  await page.goBack();
  await ready(page, 'place');
  await page.locator('#close').click();
  await ready(page, 'city');
});

test('a_click_on_a_compound_shows_its_three_bands', async ({ open, server }) => {
  const page = await open();
  await ready(page, 'city');
  await mapIdle(page);
  const query = `name=${encodeURIComponent(compoundName)}`;
  const { features } = await server.get<{ features: { id: string }[] }>(
    `collections/compounds/items?${query}`,
  );
  const key = features[0]!.id;
  const [x, y] = await page.evaluate(async (id) => {
    const { map } = window.livingCircle;
    const compound = await (await fetch(`api/collections/compounds/items/${id}`)).json();
    const { type, coordinates } = compound.geometry;
    const ring: number[][] = coordinates.flat(type === 'MultiPolygon' ? 2 : 1);
    const mean = (axis: number): number =>
      ring.reduce((sum, position) => sum + position[axis]!, 0) / ring.length;
    const centre: [number, number] = [mean(0), mean(1)];
    map.jumpTo({ center: centre, zoom: 15 });
    await new Promise((resolve) => map.once('idle', resolve));
    const point = map.project(centre);
    const box = map.getCanvas().getBoundingClientRect();
    return [point.x + box.left, point.y + box.top] as const;
  }, key);
  await page.mouse.click(x, y);
  await ready(page, 'place');
  expect(compoundKey(page)).toBe(key);
  expect(await text(page, '#panel')).toContain(compoundName);
  await expect(page.locator('.band')).toHaveCount(3);
});

test('a_gate_has_its_own_bands', async ({ open, server }) => {
  interface Gates {
    features: { properties: { id: string; compound_id: string; locked: boolean } }[];
  }
  const query = `compound_name=${encodeURIComponent(compoundName)}`;
  const { features } = await server.get<Gates>(`collections/gates/items?${query}`);
  const gate = features.find(({ properties }) => !properties.locked)!.properties;
  const page = await open(`#gate=${gate.id}`);
  await ready(page, 'place');
  expect(fragment(page).get('gate')).toBe(gate.id);
  expect(fragment(page).get('compound')).toBe(gate.compound_id);
  await expect(page.locator('.place-title')).toContainText(compoundName);
  expect(await mark(page, 'news')).toBe('');
  const bands = await server.get<Bands>(
    `isochrones?gate=${gate.id}&minutes=5,10,15&profile=adult&form=discs`,
  );
  expect(await bandAreas(page)).toEqual(areasOf(bands));
  const reach = await server.get<Reach>(`reach?gate=${gate.id}&minutes=15&profile=adult`);
  const counts = await page.locator('.band-count').allInnerTexts();
  expect(numberIn(counts[2]!)).toBe(reach.features.length);
  await mapIdle(page);
  await page.locator('.facility').first().focus();
  await expect.poll(() => mark(page, 'walk')).toBeDefined();
  await page.locator('#all-gates').click();
  await ready(page, 'place');
  expect(fragment(page).get('gate')).toBeNull();
  expect(fragment(page).get('compound')).toBe(gate.compound_id);
  await expect(page.locator('#all-gates')).toHaveCount(0);
});

test('a_link_with_row_numbers_is_reported_as_of_an_older_version', async ({ open }) => {
  for (const old of ['#compound=12', '#compound=12&gate=34']) {
    const page = await open(old);
    await ready(page, 'error');
    expect(await text(page, '.notice')).toMatch(/旧版本/);
  }
});

test('a_click_on_the_map_shows_that_location', async ({ open }) => {
  const page = await open('', { rejections: true });
  await ready(page, 'city');
  await mapIdle(page);
  await page.mouse.click(840, 400);
  await page.waitForFunction(() => {
    const { dataset } = document.documentElement;
    return /place|off-network/.test(dataset.view ?? '') && dataset.ready === 'true';
  });
  expect(page.url()).toMatch(/at=|compound=/);
});

test('a_location_off_the_network_shows_a_notice', async ({ open }) => {
  // The server may reject a location outside its data.
  const page = await open('#at=0.001,0.001', { rejections: true });
  await ready(page, 'off-network');
  expect(await text(page, '.notice')).toMatch(/路/);
});

test('an_unknown_compound_shows_a_notice_and_a_back_button', async ({ open }) => {
  const page = await open('#compound=no-such-compound', { rejections: true });
  await ready(page, 'error');
  expect((await text(page, '.notice')).length).toBeGreaterThan(10);
  await page.locator('#back').click();
  await ready(page, 'city');
});

test('other_bands_are_drawn_and_written_to_the_link', async ({ open }) => {
  const page = await open(link);
  await ready(page, 'place');
  const minutes = (): Promise<string> =>
    page
      .locator('.band')
      .evaluateAll((bands) => bands.map((band) => (band as HTMLElement).dataset.minutes).join());
  await page.locator('#minutes').selectOption('10,20,30');
  await expect.poll(minutes).toBe('10,20,30');
  expect(page.url()).toMatch(/minutes=10,20,30/);
  const areas = await bandAreas(page);
  expect(areas[0]).toBeLessThan(areas[1]!);
  expect(areas[1]).toBeLessThan(areas[2]!);
  await page.locator('#minutes').selectOption('5,10,15');
  await expect.poll(minutes).toBe('5,10,15');
});

test('names_with_markup_are_shown_as_text', async ({ prepare }) => {
  const name = '<img src=x onerror="window.hit=1">';
  const page = await prepare();
  await page.route('**/api/reach?*', async (route) => {
    const response = await route.fetch();
    const reach = (await response.json()) as Reach;
    for (const { properties } of reach.features) properties.name = name;
    await route.fulfill({ response, json: reach });
  });
  await page.goto(`${link}&group=shi`);
  await ready(page, 'place');
  await mapIdle(page);
  expect(await text(page, '.facility .row-name')).toBe(name);
  await page.locator('.facility').first().focus();
  await page.locator('.tip').waitFor();
  expect(await text(page, '.tip')).toContain(name);
  await expect(page.locator('#panel img:not(.board-picture), .tip img')).toHaveCount(0);
  expect(await page.evaluate(() => 'hit' in window)).toBe(false);
});
