/** Functions that read values from the page or wait for its state. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Bands, RuleSet, Settings, Verdicts } from '../../src/api/types';
import type { Server } from './server';

/** A compound of the test city. */
export const compoundName = '荣耀世纪小区';

/** The default verdicts of the board 导视图 rule set. */
export const boardVerdicts = 'verdicts?rules=board&profile=adult&minutes=5,10,15';

/** A page on a phone. */
export const phoneOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

/** Waits until the page shows `view` and has loaded everything for it. */
export async function ready(page: Page, view: string): Promise<void> {
  await page.waitForFunction((expected) => {
    const { dataset } = document.documentElement;
    return dataset.view === expected && dataset.ready === 'true';
  }, view);
}

/** Waits until the planner's table is loaded. */
export async function tableReady(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const { dataset } = document.documentElement;
    return dataset.drawer === 'true' && dataset.table === 'ready';
  });
}

/** Waits until the map has drawn everything. */
export async function mapIdle(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.map === 'idle');
}

/** An attribute `data-…` of the document. */
export function mark(page: Page, name: string): Promise<string | undefined> {
  return page.evaluate((key) => document.documentElement.dataset[key], name);
}

export function text(page: Page, selector: string): Promise<string> {
  return page.locator(selector).first().innerText();
}

/** A picture for the reader of the test's results. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES ?? '../target/page';
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** The part of the address after `#`. */
export function fragment(page: Page): URLSearchParams {
  return new URLSearchParams(new URL(page.url()).hash.slice(1));
}

/** Properties of the features that a layer of the map draws now. */
export function drawn(page: Page, layer: string): Promise<Record<string, unknown>[]> {
  return page.evaluate(
    (id) =>
      window.livingCircle.map
        .queryRenderedFeatures({ layers: [id] })
        .map(({ properties }) => properties),
    layer,
  );
}

/** Waits until one of the layers draws the thing with this id. */
export async function drawnOnMap(
  page: Page,
  layers: string[],
  property: string,
  id: string,
): Promise<void> {
  await page.waitForFunction(
    ([names, key, expected]) =>
      window.livingCircle.map
        .queryRenderedFeatures({ layers: names })
        .some(({ properties }) => properties[key] === expected),
    [layers, property, id] as const,
  );
}

/** A position on the screen with a compound, and the compound's key. */
export async function compoundOnScreen(page: Page): Promise<{ x: number; y: number; id: string }> {
  const found = await page.evaluate(() => {
    const { map } = window.livingCircle;
    const box = map.getCanvas().getBoundingClientRect();
    for (let y = 200; y < 360; y += 20) {
      for (let x = 480; x < 1000; x += 7) {
        const [hit] = map.queryRenderedFeatures([x, y], { layers: ['compounds-hit'] });
        if (hit) return { x: box.left + x, y: box.top + y, id: String(hit.properties.compound_id) };
      }
    }
    return null;
  });
  if (!found) throw new Error('no compound on the screen');
  return found;
}

/** The areas of the bands in the panel, the shortest band first. */
export function bandAreas(page: Page): Promise<number[]> {
  return page
    .locator('.band')
    .evaluateAll((cards) => cards.map((card) => Number((card as HTMLElement).dataset.area)));
}

/** The areas of an isochrone answer, the shortest band first. */
export function areasOf({ features }: Bands): number[] {
  return features
    .map(({ properties }) => properties)
    .sort((a, b) => a.minutes - b.minutes)
    .map((properties) => properties.area_square_metres);
}

/** The default rule set. */
export async function defaultRules(server: Server): Promise<RuleSet> {
  const settings = await server.get<Settings>('settings');
  return settings.rule_sets.find((set) => set.id === settings.default_rules)!;
}

/** Number of letters `c`, `g` or `u` in the verdicts of a line. */
export function countOf(verdicts: string, letter: string): number {
  return [...verdicts].filter((one) => one === letter).length;
}

export function lineOf(verdicts: Verdicts, category: string): Verdicts['lines'][number] {
  return verdicts.lines.find((line) => line.category === category)!;
}

export const withoutCommas = (words: string): string => words.replaceAll(',', '');

export const numberIn = (words: string): number => parseInt(words.replace(/\D/g, ''), 10);
