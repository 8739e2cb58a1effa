import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Api, ApiError, EditionChanged } from '../../src/api';
import type { Settings } from '../../src/api-types';

const api = 'http://page/api';
/** What the server answers, in the order of what is asked; each address is asked once. */
let asked: string[] = [];
let answer: (path: string) => Response;

const said = (body: unknown, edition?: string, status = 200): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: edition === undefined ? {} : { 'circle-edition': edition },
  });

beforeEach(() => {
  asked = [];
  vi.stubGlobal('document', { baseURI: 'http://page/' });
  vi.stubGlobal('fetch', async (url: string) => {
    const path = url.slice(api.length);
    asked.push(path);
    return answer(path);
  });
});
afterEach(() => vi.unstubAllGlobals());

const feature = (id: string): unknown => ({
  type: 'Feature',
  id,
  geometry: null,
  properties: { id },
});
const counts = { counts: { compound_points: 2 } } as unknown as Settings;

it('reads the compounds of both collections, page by page', async () => {
  const items = '/collections/compounds/items?limit=10000';
  const pages: Record<string, [ids: string[], next?: string]> = {
    [items]: [['w0', 'w2'], 'offset=10000&edition=a'],
    [`${items}&offset=10000&edition=a`]: [['w10', 'w3']],
    '/collections/compound_points/items?limit=10000&edition=a': [['n1', 'n11']],
  };
  // The first page of the points is asked for at once, or after the edition is known.
  pages['/collections/compound_points/items?limit=10000'] =
    pages['/collections/compound_points/items?limit=10000&edition=a']!;
  answer = (path) => {
    const [ids, next] = pages[path]!;
    // A proxy may stand between, so the host of the link is not the page's.
    const links = next
      ? [{ rel: 'next', href: `http://inner/api/collections/compounds/items?limit=10000&${next}` }]
      : [];
    return said({ features: ids.map(feature), links }, 'a');
  };
  const features = await new Api(() => {}).compounds(counts);
  const ids = features.map(({ id }) => id);
  expect(ids).toEqual(['w0', 'w2', 'w10', 'w3', 'n1', 'n11']);
});

describe('an edition', () => {
  it('is that of the first answer, and is asked for from then on', async () => {
    answer = () => said({}, 'a');
    const client = new Api(() => {});
    expect(client.edition).toBeNull();
    await client.settings();
    expect(client.edition).toBe('a');
    await client.names();
    await client.settings();
    expect(asked).toEqual(['/settings', '/names?edition=a', '/settings']);
  });

  it('ends with an answer of another one, which is said once', async () => {
    for (const other of [said({}, 'b'), said({}, 'b', 409), said({}, undefined, 409)]) {
      const replaced = vi.fn();
      const client = new Api(replaced);
      answer = () => said({}, 'a');
      await client.settings();
      answer = () => other;
      await expect(client.names()).rejects.toBeInstanceOf(EditionChanged);
      answer = () => said({}, 'a');
      await expect(client.names()).rejects.toBeInstanceOf(EditionChanged);
      expect(replaced).toHaveBeenCalledTimes(1);
    }
  });

  it('is that of an error as well', async () => {
    const replaced = vi.fn();
    const client = new Api(replaced);
    answer = () => said({ detail: 'none' }, 'a', 404);
    await expect(client.names()).rejects.toBeInstanceOf(ApiError);
    expect(client.edition).toBe('a');
    answer = () => said({}, 'b', 404);
    await expect(client.names()).rejects.toBeInstanceOf(EditionChanged);
    expect(replaced).toHaveBeenCalledOnce();
  });

  it('ends no page by an error of what stands between', async () => {
    const replaced = vi.fn();
    const client = new Api(replaced);
    answer = () => said({}, 'a');
    await client.settings();
    answer = () => said({}, undefined, 503);
    await expect(client.names()).rejects.toMatchObject({ status: 503 });
    expect(replaced).not.toHaveBeenCalled();
  });

  it('answers nothing after it is closed, and says nothing', async () => {
    const replaced = vi.fn();
    const client = new Api(replaced);
    answer = () => said({}, 'a');
    const names = client.names();
    client.close();
    await expect(names).rejects.toBeInstanceOf(EditionChanged);
    expect(replaced).not.toHaveBeenCalled();
  });
});

it('asks for walks from a gate, a compound or a point by what they are', async () => {
  answer = () => said({});
  const client = new Api(() => {});
  const at = { lon: 126.6, lat: 45.75 };
  await client.reach({ kind: 'gate', id: 'w1.w2-2', compound: 'w1', at }, 15, 'adult');
  await client.reach({ kind: 'compound', id: 'w1', at }, 15, 'adult');
  await client.reach({ kind: 'point', ...at }, 15, 'adult');
  expect(asked).toEqual([
    '/reach?gate=w1.w2-2&minutes=15&profile=adult',
    '/reach?compound=w1&minutes=15&profile=adult',
    '/reach?at=126.600000%2C45.750000&minutes=15&profile=adult',
  ]);
});
