import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { FeatureCollection } from 'geojson';
import type { Coverage, Findings, Settings, Units } from '../../src/api/types';
import { expect, test, type Page } from './fixtures';
import { ready, tableReady } from './helpers';

/** Downloads a format of the drawer's menu and returns the path of the file. */
async function download(page: Page, format: string): Promise<string> {
  const menu = page.locator('#downloads');
  if ((await menu.getAttribute('open')) === null) await page.locator('#downloads-button').click();
  const event = page.waitForEvent('download');
  await menu.locator(`[data-format=${format}]`).click();
  const file = await event;
  const path = test.info().outputPath(file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

async function downloadJson<T = FeatureCollection>(page: Page): Promise<T> {
  return JSON.parse(readFileSync(await download(page, 'geojson'), 'utf8')) as T;
}

/** GDAL's summary of a file. */
const ogrinfo = (path: string): string =>
  execFileSync('ogrinfo', ['-ro', '-so', '-al', path]).toString();

test('files_of_one_line_contain_every_compound', async ({ open, server }) => {
  const page = await open('#table=compound&line=park');
  await ready(page, 'city');
  await tableReady(page);
  const { counts } = await server.get<Settings>('settings');
  const compounds = counts.compounds!;
  const geojson = await downloadJson<Coverage>(page);
  expect(geojson.features).toHaveLength(compounds);
  expect(Object.keys(geojson.features[0]!.properties.coverage)).toEqual(['park']);
  const csv = readFileSync(await download(page, 'csv'), 'utf8')
    .trim()
    .split('\n');
  expect(csv).toHaveLength(compounds + 1);
  for (const [format, driver] of [
    ['xlsx', 'XLSX'],
    ['gpkg', 'GPKG'],
  ] as const) {
    const summary = ogrinfo(await download(page, format));
    expect(summary).toMatch(new RegExp(`using driver .${driver}`));
    expect(summary).toMatch(new RegExp(`Feature Count: ${compounds}\\b`));
  }
});

test('files_of_all_lines_contain_every_compound_and_line', async ({ open, server }) => {
  const page = await open('#table=compound');
  await ready(page, 'city');
  await tableReady(page);
  const { counts, rule_sets: sets } = await server.get<Settings>('settings');
  const { lines } = sets.find(({ id }) => id === 'board')!;
  const judged = ogrinfo(await download(page, 'gpkg'));
  expect(judged).toMatch(new RegExp(`Feature Count: ${counts.compounds! * lines.length}\\b`));
  expect(ogrinfo(await download(page, 'workbook'))).toMatch(/概要 summary/);
});

test('files_of_units_contain_every_unit', async ({ open }) => {
  const page = await open('#table=district&line=park');
  await ready(page, 'city');
  await tableReady(page);
  const units = await downloadJson<Units>(page);
  const names = await page.locator('.rows-table tbody th').allInnerTexts();
  expect(
    units.features
      .map(({ properties }) => (properties.unit_name ?? '').replace(/[（）]/g, ''))
      .sort(),
  ).toEqual(names.map((name) => name.replace('（不完整）', '')).sort());
  for (const format of ['csv', 'xlsx', 'gpkg']) {
    expect(readFileSync(await download(page, format)).length, format).toBeGreaterThan(1000);
  }
});

test('files_of_findings_contain_every_finding', async ({ open, server }) => {
  const page = await open('#table=findings');
  await ready(page, 'city');
  await tableReady(page);
  for (const format of ['xlsx', 'gpkg']) {
    expect(ogrinfo(await download(page, format))).toMatch(/Feature Count: \d{3,}/);
  }
  const findings = await downloadJson<Findings>(page);
  const report = await server.get<Findings>('quality');
  expect(findings.features).toHaveLength(report.features.length);
});
