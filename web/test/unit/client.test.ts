import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Api, ApiError, EditionChanged } from '../../src/api/client';
import type { Settings } from '../../src/api/types';

const api = 'http://page/api';
/** Paths of the requests, in order. */
let requested: string[] = [];
/** The server's answer to a path. */
let answer: (path: string) => Response;

const response = (body: unknown, edition?: string, status = 200): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: edition === undefined ? {} : { 'circle-edition': edition },
  });

beforeEach(() => {
  requested = [];
  vi.stubGlobal('document', { baseURI: 'http://page/' });
  vi.stubGlobal('fetch', async (url: string) => {
    const path = url.slice(api.length);
    requested.push(path);
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

it('compounds_come_from_both_collections_page_by_page', async () => {
  const items = '/collections/compounds/items?limit=10000';
  const pages: Record<string, [ids: string[], next?: string]> = {
    [items]: [['w0', 'w2'], 'offset=10000&edition=a'],
    [`${items}&offset=10000&edition=a`]: [['w10', 'w3']],
    '/collections/compound_points/items?limit=10000&edition=a': [['n1', 'n11']],
  };
  // The first page of the points may be requested before the edition is known.
  pages['/collections/compound_points/items?limit=10000'] =
    pages['/collections/compound_points/items?limit=10000&edition=a']!;
  answer = (path) => {
    const [ids, next] = pages[path]!;
    // Behind a proxy the host of a link is not the page's.
    const links = next
      ? [{ rel: 'next', href: `http://inner/api/collections/compounds/items?limit=10000&${next}` }]
      : [];
    return response({ features: ids.map(feature), links }, 'a');
  };
  const features = await new Api(() => {}).compounds(counts);
  const ids = features.map(({ id }) => id);
  expect(ids).toEqual(['w0', 'w2', 'w10', 'w3', 'n1', 'n11']);
});

it('both_collections_may_fail_without_an_unhandled_rejection', async () => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  answer = () => response({}, undefined, 503);
  await expect(new Api(() => {}).compounds(counts)).rejects.toBeInstanceOf(ApiError);
  // Node reports unhandled rejections after the microtasks of a turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

describe('an edition', () => {
  it('is_read_from_the_first_answer_and_sent_with_later_requests', async () => {
    answer = () => response({}, 'a');
    const client = new Api(() => {});
    expect(client.edition).toBeNull();
    await client.settings();
    expect(client.edition).toBe('a');
    await client.names();
    await client.settings();
    expect(requested).toEqual(['/settings', '/names?edition=a', '/settings']);
  });

  it('ends_with_an_answer_of_another_edition_and_reports_it_once', async () => {
    for (const other of [response({}, 'b'), response({}, 'b', 409), response({}, undefined, 409)]) {
      const replaced = vi.fn();
      const client = new Api(replaced);
      answer = () => response({}, 'a');
      await client.settings();
      answer = () => other;
      await expect(client.names()).rejects.toBeInstanceOf(EditionChanged);
      answer = () => response({}, 'a');
      await expect(client.names()).rejects.toBeInstanceOf(EditionChanged);
      expect(replaced).toHaveBeenCalledTimes(1);
    }
  });

  it('is_read_from_errors_too', async () => {
    const replaced = vi.fn();
    const client = new Api(replaced);
    answer = () => response({ detail: 'none' }, 'a', 404);
    await expect(client.names()).rejects.toBeInstanceOf(ApiError);
    expect(client.edition).toBe('a');
    answer = () => response({}, 'b', 404);
    await expect(client.names()).rejects.toBeInstanceOf(EditionChanged);
    expect(replaced).toHaveBeenCalledOnce();
  });

  it('does_not_end_with_an_error_of_a_proxy', async () => {
    const replaced = vi.fn();
    const client = new Api(replaced);
    answer = () => response({}, 'a');
    await client.settings();
    answer = () => response({}, undefined, 503);
    await expect(client.names()).rejects.toMatchObject({ status: 503 });
    expect(replaced).not.toHaveBeenCalled();
  });

  it('closed_clients_fail_without_a_report', async () => {
    const replaced = vi.fn();
    const client = new Api(replaced);
    answer = () => response({}, 'a');
    const names = client.names();
    client.close();
    await expect(names).rejects.toBeInstanceOf(EditionChanged);
    expect(replaced).not.toHaveBeenCalled();
  });
});

it('walks_start_at_a_gate_a_compound_or_a_point', async () => {
  answer = () => response({});
  const client = new Api(() => {});
  const at = { lon: 126.6, lat: 45.75 };
  await client.reach({ kind: 'gate', id: 'w1.w2-2', compound: 'w1', at }, 15, 'adult');
  await client.reach({ kind: 'compound', id: 'w1', at }, 15, 'adult');
  await client.reach({ kind: 'point', ...at }, 15, 'adult');
  expect(requested).toEqual([
    '/reach?gate=w1.w2-2&minutes=15&profile=adult',
    '/reach?compound=w1&minutes=15&profile=adult',
    '/reach?at=126.600000%2C45.750000&minutes=15&profile=adult',
  ]);
});

it('bands_are_one_request', async () => {
  answer = () => response({});
  await new Api(() => {}).bands({ kind: 'compound', id: 'w1' }, [5, 10], 'adult');
  expect(requested).toEqual(['/isochrones?compound=w1&minutes=5%2C10&profile=adult&form=discs']);
});

it('a_walk_is_requested_without_the_barriers_on_a_shorter_one', async () => {
  answer = () => response({});
  const client = new Api(() => {});
  await client.walk({ kind: 'gate', id: 'n1' }, 'n2', 'adult');
  await client.walk({ kind: 'point', lon: 126.6, lat: 45.75 }, 'n2', 'adult');
  expect(requested).toEqual([
    '/explain?gate=n1&facility=n2&profile=adult&barred=false',
    '/explain?from=126.600000%2C45.750000&facility=n2&profile=adult&barred=false',
  ]);
});
