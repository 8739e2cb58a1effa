import { chromium } from 'playwright-core';

const patience = 30_000;

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
    ],
  });
}

/** A page that notes every request beyond its origin and everything the browser complains about. */
export async function newPage(browser, base, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.strangers = [];
  page.problems = [];
  page.refusalExpected = false;
  const { origin } = new URL(base);
  context.on('request', (request) => {
    const url = request.url();
    if (/^(blob|data):/.test(url) || new URL(url).origin === origin) return;
    page.strangers.push(url);
  });
  page.on('console', (message) => {
    const words = message.text();
    const expected = page.refusalExpected && /status of (4\d\d|503)/.test(words);
    if (message.type() === 'error' && !expected) page.problems.push(words);
  });
  page.on('pageerror', (error) => page.problems.push(error.message));
  page.on('close', () => void context.close().catch(() => {}));
  return page;
}

/** What a page is opened with as on a phone. */
export const phoneOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

/** Waits until the page shows `view` and has nothing more to fetch for it. */
export function ready(page, view) {
  return page.waitForFunction((wanted) => {
    const { dataset } = document.documentElement;
    return dataset.view === wanted && dataset.ready === 'true';
  }, view);
}

/** Runs checks one after the other and counts them. */
export class Checks {
  passed = 0;
  failed = 0;

  async check(name, run) {
    try {
      await run();
      this.passed += 1;
      console.log(`ok   ${name}`);
    } catch (error) {
      this.failed += 1;
      console.log(`FAIL ${name}\n     ${String(error.message).split('\n').join('\n     ')}`);
    }
  }

  finish() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed > 0 ? 1 : 0;
  }
}

/** Waits until the planner's table has what it shows. */
export function tableReady(page) {
  return page.waitForFunction(() => {
    const { dataset } = document.documentElement;
    return dataset.drawer === 'true' && dataset.table === 'ready';
  });
}

export function mapIdle(page) {
  return page.waitForFunction(() => document.documentElement.dataset.map === 'idle');
}

/** What stands behind the `#` of a page's address. */
export function fragment(page) {
  return new URLSearchParams(new URL(page.url()).hash.slice(1));
}

/** The areas that the panel names for the bands, nearest band first. */
export function bandAreas(page) {
  return page
    .locator('.band')
    .evaluateAll((cards) => cards.map((card) => Number(card.dataset.area)));
}

/** The areas of an answer of `/api/isochrones`, nearest band first. */
export function areasOf({ features }) {
  return features
    .map(({ properties }) => properties)
    .sort((a, b) => a.minutes - b.minutes)
    .map((properties) => properties.area_square_metres);
}
