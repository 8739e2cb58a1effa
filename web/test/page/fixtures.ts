import {
  test as base,
  expect,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from '@playwright/test';
import type { Map as MapLibre } from 'maplibre-gl';
import { Server, setting } from './server';

declare global {
  interface Window {
    livingCircle: { map: MapLibre };
  }
}

export interface OpenOptions extends BrowserContextOptions {
  /** The console may report answers with status 4xx or 503. */
  rejections?: boolean;
  /** Another server than the worker's. */
  server?: Server;
}

/** A page of its own context, on the server's address. The page is not loaded yet. */
type Prepare = (options?: OpenOptions) => Promise<Page>;
/** The same, loaded with a link: the part of the address from `#` on. */
type Open = (link?: string, options?: OpenOptions) => Promise<Page>;

/**
 * Tests of the page. After each test every opened page must have requested nothing from another origin, and the browser
 * must have reported no error.
 */
export const test = base.extend<{ prepare: Prepare; open: Open }, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.start(setting('CITY'));
      await server.warmUp();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],

  prepare: async ({ browser, server }, use, info) => {
    const contexts: BrowserContext[] = [];
    const faults: string[] = [];
    const rejected: string[] = [];
    await use(async ({ rejections = false, server: other = server, ...options } = {}) => {
      const context = await browser.newContext({
        viewport: info.project.use.viewport ?? null,
        colorScheme: 'light',
        baseURL: other.base,
        ...options,
      });
      contexts.push(context);
      watch(context, new URL(other.base).origin, rejections, faults);
      context.on('response', (response) => {
        if (response.status() >= 400) rejected.push(`${response.status()} ${response.url()}`);
      });
      const page = await context.newPage();
      page.setDefaultTimeout(info.project.use.actionTimeout ?? 0);
      return page;
    });
    // Checked before the contexts are closed: otherwise the trace of a failed test is discarded.
    if (info.status === info.expectedStatus) expect.soft(faults).toEqual([]);
    if (info.status !== info.expectedStatus) {
      const body = `${rejected.join('\n')}\n\n${server.log}`;
      await info.attach('rejected answers and server log', { body, contentType: 'text/plain' });
    }
    for (const context of contexts) await context.close();
  },

  open: async ({ prepare }, use) => {
    await use(async (link = '', options) => {
      const page = await prepare(options);
      await page.goto(link);
      return page;
    });
  },
});

function watch(
  context: BrowserContext,
  origin: string,
  rejections: boolean,
  faults: string[],
): void {
  context.on('request', (request) => {
    const url = request.url();
    if (/^(blob|data):/.test(url) || new URL(url).origin === origin) return;
    faults.push(`request to another origin: ${url}`);
  });
  context.on('console', (message) => {
    const text = message.text();
    const isExpected = rejections && /status of (4\d\d|503)/.test(text);
    if (message.type() === 'error' && !isExpected) faults.push(text);
  });
  context.on('weberror', (event) => {
    const { message, stack } = event.error();
    faults.push(`${message}\n${stack}`);
  });
}

export { expect, type Page } from '@playwright/test';
