import { expect, test } from './fixtures';
import { compoundName, fragment, ready, text } from './helpers';

test('search_by_keyboard_alone_finds_a_compound', async ({ open }) => {
  const page = await open();
  await ready(page, 'city');
  const options = page.locator('[role=option]');
  await page.keyboard.type(compoundName.slice(0, 2));
  await options.first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('[role=option][aria-selected=true]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await page.keyboard.insertText(compoundName);
  await options.first().waitFor();
  await page.keyboard.press('Enter');
  await ready(page, 'place');
  expect(await text(page, '.place-title')).toBe(compoundName);
  expect(fragment(page).get('compound')).not.toBeNull();
});

test('search_by_pinyin_in_full_or_by_initials_finds_the_compound', async ({ open }) => {
  const page = await open();
  await ready(page, 'city');
  await expect(page.locator('html')).toHaveAttribute('data-names', 'true');
  for (const letters of ['rongyaoshiji', 'rysjxq', 'RongYSJ']) {
    await page.locator('.search input').fill(letters);
    const titles = page.locator('[role=option] .search-title');
    await expect(titles.filter({ hasText: compoundName }), letters).toHaveCount(1);
  }
});
