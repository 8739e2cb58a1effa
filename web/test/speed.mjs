/**
 * The page's figures against a running server: speed.mjs BASE_URL
 *
 * First view: a cold browser context, from the address to the city coloured. Frames: the map is moved for three seconds
 * with all compounds coloured; what the main thread has to do in a frame is the page's, what drawing takes is the
 * graphics card's, which is software where there is none.
 */
import { mapIdle, newPage, openBrowser, ready } from './browser.mjs';

const base = new URL(process.argv[2] ?? 'http://127.0.0.1:8080/').href;
const runs = 9;
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const browser = await openBrowser();

const said = [];
const drawn = [];
for (let run = 0; run < runs; run += 1) {
  const page = await newPage(browser, base);
  // By the page's own clock, which begins with the navigation: asking from outside waits for a busy page.
  await page.addInitScript(() => {
    const times = (window.times = {});
    new MutationObserver(() => {
      if (document.documentElement?.dataset.view === 'city') times.said ??= performance.now();
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
  said.push(times.said);
  drawn.push(times.drawn);
  await page.close();
}
console.log(`first view, cold: sentence and list after ${Math.round(median(said))} ms,`);
console.log(`  compounds coloured after ${Math.round(median(drawn))} ms (median of ${runs})`);

const page = await newPage(browser, base);
await page.goto(`${base}#table=compound`);
await ready(page, 'city');
await mapIdle(page);
const client = await page.context().newCDPSession(page);
await client.send('Performance.enable');
const metrics = async () => {
  const { metrics: list } = await client.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
};

/** Frames drawn in three seconds of moving, and what each cost the main thread. */
async function moved() {
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

const all = await moved();
console.log(`moving with all compounds coloured: ${all.frames} frames a second drawn here,`);
console.log(
  `  ${all.task} ms of the main thread each (16.7 are 60 a second), ${all.script} of them scripts`,
);
await page.evaluate(() => {
  const { map } = window.livingCircle;
  for (const id of map.getLayersOrder()) {
    if (map.getLayer(id).type !== 'background') map.setLayoutProperty(id, 'visibility', 'none');
  }
});
await mapIdle(page);
const empty = await moved();
const renderer = await page.evaluate(() => {
  const { gl } = window.livingCircle.map.painter.context;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : 'unknown';
});
console.log(
  `an empty map: ${empty.frames} frames a second, ${empty.task} ms each; drawn by ${renderer}`,
);
await browser.close();
