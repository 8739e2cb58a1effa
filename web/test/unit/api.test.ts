import { afterEach, expect, it, vi } from 'vitest';
import { api } from '../../src/api';
import type { Settings } from '../../src/api-types';

afterEach(() => vi.unstubAllGlobals());

const feature = (id: string) => ({ type: 'Feature', id, geometry: null, properties: { id } });

it('puts the compounds of both collections in the places of their ids, page by page', async () => {
  const items = 'http://page/api/collections';
  const pages: Record<string, [ids: string[], next?: string]> = {
    [`${items}/compounds/items?limit=10000`]: [['0', '2'], 'offset=10000'],
    [`${items}/compounds/items?limit=10000&offset=10000`]: [['10', '3']],
    [`${items}/compound_points/items?limit=10000`]: [['1', '11']],
  };
  vi.stubGlobal('document', { baseURI: 'http://page/' });
  vi.stubGlobal('fetch', async (url: string) => {
    const [ids, next] = pages[url]!;
    // A proxy may stand between, so the host of the link is not the page's.
    const links = next
      ? [{ rel: 'next', href: `http://inner/api/collections/compounds/items?limit=10000&${next}` }]
      : [];
    return new Response(JSON.stringify({ features: ids.map(feature), links }));
  });
  const { features } = await api.compounds({
    counts: { compound_points: 2 },
  } as unknown as Settings);
  expect(features.map(({ id }) => id)).toEqual(['0', '1', '2', '3', '10', '11']);
});
