import type { Settings, Units, Verdicts } from '../../src/api/types';
import { expect, test, type Page } from './fixtures';
import {
  boardVerdicts,
  compoundOnScreen,
  drawnOnMap,
  fragment,
  mapIdle,
  picture,
  ready,
  tableReady,
  text,
  withoutCommas,
} from './helpers';

const rows = (page: Page) => page.locator('.rows-table tbody tr[data-id]');

/** A planner's table with its content. */
async function table(open: (link: string) => Promise<Page>, query: string): Promise<Page> {
  const page = await open(`#table=${query}`);
  await ready(page, 'city');
  await tableReady(page);
  return page;
}

test('the_table_opens_beside_the_map_with_most_gaps_first', async ({ open, server }) => {
  const page = await open();
  await ready(page, 'city');
  await page.locator('#planner').click();
  await tableReady(page);
  expect(page.url()).toMatch(/table=compound/);
  const { lines, compound_ids: ids } = await server.get<Verdicts>(boardVerdicts);
  const listed = await rows(page).evaluateAll((list) =>
    list.map((row) => (row as HTMLElement).dataset.id!),
  );
  const gaps = listed.map(
    (id) => lines.filter(({ verdicts }) => verdicts[ids.indexOf(id)] === 'g').length,
  );
  expect(gaps.length).toBeGreaterThan(5);
  expect(gaps).toEqual([...gaps].sort((a, b) => b - a));
  const { counts } = await server.get<Settings>('settings');
  const foot = withoutCommas(await text(page, '.rows-table tfoot'));
  expect(foot).toMatch(new RegExp(`^${counts.compounds} `));
  await mapIdle(page);
  await picture(page, 'plan-zh-day');
});

test('column_heads_sort_in_both_directions_also_by_keyboard', async ({ open }) => {
  const page = await table(open, 'compound&line=park');
  const minutes = (): Promise<number[]> =>
    page.locator('.rows-table tbody tr[data-id] td:nth-child(5)').evaluateAll((cells) =>
      cells
        .map((cell) => cell.textContent!.replace(/\D/g, ''))
        .filter(Boolean)
        .map(Number),
    );
  await page.locator('[data-sort=minutes]').click();
  const falling = await minutes();
  expect(falling).toEqual([...falling].sort((a, b) => b - a));
  const head = page.locator('th:has([data-sort=minutes])');
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await page.keyboard.press('Enter');
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  const rising = await minutes();
  expect(rising).toEqual([...rising].sort((a, b) => a - b));
  expect(rising[0]).toBeLessThan(falling[0]!);
});

test('every_column_is_wide_enough_to_read', async ({ open }) => {
  const page = await table(open, 'compound&line=park');
  const widths = await page
    .locator('.rows-table thead th')
    .evaluateAll((heads) => heads.map((head) => head.getBoundingClientRect().width));
  expect(Math.min(...widths), widths.join()).toBeGreaterThanOrEqual(60);
  // The reason is the longest text.
  expect(widths[5], widths.join()).toBeGreaterThanOrEqual(160);
});

test('the_filter_shows_matching_rows_and_files_contain_all', async ({ open }) => {
  const page = await table(open, 'compound&line=park');
  const note = page.locator('.menu-note');
  await page.locator('#table-filter').fill('荣耀');
  const names = await page.locator('.rows-table tbody th').allInnerTexts();
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(name).toContain('荣耀');
  expect(await text(page, '.rows-table tfoot')).toMatch(new RegExp(`筛出 ${names.length} 个`));
  await page.locator('#downloads-button').click();
  await expect(note).toBeVisible();
  await page.locator('#downloads-button').click();
  await page.locator('#table-filter').fill('no such compound');
  await expect(page.locator('.table-empty')).toBeVisible();
  await page.locator('#table-filter').fill('');
  await page.locator('#downloads-button').click();
  await expect(note).toBeHidden();
});

test('a_row_marks_its_compound_and_another_line_hides_the_tooltip', async ({ open }) => {
  const page = await table(open, 'compound&line=park');
  await mapIdle(page);
  const row = rows(page).nth(2);
  const id = (await row.getAttribute('data-id'))!;
  await row.click();
  await page.locator('.tip').waitFor();
  expect(fragment(page).get('mark')).toBe(id);
  const name = (await text(page, `tr[data-id="${id}"] th`)).trim();
  expect((await text(page, '.tip')).startsWith(name)).toBe(true);
  await drawnOnMap(page, ['compound-marked', 'compound-marked-point'], 'compound_id', id);
  await page.locator('#line').selectOption('学校');
  await expect(page.locator('.tip')).toHaveCount(0);
});

test('a_click_on_the_map_marks_the_row', async ({ open }) => {
  const page = await table(open, 'compound');
  await mapIdle(page);
  const { x, y, id } = await compoundOnScreen(page);
  await page.mouse.click(x, y);
  const marked = page.locator('.rows-table tr.marked');
  await marked.waitFor();
  expect(await marked.getAttribute('data-id')).toBe(id);
  await expect(marked).toBeVisible();
});

test('back_and_forward_restore_the_table', async ({ open }) => {
  const page = await open();
  await ready(page, 'city');
  await page.locator('#planner').click();
  await tableReady(page);
  await page.locator('#tab-district').click();
  await tableReady(page);
  await page.goBack();
  await expect(page.locator('#tab-compound')).toHaveAttribute('aria-pressed', 'true');
  await tableReady(page);
  await page.goBack();
  await expect(page.locator('html')).toHaveAttribute('data-drawer', 'false');
  await page.goForward();
  await tableReady(page);
});

test('the_keyboard_alone_marks_rows_opens_the_reach_and_returns', async ({ open }) => {
  const page = await open();
  await ready(page, 'city');
  await page.locator('#planner').click();
  await tableReady(page);
  await page.locator('#tab-findings').click();
  await tableReady(page);
  await page.locator('#tab-compound').focus();
  await page.keyboard.press('Enter');
  await tableReady(page);
  await page.locator('.table-frame').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  const marked = page.locator('.rows-table tr.marked');
  await marked.waitFor();
  const id = (await marked.getAttribute('data-id'))!;
  await page.keyboard.press('End');
  await expect(marked).not.toHaveAttribute('data-id', id);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await ready(page, 'place');
  expect(fragment(page).get('compound')).toBe(id);
  await page.keyboard.press('Escape');
  await expect(page.locator('html')).toHaveAttribute('data-drawer', 'false');
  await expect(page.locator('#planner')).toBeFocused();
});

test('the_link_alone_shows_the_same_table', async ({ open }) => {
  const page = await table(open, 'subdistrict&line=park&colour=minutes&lang=en&theme=dark');
  await expect(page.locator('#tab-subdistrict')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('#line')).toHaveValue('park');
  await mapIdle(page);
  await picture(page, 'plan-en-dark');
});

test.describe('choices in quick succession', () => {
  /** The counts of all units in the foot of the table. */
  const foot = async (page: Page): Promise<string> => {
    const cells = await page.locator('.rows-table tfoot td').allInnerTexts();
    return withoutCommas(cells.slice(2, 5).join(' '));
  };

  test('end_with_the_last_one', async ({ open, server }) => {
    const page = await table(open, 'subdistrict');
    for (const rules of ['gb50180', 'mofcom', 'tdt1062', 'complete_community', 'board']) {
      await page.locator('#rules').selectOption(rules);
    }
    await tableReady(page);
    await expect(page.locator('#rules')).toHaveValue('board');
    expect(await foot(page)).toBe(await countsOf(server, 'board'));
  });

  test('keep_the_old_rows_until_the_new_ones_are_loaded', async ({ open, server }) => {
    const page = await table(open, 'subdistrict');
    const before = await foot(page);
    for (const [request, rules] of [
      ['verdicts', 'gb50180'],
      ['coverage', 'tdt1062'],
    ] as const) {
      const after = await countsOf(server, rules);
      const shown = await foot(page);
      expect(shown, `${rules} must have other counts`).not.toBe(after);
      const [requested, released] = [signal(), signal()];
      await page.route(`**/api/${request}?*`, async (route) => {
        requested.send();
        await released.received;
        await route.continue();
      });
      await page.locator('#rules').selectOption(rules);
      await requested.received;
      await page.locator('.table-frame[aria-busy=true]').waitFor();
      expect(await foot(page)).toBe(shown);
      await expect(page.locator('html')).toHaveAttribute('data-table', 'loading');
      released.send();
      await tableReady(page);
      await expect(page.locator('.table-frame')).toHaveAttribute('aria-busy', 'false');
      expect(await foot(page)).toBe(after);
      await page.unroute(`**/api/${request}?*`);
    }
    expect(await foot(page)).not.toBe(before);
  });

  test('hide_the_rows_of_the_previous_choice_if_one_fails', async ({ open }) => {
    const page = await table((link) => open(link, { rejections: true }), 'subdistrict');
    await page.route('**/api/verdicts*', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.locator('#rules').selectOption('mofcom');
    await page.locator('.drawer-status.failed').waitFor();
    await expect(page.locator('.table-frame')).toBeHidden();
  });

  /** A promise, and the function that fulfils it. */
  function signal(): { received: Promise<void>; send: () => void } {
    let send = (): void => {};
    const received = new Promise<void>((resolve) => (send = resolve));
    return { received, send: () => send() };
  }

  /** The sums of covered, gap and unknown over all units, for all lines whose data can prove a gap. */
  async function countsOf(
    server: { get<T>(path: string): Promise<T> },
    rules: string,
  ): Promise<string> {
    const { lines } = await server.get<Verdicts>(`verdicts?rules=${rules}`);
    const sourced = lines.filter(({ has_source }) => has_source).length;
    const line = sourced === 0 || sourced === lines.length ? 'all' : 'all_with_source';
    const path = `coverage?by=subdistrict&line=${line}&rules=${rules}`;
    const { features } = await server.get<Units>(path);
    return (['compounds_covered', 'compounds_gap', 'compounds_unknown'] as const)
      .map((key) =>
        features.reduce((sum, { properties }) => sum + properties.coverage[line]![key], 0),
      )
      .join(' ');
  }
});
