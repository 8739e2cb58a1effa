import { expect, test, type Page } from './fixtures';
import { compoundName, mapIdle, mark, phoneOptions, picture, ready, tableReady } from './helpers';

const width = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth);

test('on_a_phone_the_panel_is_a_sheet_below_the_map', async ({ open }) => {
  const page = await open('', phoneOptions);
  await ready(page, 'city');
  expect(await width(page)).toBe(390);
  await mapIdle(page);
  await picture(page, 'city-phone');
  const top = async (): Promise<number> => (await page.locator('#panel').boundingBox())!.y;
  expect(await top()).toBeGreaterThan(300);
  await page.locator('.sheet-handle').tap();
  await page.waitForFunction(() => {
    const { y } = document.querySelector('#panel')!.getBoundingClientRect();
    return Math.abs(y - window.innerHeight * 0.1) < 2;
  });
  await page.locator('.search input').fill(compoundName);
  await page.locator('[role=option]').first().tap();
  await ready(page, 'place');
  expect(await mark(page, 'sheet')).toBe('half');
  await mapIdle(page);
  await picture(page, 'compound-phone');
});

test('on_a_phone_the_table_is_a_separate_sheet', async ({ open }) => {
  const page = await open('', phoneOptions);
  await ready(page, 'city');
  await page.locator('#planner').tap();
  await tableReady(page);
  expect(await width(page)).toBe(390);
  const row = page.locator('.rows-table tbody tr[data-id]').first();
  const name = (await row.locator('th').boundingBox())!;
  expect(name.width).toBeGreaterThan(140);
  await row.tap();
  await page.locator('.rows-table tr.marked').waitFor();
  await mapIdle(page);
  await picture(page, 'plan-phone');
  await page.locator('#drawer-close').tap();
  await expect(page.locator('#drawer')).toBeHidden();
});
