/**
 * A city rebuilt from a newer map: links on printed boards and open pages must still work. `CITY` was built with
 * `--since OLD_CITY`, so links of the old city have to open in it.
 */
import { copyFileSync, renameSync } from 'node:fs';
import type { FeatureCollection, Geometry, Point } from 'geojson';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import type { Bands, Page as Items, Verdicts } from '../../src/api/types';
import { expect, test as base, type Page } from './fixtures';
import {
  areasOf,
  bandAreas,
  drawn,
  fragment,
  lineOf,
  mapIdle,
  mark,
  ready,
  tableReady,
} from './helpers';
import { Server, setting } from './server';

type Position = [lon: number, lat: number];

/** A server of the old city whose file a test may replace. */
interface OldCity {
  server: Server;
  /** Replaces the city file and waits until the server has the edition. */
  replace(city: string, edition: string): Promise<void>;
}

const test = base.extend<{ old: OldCity }>({
  old: async ({}, use, info) => {
    const file = info.outputPath('served.circle');
    copyFileSync(setting('OLD_CITY'), file);
    const server = await Server.start(file);
    await server.warmUp();
    await use({
      server,
      replace: async (city, edition) => {
        // A rename, so that the server never reads half a file.
        copyFileSync(city, `${file}.next`);
        renameSync(`${file}.next`, file);
        server.reload();
        await expect.poll(() => server.edition(), { timeout: 60_000 }).toBe(edition);
      },
    });
    await server.stop();
    if (info.status !== info.expectedStatus) {
      await info.attach('log', { body: server.log, contentType: 'text/plain' });
    }
  },
});

const compoundsOf = async (server: Server): Promise<Set<string>> =>
  new Set((await server.get<Verdicts>('verdicts')).compound_ids);

/** Keys of the compounds that both cities have. */
async function sharedCompounds(one: Server, other: Server): Promise<string[]> {
  const [before, after] = [await compoundsOf(one), await compoundsOf(other)];
  return [...before].filter((id) => after.has(id));
}

const metres = ([lon, lat]: Position, [otherLon, otherLat]: Position): number =>
  111_320 * Math.hypot((otherLon - lon) * Math.cos((lat * Math.PI) / 180), otherLat - lat);

test.describe('the QR code of a board', () => {
  interface Gate {
    properties: { id: string; compound_id: string; provenance: string; locked: boolean };
    geometry: { coordinates: Position };
  }
  interface Replacement {
    kind: 'gate' | 'compound';
    id: string;
  }
  interface Board {
    gate: Gate;
    /** The page's news on the link. */
    news: string;
    opens: Replacement;
    image: Buffer;
  }

  /** The news on a link of the old city, by the new server's status for its key. */
  const newsByStatus: Record<number, string> = {
    200: '',
    308: 'renamed',
    404: 'near',
    410: 'near',
  };
  /** Metres around the former location within which the page looks for the compound and its gates. */
  const reach = 60;
  const limit = 'limit=10000';

  test.slow();

  test('opens_in_a_newer_city_whether_the_gate_is_the_same_renamed_or_gone', async ({
    open,
    old,
    server,
  }) => {
    const boards = await boardsToOpen(old.server, server);
    expect([...new Set([...boards.values()].map(({ news }) => news))].sort()).toEqual([
      '',
      'near',
      'renamed',
    ]);
    for (const [kind, board] of boards) {
      await test.step(kind || 'the same gate', async () => {
        const link = new URL(readCode(board.image));
        expect(link.href.split('#')[0]).toBe(old.server.base);
        const code = new URLSearchParams(link.hash.slice(1));
        const at = code.get('at')!.split(',').map(Number) as Position;
        const { id: key, compound_id: compound } = board.gate.properties;
        expect(code.get('gate')).toBe(key);
        expect(metres(at, board.gate.geometry.coordinates), `${at}`).toBeLessThan(15);

        const isNear = board.news === 'near';
        const page = await open(link.hash, { rejections: isNear });
        await ready(page, 'place');
        expect(await mark(page, 'news')).toBe(board.news);
        const news = (await page.locator('.panel-news').innerText()).trim();
        const { kind: of, id } = isNear ? (await replacement(server, compound, at))! : board.opens;
        expect(fragment(page).get(of)).toBe(id);
        if (of === 'compound') expect(fragment(page).get('gate')).toBeNull();
        if (isNear) expect(news).toMatch(/此门已不在地图上，显示附近的/);
        else if (board.news === '') expect(news).toBe('');
        else {
          expect(news).toContain('此门已改编号');
          expect(news).toContain(id);
        }
        expect(fragment(page).get('at')).toBeNull();
        const bands = await server.get<Bands>(`isochrones?${of}=${id}&minutes=5,10,15&form=discs`);
        expect(bands.origin!.compound_id).toBe(fragment(page).get('compound'));
        expect(await bandAreas(page)).toEqual(areasOf(bands));
      });
    }
  });

  /** For each kind of outcome the first gate with a board. */
  async function boardsToOpen(old: Server, present: Server): Promise<Map<string, Board>> {
    const shared = await sharedCompounds(old, present);
    const { features } = await old.get<Items<Gate>>(`collections/gates/items?${limit}`);
    const boards = new Map<string, Board>();
    for (const gate of features) {
      const { id, compound_id: compound, provenance, locked } = gate.properties;
      if (!shared.includes(compound) || provenance === 'inferred' || locked) continue;
      const item = await present.fetch(`collections/gates/items/${id}`, { redirect: 'manual' });
      const news = newsByStatus[item.status];
      if (news === undefined) throw new Error(`gate ${id}: status ${item.status}`);
      const key = item.headers.get('location')?.split('?')[0]?.split('/').at(-1) ?? id;
      const opens: Replacement | null =
        news === 'near'
          ? await replacement(present, compound, rounded(gate.geometry.coordinates))
          : { kind: 'gate', id: key };
      const kind = news === 'near' ? `near ${opens?.kind}` : news;
      if (!opens || boards.has(kind)) continue;
      const answer = await old.fetch(`boards/${compound}.png?gate=${id}&size=A2&dpi=120`);
      if (!answer.ok) continue;
      boards.set(kind, { gate, news, opens, image: Buffer.from(await answer.arrayBuffer()) });
      if (boards.size === 4) break;
    }
    return boards;
  }

  /** Four decimals, as on a board. */
  const rounded = (position: Position): Position =>
    position.map((side) => Number(side.toFixed(4))) as Position;

  /**
   * The expected replacement of a gate that is gone: the compound's nearest open gate, else the compound. `null` unless
   * this compound alone is near the location.
   */
  async function replacement(
    server: Server,
    compound: string,
    at: Position,
  ): Promise<Replacement | null> {
    const near = [
      ...(await around<Geometry>(server, at, 'compounds')),
      ...(await around<Geometry>(server, at, 'compound_points')),
    ];
    if (near.length !== 1 || near[0]!.properties.id !== compound) return null;
    const gates = await around<Point>(server, at, 'gates');
    const [nearest] = gates
      .filter(({ properties }) => properties.compound_id === compound && !properties.locked)
      .map(({ properties, geometry }) => ({
        id: properties.id,
        away: metres(at, geometry.coordinates as Position),
      }))
      .filter(({ away }) => away <= reach)
      .sort((one, other) => one.away - other.away);
    return nearest ? { kind: 'gate', id: nearest.id } : { kind: 'compound', id: compound };
  }

  /** Features in the square that contains everything within reach of a location. */
  async function around<G extends Geometry>(
    server: Server,
    [lon, lat]: Position,
    collection: string,
  ): Promise<FeatureCollection<G, Gate['properties']>['features']> {
    const north = reach / 111_320;
    const east = north / Math.cos((lat * Math.PI) / 180);
    const bbox = [lon - east, lat - north, lon + east, lat + north].map((side) => side.toFixed(6));
    const path = `collections/${collection}/items?${limit}&bbox=${bbox}`;
    const { features = [] } =
      await server.get<Partial<FeatureCollection<G, Gate['properties']>>>(path);
    return features;
  }

  /** The content of the QR code, which is in the lower right corner of the board. */
  function readCode(board: Buffer): string {
    const { width, height, data } = PNG.sync.read(board);
    // A CommonJS module: its function may be the default export of the default export.
    const decode = (jsqr as typeof jsqr & { default?: typeof jsqr }).default ?? jsqr;
    const [left, top] = [width >> 1, Math.floor(height * 0.75)];
    const [columns, rows] = [width - left, height - top];
    const corner = new Uint8ClampedArray(columns * rows * 4);
    for (let row = 0; row < rows; row += 1) {
      const start = ((top + row) * width + left) * 4;
      corner.set(data.subarray(start, start + columns * 4), row * columns * 4);
    }
    const found =
      decode(corner, columns, rows) ?? decode(new Uint8ClampedArray(data), width, height);
    if (!found) throw new Error('no QR code on the board');
    return found.data;
  }
});

test.describe('a page that is open while its city is replaced', () => {
  const line = 'park';
  const verdictOf: Record<string, string> = { c: 'covered', g: 'gap', u: 'unknown' };

  test.slow();

  test('never_mixes_two_editions', async ({ prepare, old, server }) => {
    interface Profiles {
      profiles: { id: string }[];
      default_profile: string;
    }
    const { profiles, default_profile: profile } = await old.server.get<Profiles>('settings');
    const other = profiles.find(({ id }) => id !== profile)!.id;
    const [oldEdition, newEdition] = [await old.server.edition(), await server.edition()];
    expect(oldEdition).not.toBe(newEdition);
    const [marked] = await sharedCompounds(old.server, server);

    const page = await prepare({ server: old.server, rejections: true });
    await page.addInitScript(recordVerdicts);
    await page.goto(`#table=compound&line=${line}&mark=${marked}`);
    await shows(page, oldEdition);
    await tableReady(page);
    await mapIdle(page);
    expect(await mark(page, 'news')).toBe('');
    const expected = { [oldEdition]: [await verdictsOf(old.server, profile)] };

    await old.replace(setting('CITY'), newEdition);
    await page.locator('#profile').selectOption(other);
    await shows(page, newEdition);
    await tableReady(page);
    await expect(page.locator('.panel-news')).toHaveText('数据已更新');
    const link = fragment(page);
    expect(['table', 'line', 'mark', 'profile'].map((key) => link.get(key))).toEqual([
      'compound',
      line,
      marked,
      other,
    ]);
    await expect(page.locator('#profile')).toHaveValue(other);
    await page.locator(`.rows-table tr.marked[data-id="${marked}"]`).waitFor();
    const present = await verdictsOf(old.server, other);
    expected[newEdition] = [present];

    await mapIdle(page);
    const steps: Record<string, number> = { covered: 10, gap: 11, unknown: -1 };
    const compounds = await drawn(page, 'compounds');
    expect(compounds.length).toBeGreaterThan(0);
    for (const { compound_id: id, step } of compounds) {
      expect(step, String(id)).toBe(steps[present.get(String(id))!]);
    }
    const tiles = await page.evaluate(() => {
      const source = window.livingCircle.map.getSource('base') as unknown as { tiles: string[] };
      return source.tiles[0]!;
    });
    expect(new URL(tiles).searchParams.get('edition')).toBe(newEdition);

    // The page also detects another edition by a rejected tile.
    await page.locator('#news-close').click();
    expect(await mark(page, 'news')).toBe('');
    await old.replace(setting('OLD_CITY'), oldEdition);
    await page.evaluate(() => void window.livingCircle.map.jumpTo({ zoom: 15 }));
    await shows(page, oldEdition);
    await tableReady(page);
    await expect(page.locator('.panel-news')).toHaveText('数据已更新');
    // The other profile is still selected.
    expected[oldEdition]!.push(await verdictsOf(old.server, other));

    const recorded = await page.evaluate(() => window.recorded);
    expect(Object.keys(recorded).sort()).toEqual([oldEdition, newEdition].sort());
    for (const [edition, rows] of Object.entries(recorded)) {
      expect(rows.length, edition).toBeGreaterThan(0);
      for (const row of rows) {
        const [id, verdict] = row.split(' ') as [string, string];
        const isExpected = expected[edition]!.some((verdicts) => verdicts.get(id) === verdict);
        expect(isExpected, `${edition}: ${row}`).toBe(true);
      }
    }
  });

  /** Waits until the page shows an edition completely. */
  async function shows(page: Page, edition: string): Promise<void> {
    await page.waitForFunction((expected) => {
      const { dataset } = document.documentElement;
      return dataset.edition === expected && dataset.ready === 'true';
    }, edition);
  }

  /** The verdict on the line by compound. */
  async function verdictsOf(server: Server, profile: string): Promise<Map<string, string>> {
    const verdicts = await server.get<Verdicts>(
      `verdicts?rules=board&profile=${profile}&minutes=5,10,15`,
    );
    const letters = lineOf(verdicts, line).verdicts;
    return new Map(verdicts.compound_ids.map((id, row) => [id, verdictOf[letters[row]!]!]));
  }

  /** In the page: records every verdict that the table shows, by the edition of the page at that time. */
  function recordVerdicts(): void {
    window.recorded = {};
    const record = (): void => {
      const { edition } = document.documentElement.dataset;
      const frame = document.querySelector('.table-frame');
      if (!edition || !frame?.checkVisibility()) return;
      if (frame.getAttribute('aria-busy') === 'true') return;
      const rows = (window.recorded[edition] ??= []);
      for (const row of frame.querySelectorAll<HTMLElement>('tbody tr[data-id]')) {
        const chip = row.querySelector('.verdict');
        const entry = chip && `${row.dataset.id} ${chip.className.split(' ')[1]}`;
        if (entry && !rows.includes(entry)) rows.push(entry);
      }
    };
    const observed = { subtree: true, childList: true, attributes: true };
    new MutationObserver(record).observe(document, observed);
  }
});

declare global {
  interface Window {
    /** Compound and verdict of every row that the table showed, by edition. */
    recorded: Record<string, string[]>;
  }
}
