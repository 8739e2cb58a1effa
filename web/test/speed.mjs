/**
 * The page's speed against a running server: node test/speed.mjs BASE_URL
 *
 * First view: a new browser context, from the navigation to the coloured city. Frames: the map is panned for three
 * seconds with all compounds coloured. The main thread's time per frame excludes drawing, which the graphics card does,
 * or the processor if there is none.
 */
import { chromium } from '@playwright/test';
import { launchOptions } from './chromium.mjs';

const base = new URL(process.argv[2] ?? 'http://127.0.0.1:8080/').href;
const runs = 9;
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const browser = await chromium.launch(launchOptions);

async function newPage() {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
  });
  page.setDefaultTimeout(60_000);
  return page;
}

const mapIdle = (page) =>
  page.waitForFunction(() => document.documentElement.dataset.map === 'idle');

const sentences = [];
const drawn = [];
for (let run = 0; run < runs; run += 1) {
  const page = await newPage();
  // Measured by the page's own clock, which starts with the navigation: a call from outside waits for the busy page.
  await page.addInitScript(() => {
    const times = (window.times = {});
    new MutationObserver(() => {
      if (document.documentElement?.dataset.view === 'city') times.sentence ??= performance.now();
    }).observe(document, { attributes: true, subtree: true });
    let app;
    Object.defineProperty(window, 'livingCircle', {
      get: () => app,
      set: (value) => {
        app = value;
        const { map } = app;
        map.on('render', () => {
          if (times.drawn || !map.getLayer('compounds')) return;
          const coloured = map.queryRenderedFeatures({ layers: ['compounds'] }).length > 0;
          if (coloured) times.drawn = performance.now();
        });
      },
    });
  });
  await page.goto(base, { waitUntil: 'commit' });
  await page.waitForFunction(() => window.times.drawn);
  const times = await page.evaluate(() => window.times);
  sentences.push(times.sentence);
  drawn.push(times.drawn);
  await page.close();
}
console.log(
  `first view, new context: sentence and list after ${Math.round(median(sentences))} ms,`,
);
console.log(`  compounds coloured after ${Math.round(median(drawn))} ms (median of ${runs})`);

const page = await newPage();
await page.goto(`${base}#table=compound`);
await page.waitForFunction(() => document.documentElement.dataset.view === 'city');
await mapIdle(page);
const client = await page.context().newCDPSession(page);
await client.send('Performance.enable');
const metrics = async () => {
  const { metrics: list } = await client.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
};

/** Pans for three seconds: frames per second, and milliseconds of the main thread per frame. */
async function pan() {
  const before = await metrics();
  const frames = await page.evaluate(async () => {
    const { map } = window.livingCircle;
    let count = 0;
    const counted = () => (count += 1);
    map.on('render', counted);
    const until = performance.now() + 3000;
    while (performance.now() < until) {
      map.panBy([6, 3], { duration: 0 });
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    map.off('render', counted);
    map.panBy([-6 * count, -3 * count], { duration: 0 });
    return count;
  });
  const after = await metrics();
  const each = (name) => (((after[name] - before[name]) * 1000) / frames).toFixed(1);
  return {
    frames: Math.round(frames / 3),
    task: each('TaskDuration'),
    script: each('ScriptDuration'),
  };
}

const all = await pan();
console.log(`panning with all compounds coloured: ${all.frames} frames per second drawn here,`);
console.log(
  `  ${all.task} ms of the main thread per frame (60 frames per second allow 16.7), ${all.script} of them scripts`,
);
await page.evaluate(() => {
  const { map } = window.livingCircle;
  for (const id of map.getLayersOrder()) {
    if (map.getLayer(id).type !== 'background') map.setLayoutProperty(id, 'visibility', 'none');
  }
});
await mapIdle(page);
const empty = await pan();
const renderer = await page.evaluate(() => {
  const { gl } = window.livingCircle.map.painter.context;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : 'unknown';
});
console.log(
  `an empty map: ${empty.frames} frames per second, ${empty.task} ms per frame; drawn by ${renderer}`,
);
await browser.close();
