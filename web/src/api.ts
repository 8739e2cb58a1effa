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

/** All features of a collection, page by page. */
async function allOf(collection: string): Promise<CompoundFeature[]> {
  const features: CompoundFeature[] = [];
  let next: string | undefined = apiUrl(`collections/${collection}/items`, { limit: '10000' });
  while (next) {
    const page: Page<CompoundFeature> = await getUrl(next);
    features.push(...page.features);
    const link = page.links.find(({ rel }) => rel === 'next');
    next = link && here(link.href);
  }
  return features;
}

/** As the lists of `verdicts` have them; none twice. */
export function inOrder(features: CompoundFeature[]): CompoundFeature[] {
  const byId = new Map(features.map((feature) => [feature.properties.id, feature]));
  return [...byId.values()].sort((a, b) => Number(a.properties.id) - Number(b.properties.id) || 0);
}

/** What is judged, and how; a compound's coverage, a city's verdicts and its units are asked for alike. */
export interface Judged {
  rules: { id: string };
  profile: { id: string };
  bands: number[];
  asMapped: boolean;
}

export function judgedQuery({ rules, profile, bands, asMapped }: Judged): Query {
  return {
    rules: rules.id,
    profile: profile.id,
    minutes: bands.join(','),
    as_mapped: asMapped ? 'true' : undefined,
  };
}

function placeQuery(place: Place): Query {
  return place.kind === 'compound'
    ? { compound: place.id }
    : { at: `${place.lon.toFixed(6)},${place.lat.toFixed(6)}` };
}

export const api = {
  settings: (signal?: AbortSignal): Promise<Settings> => get('settings', {}, signal),

  /**
   * All compounds in the order of their ids: those with an outline, and those known as a point where the server keeps
   * them in a collection of their own.
   */
  compounds: async (settings: Settings | Promise<Settings>): Promise<Compounds> => {
    const outlines = allOf('compounds');
    outlines.catch(() => {});
    const { counts } = await settings;
    const points = 'compound_points' in counts ? allOf('compound_points') : [];
    const features = [...(await outlines), ...(await points)];
    return { type: 'FeatureCollection', features: inOrder(features) };
  },

  names: (signal?: AbortSignal): Promise<{ compounds: NameEntry[] }> => get('names', {}, signal),

  verdicts: (judged: Judged, signal?: AbortSignal): Promise<Verdicts> =>
    get('verdicts', judgedQuery(judged), signal),

  units: (level: string, line: string, judged: Judged, signal?: AbortSignal): Promise<Units> =>
    get('coverage', { by: level, line, ...judgedQuery(judged) }, signal),

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

  compoundCoverage: (compound: string, judged: Judged, signal?: AbortSignal): Promise<Coverage> =>
    get('coverage', { compound, ...judgedQuery(judged) }, signal),

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
