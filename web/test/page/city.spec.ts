import type { Verdicts } from '../../src/api/types';
import { expect, test } from './fixtures';
import {
  boardVerdicts,
  countOf,
  defaultRules,
  drawn,
  mapIdle,
  mark,
  picture,
  ready,
  tableReady,
  text,
} from './helpers';

test('the_first_view_has_a_sentence_a_legend_and_the_focus_in_the_search_field', async ({
  open,
  server,
}) => {
  const page = await open();
  await ready(page, 'city');
  expect(await text(page, '#answer')).toMatch(/\d+[\s\S]*小区[\s\S]*分钟/);
  await expect(page.locator('.search [role=combobox]')).toBeFocused();
  await expect(page.locator('#legend')).toBeVisible();
  await expect(page.locator('.bar-row')).toHaveCount((await defaultRules(server)).lines.length);
  await expect.poll(async () => (await drawn(page, 'compounds')).length).toBeGreaterThan(0);
  await picture(page, 'city-zh-day');
});

test('each_line_shows_proven_and_possible_shares_and_its_completeness', async ({
  open,
  server,
}) => {
  const page = await open();
  await ready(page, 'city');
  const verdicts = await server.get<Verdicts>(boardVerdicts);
  for (const [index, line] of verdicts.lines.entries()) {
    const [covered, gap, unknown] = ['c', 'g', 'u'].map((letter) =>
      countOf(line.verdicts, letter),
    ) as [number, number, number];
    const all = covered + gap + unknown;
    const low = Math.floor((covered / all) * 100);
    const high = Math.ceil(((covered + unknown) / all) * 100);
    const share =
      unknown < 0.05 * all
        ? `${Math.round((covered / (covered + gap)) * 100)}%`
        : low === high
          ? `${low}%`
          : `${low}–${high}%`;
    const row = page.locator('.bar-row').nth(index);
    const { category } = line;
    expect(await row.locator('.bar-value').innerText(), category).toBe(share);
    expect(await row.locator('.hatched').count(), category).toBe(unknown > 0 ? 1 : 0);
    const { completeness } = line.completeness[0]!;
    const partial = completeness === null || completeness < verdicts.least_completeness;
    expect(await row.locator('.completeness').count(), category).toBe(partial ? 1 : 0);
  }
  expect(await text(page, '#knows')).toMatch(/地图|数据/);
});

test('compounds_are_red_only_for_proven_gaps_and_hatched_if_mostly_unknown', async ({
  open,
  server,
}) => {
  const page = await open();
  await ready(page, 'city');
  await mapIdle(page);
  const { lines, compound_ids: ids } = await server.get<Verdicts>(boardVerdicts);
  const compounds = await drawn(page, 'compounds');
  expect(compounds.length).toBeGreaterThan(100);
  for (const { compound_id: id, step, hatch } of compounds) {
    const row = ids.indexOf(String(id));
    expect(row, String(id)).toBeGreaterThanOrEqual(0);
    const letters = lines.map(({ verdicts }) => verdicts[row]).join('');
    const [covered, gap, unknown] = ['c', 'g', 'u'].map((letter) => countOf(letters, letter)) as [
      number,
      number,
      number,
    ];
    const colour = Number(step);
    expect(colour >= 0 && colour <= 2, String(id)).toBe(gap > 0);
    expect(colour >= 20, String(id)).toBe(gap === 0 && covered > 0);
    expect(hatch, String(id)).toBe(unknown * 2 > lines.length);
  }
});

test('own_files_to_add_are_listed_in_the_order_of_the_api', async ({ open, server }) => {
  const page = await open();
  await ready(page, 'city');
  const { bring } = await server.get<Verdicts>(boardVerdicts);
  const listed = await page
    .locator('#bring li')
    .evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset.category));
  expect(listed).toEqual(bring.map(({ category }) => category));
  for (const words of await page.locator('#bring > ul .bring-affects').allInnerTexts()) {
    expect(words).toMatch(/^影响(约 [\d.,]+ ?万?人| [\d,]+ 个小区)$|^影响约 [\d.,]+ 人$/);
  }
});

test('as_mapped_is_one_click_and_shown_in_link_title_texts_and_files', async ({ open }) => {
  const page = await open();
  await ready(page, 'city');
  const [answer] = await Promise.all([
    page.waitForResponse(/verdicts\?.*as_mapped=true/),
    page.locator('#as-mapped').check(),
  ]);
  const verdicts = (await answer.json()) as Verdicts;
  expect(verdicts.as_mapped).toBe(true);
  await ready(page, 'city');
  expect(page.url()).toMatch(/as_mapped=1/);
  await expect(page).toHaveTitle(/按地图所示/);
  const lacking = Array.from({ length: verdicts.compounds }, (_, row) =>
    verdicts.lines.some((line) => line.verdicts[row] === 'g'),
  ).filter(Boolean).length;
  const sentence = (await text(page, '#answer')).replaceAll(',', '');
  expect(sentence).toContain(`${lacking}`);
  expect(sentence).not.toMatch(/确定/);
  await expect(page.locator('#bring')).toHaveCount(0);
  expect(await text(page, '#legend')).toMatch(/按地图所示/);
  await page.locator('#planner').click();
  await tableReady(page);
  expect(await text(page, '.drawer-tools')).toMatch(/按地图所示/);
  await page.locator('#downloads-button').click();
  for (const link of await page.locator('#downloads a').all()) {
    expect(await link.getAttribute('href')).toMatch(/as_mapped=true/);
  }
  await mapIdle(page);
  await picture(page, 'city-as-mapped');
  await page.locator('#as-mapped').uncheck();
  await ready(page, 'city');
  expect(page.url()).not.toMatch(/as_mapped/);
});

test('a_city_without_compounds_explains_what_to_do_next', async ({ prepare }) => {
  const page = await prepare();
  await page.route('**/api/collections/compound*/items*', (route) =>
    route.fulfill({ json: { type: 'FeatureCollection', features: [], links: [] } }),
  );
  await page.route('**/api/verdicts*', async (route) => {
    const response = await route.fetch();
    const verdicts = (await response.json()) as Verdicts;
    const lines = verdicts.lines.map((line) => ({ ...line, verdicts: '', reasons: [] }));
    const empty = {
      compounds: 0,
      compound_ids: [],
      area_of: [],
      gates_guessed: [],
      bring: [],
      lines,
    };
    await route.fulfill({ response, json: { ...verdicts, ...empty } });
  });
  await page.goto('');
  await ready(page, 'city');
  expect(await text(page, '#answer')).toMatch(/没有小区[\s\S]*compounds/);
  await expect(page.locator('#legend')).toBeHidden();
  await picture(page, 'city-without-compounds');
});

test('english_is_one_click_and_is_written_to_the_link', async ({ open }) => {
  const page = await open();
  await ready(page, 'city');
  await page.locator('#lang-en').click();
  expect(await text(page, '#answer')).toMatch(/walk/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(page.url()).toMatch(/lang=en/);
  expect(await text(page, '.panel-foot')).toMatch(/OpenStreetMap contributors \(ODbL\)/);
});

test('the_dark_theme_darkens_the_map_too', async ({ open }) => {
  const page = await open('#lang=en');
  await ready(page, 'city');
  await mapIdle(page);
  await page.locator('#theme').selectOption('dark');
  expect(await mark(page, 'theme')).toBe('dark');
  const ground = await page.evaluate(() =>
    String(window.livingCircle.map.getPaintProperty('ground', 'background-color')),
  );
  const red = parseInt(/\w\w/.exec(ground)![0], 16);
  expect(red, ground).toBeLessThan(60);
  await mapIdle(page);
  await picture(page, 'city-en-dark');
});

test('the_systems_dark_theme_and_reduced_motion_are_followed', async ({ open }) => {
  const page = await open('', { colorScheme: 'dark', reducedMotion: 'reduce' });
  await ready(page, 'city');
  expect(await mark(page, 'theme')).toBe('dark');
  await expect(page.locator('.row-button').first()).toHaveCSS('transition-duration', '0s');
});

test('another_profile_has_another_speed', async ({ open, server }) => {
  interface Profiles {
    profiles: { id: string }[];
    default_profile: string;
  }
  const { profiles, default_profile } = await server.get<Profiles>('settings');
  const other = profiles.find(({ id }) => id !== default_profile)!;
  const page = await open();
  await ready(page, 'city');
  const before = await text(page, '.panel-foot');
  await page.locator('#profile').selectOption(other.id);
  await ready(page, 'city');
  expect(await text(page, '.panel-foot')).not.toBe(before);
  expect(page.url()).toMatch(new RegExp(`profile=${other.id}`));
});

test('a_server_error_shows_a_notice_with_a_retry_button', async ({ prepare }) => {
  const page = await prepare({ rejections: true });
  await page.route('**/api/verdicts*', (route) => route.fulfill({ status: 503, body: '{}' }));
  await page.goto('');
  await ready(page, 'error');
  expect(await text(page, '.notice')).toMatch(/没有读到数据/);
  await page.unroute('**/api/verdicts*');
  await page.locator('.notice .button').click();
  await ready(page, 'city');
});
