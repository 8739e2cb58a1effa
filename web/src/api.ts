import type {
  Bands,
  CompoundFeature,
  Compounds,
  Coverage,
  Explained,
  Findings,
  NameEntry,
  Page,
  Problem,
  Reach,
  Settings,
  Units,
  Verdicts,
} from './api-types';
import type { Place } from './state';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
  }
}

type Query = Record<string, string | undefined>;

export function apiUrl(path: string, query: Query = {}): string {
  const url = new URL(`api/${path}`, document.baseURI);
  url.hash = '';
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, value);
  }
  return url.href;
}

async function getUrl<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(url, {
    headers: { accept: 'application/geo+json, application/json' },
    ...(signal && { signal }),
  });
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as Problem;
    throw new ApiError(response.status, problem);
  }
  return (await response.json()) as T;
}

function get<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  return getUrl<T>(apiUrl(path, query), signal);
}

/** The page's own server, whatever host its links name. */
function here(href: string): string {
  const { pathname, search } = new URL(href);
  const path = pathname.slice(pathname.lastIndexOf('/api/') + '/api/'.length);
  return apiUrl(path) + search;
}

function placeQuery(place: Place): Query {
  return place.kind === 'compound'
    ? { compound: place.id }
    : { at: `${place.lon.toFixed(6)},${place.lat.toFixed(6)}` };
}

/** All features of a collection, page by page. */
async function everything<F>(collection: string, signal?: AbortSignal): Promise<F[]> {
  const features: F[] = [];
  let next: string | undefined = apiUrl(`collections/${collection}/items`, { limit: '10000' });
  while (next) {
    const page: Page<F> = await getUrl(next, signal);
    features.push(...page.features);
    const link = page.links.find(({ rel }) => rel === 'next');
    next = link && here(link.href);
  }
  return features;
}

export const api = {
  settings: (signal?: AbortSignal): Promise<Settings> => get('settings', {}, signal),

  /** All compounds by their ids, so that each is in the place that its id names. */
  compounds: async (signal?: AbortSignal): Promise<Compounds> => {
    const halves = ['compounds', 'compound_points'].map((id) =>
      everything<CompoundFeature>(id, signal),
    );
    const features = (await Promise.all(halves)).flat();
    features.sort((one, other) => Number(one.id) - Number(other.id));
    return { type: 'FeatureCollection', features };
  },

  names: (signal?: AbortSignal): Promise<{ compounds: NameEntry[] }> => get('names', {}, signal),

  verdicts: (
    rules: string,
    profile: string,
    minutes: number[],
    signal?: AbortSignal,
  ): Promise<Verdicts> => get('verdicts', { rules, profile, minutes: minutes.join(',') }, signal),

  units: (
    level: string,
    line: string,
    rules: string,
    profile: string,
    minutes: number[],
    signal?: AbortSignal,
  ): Promise<Units> =>
    get('coverage', { by: level, line, rules, profile, minutes: minutes.join(',') }, signal),

  findings: (signal?: AbortSignal): Promise<Findings> => get('quality', {}, signal),

  walk: (
    place: Place,
    facility: string,
    profile: string,
    signal?: AbortSignal,
  ): Promise<Explained> => {
    const { at, ...from } = placeQuery(place);
    return get('explain', { ...from, from: at, facility, profile }, signal);
  },

  compoundCoverage: (
    compound: string,
    rules: string,
    profile: string,
    minutes: number[],
    signal?: AbortSignal,
  ): Promise<Coverage> =>
    get('coverage', { rules, compound, profile, minutes: minutes.join(',') }, signal),

  bands: (
    place: Place,
    form: 'discs' | 'rings',
    minutes: number[],
    profile: string,
    signal?: AbortSignal,
  ): Promise<Bands> =>
    get('isochrones', { ...placeQuery(place), minutes: minutes.join(','), profile, form }, signal),

  reach: (place: Place, minutes: number, profile: string, signal?: AbortSignal): Promise<Reach> =>
    get('reach', { ...placeQuery(place), minutes: `${minutes}`, profile }, signal),
};
