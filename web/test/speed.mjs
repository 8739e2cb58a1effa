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
  await page.goto('about:blank');
  const began = performance.now();
  await page.goto(base, { waitUntil: 'commit' });
  await ready(page, 'city');
  said.push(performance.now() - began);
  await page.waitForFunction(
    () => window.livingCircle?.map.queryRenderedFeatures({ layers: ['compounds'] }).length > 0,
  );
  drawn.push(performance.now() - began);
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
const before = await metrics();
const frames = await page.evaluate(async () => {
  const { map } = window.livingCircle;
  let count = 0;
  map.on('render', () => (count += 1));
  const until = performance.now() + 3000;
  while (performance.now() < until) {
    map.panBy([6, 3], { duration: 0 });
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return count;
});
const after = await metrics();
const perFrame = (name) => (((after[name] - before[name]) * 1000) / frames).toFixed(1);
console.log(
  `moving with all compounds coloured: ${Math.round(frames / 3)} frames a second drawn here,`,
);
console.log(`  ${perFrame('TaskDuration')} ms of the main thread each (16.7 are 60 a second),`);
console.log(`  ${perFrame('ScriptDuration')} ms of them scripts`);
await browser.close();
