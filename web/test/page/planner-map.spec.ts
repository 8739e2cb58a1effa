import type { Findings, Units, Verdicts } from '../../src/api/types';
import { expect, test, type Page } from './fixtures';
import {
  boardVerdicts,
  compoundOnScreen,
  countOf,
  drawn,
  drawnOnMap,
  lineOf,
  mapIdle,
  picture,
  ready,
  tableReady,
  text,
  withoutCommas,
} from './helpers';

const rows = (page: Page) => page.locator('.rows-table tbody tr[data-id]');

test('a_line_colours_the_city_by_the_verdicts_of_the_api', async ({ open, server }) => {
  const page = await open('#table=compound');
  await ready(page, 'city');
  await tableReady(page);
  await mapIdle(page);
  await page.locator('#line').selectOption('park');
  await mapIdle(page);
  const verdicts = await server.get<Verdicts>(boardVerdicts);
  const park = lineOf(verdicts, 'park');
  const steps: Record<string, number> = { c: 10, g: 11, u: -1 };
  const compounds = await drawn(page, 'compounds');
  expect(compounds.length).toBeGreaterThan(100);
  for (const { compound_id: id, step } of compounds) {
    const row = verdicts.compound_ids.indexOf(String(id));
    expect(step, String(id)).toBe(steps[park.verdicts[row]!]);
  }
  const [covered, gap, unknown] = ['c', 'g', 'u'].map((one) => countOf(park.verdicts, one));
  const foot = withoutCommas(await text(page, '.rows-table tfoot'));
  expect(foot).toContain(`达标 ${covered} · 缺口 ${gap} · 未知 ${unknown}`);
  expect(await text(page, '#legend')).toMatch(/公园/);
});

test('a_line_colours_the_city_by_the_minutes_to_the_nearest_facility', async ({ open, server }) => {
  const page = await open('#table=compound&line=park');
  await ready(page, 'city');
  await tableReady(page);
  await mapIdle(page);
  await page.locator('#colour-minutes').click();
  await mapIdle(page);
  const verdicts = await server.get<Verdicts>(boardVerdicts);
  const park = lineOf(verdicts, 'park');
  const classes = [5, 10, 15, 20, 30];
  const compounds = await drawn(page, 'compounds');
  expect(compounds.length).toBeGreaterThan(100);
  for (const { compound_id: id, step } of compounds) {
    const row = verdicts.compound_ids.indexOf(String(id));
    const seconds = park.walk_seconds[row] ?? null;
    const at = classes.findIndex((minutes) => seconds !== null && seconds <= minutes * 60);
    const expected = park.verdicts[row] === 'u' ? -1 : at < 0 ? 0 : 5 - at;
    expect(step, `${id}: ${seconds} s`).toBe(expected);
  }
  expect(await text(page, '#legend')).toMatch(/分钟/);
});

test('hovering_shows_the_verdict', async ({ open }) => {
  const page = await open('#table=compound&line=park');
  await ready(page, 'city');
  await tableReady(page);
  await mapIdle(page);
  const { x, y } = await compoundOnScreen(page);
  await page.mouse.move(x - 1, y);
  await page.mouse.move(x, y);
  await page.locator('.tip').waitFor();
  expect(await text(page, '.tip')).toMatch(/(达标|缺口|未知)/);
});

test('units_have_the_sums_of_the_api_and_are_linked_with_the_map', async ({ open, server }) => {
  const page = await open('#table=subdistrict&line=park');
  await ready(page, 'city');
  await tableReady(page);
  const units = await server.get<Units>('coverage?by=subdistrict&line=park&rules=board');
  const frame = page.locator('.rows-table');
  await expect(frame).toHaveAttribute('aria-rowcount', `${units.features.length + 1}`);
  const byId = new Map(
    units.features.map(({ properties }) => [properties.unit_id ?? 'outside', properties]),
  );
  for (const row of await rows(page).all()) {
    const { coverage } = byId.get((await row.getAttribute('data-id'))!)!;
    const park = coverage.park!;
    const cells = await row.locator('td').allInnerTexts();
    expect(Number(withoutCommas(cells[1]!))).toBe(park.compounds_covered);
    expect(Number(withoutCommas(cells[2]!))).toBe(park.compounds_gap);
    const low = Math.floor(park.compounds_share_proven! * 100);
    const high = Math.ceil(park.compounds_share_possible! * 100);
    const range = low === high ? `${low}%` : `${low}–${high}%`;
    const exact = park.compounds_share;
    expect(cells[0]!.trim()).toBe(exact === null ? range : `${Math.round(exact * 100)}%`);
  }
  await mapIdle(page);
  expect((await drawn(page, 'units')).length).toBeGreaterThan(10);
  const row = rows(page).nth(1);
  const id = (await row.getAttribute('data-id'))!;
  await row.click();
  await mapIdle(page);
  await drawnOnMap(page, ['unit-marked'], 'unit_id', id);
  await picture(page, 'plan-units-zh-day');
});

test('another_rule_set_judges_by_its_own_limits', async ({ open, server }) => {
  const page = await open('#table=compound');
  await ready(page, 'city');
  await tableReady(page);
  await page.locator('#rules').selectOption('gb50180');
  await expect.poll(() => page.locator('#line option').count()).toBeGreaterThan(40);
  await page.locator('#line').selectOption('小学');
  await mapIdle(page);
  const verdicts = await server.get<Verdicts>(
    'verdicts?rules=gb50180&profile=adult&minutes=5,10,15',
  );
  const gaps = countOf(lineOf(verdicts, '小学').verdicts, 'g');
  const foot = withoutCommas(await text(page, '.rows-table tfoot'));
  expect(foot).toContain(`缺口 ${gaps}`);
  expect(await text(page, '#line-section')).toMatch(/步行 500 米内/);
  const reasons = await page.locator('.rows-table tbody tr td:nth-child(6)').allInnerTexts();
  expect(reasons.filter(Boolean).length).toBeGreaterThan(3);
  // Words, not codes.
  for (const reason of reasons) expect(reason).not.toMatch(/[a-z]_[a-z]/);
});

test('findings_are_a_table_and_a_layer_of_the_map', async ({ open, server }) => {
  const page = await open('#table=findings');
  await ready(page, 'city');
  await tableReady(page);
  await mapIdle(page);
  const findings = await server.get<Findings>('quality');
  const foot = withoutCommas(await text(page, '.rows-table tfoot'));
  expect(foot.startsWith(`${findings.features.length} `)).toBe(true);
  await page.evaluate(() => {
    document.documentElement.dataset.map = 'moving';
    window.livingCircle.map.jumpTo({ zoom: 11.5 });
  });
  await mapIdle(page);
  expect((await drawn(page, 'findings')).length).toBeGreaterThan(50);
  await rows(page).first().click();
  await page.locator('.tip').waitFor();
  expect((await text(page, '.tip')).length).toBeGreaterThan(10);
  await page.locator('#tab-compound').click();
  await page.locator('#findings-shown').check();
  await mapIdle(page);
  expect((await drawn(page, 'findings')).length).toBeGreaterThan(0);
  await page.locator('#findings-shown').uncheck();
  await mapIdle(page);
  expect(await drawn(page, 'findings')).toHaveLength(0);
});
