import type { Bands, Coverage, Problem, Reach, Settings } from './api-types';
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

async function get<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  const response = await fetch(apiUrl(path, query), {
    headers: { accept: 'application/geo+json, application/json' },
    ...(signal && { signal }),
  });
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as Problem;
    throw new ApiError(response.status, problem);
  }
  return (await response.json()) as T;
}

function placeQuery(place: Place): Query {
  return place.kind === 'compound'
    ? { compound: place.id }
    : { at: `${place.lon.toFixed(6)},${place.lat.toFixed(6)}` };
}

export const api = {
  settings: (signal?: AbortSignal): Promise<Settings> => get('settings', {}, signal),

  coverage: (
    rules: string,
    profile: string,
    minutes: number[],
    signal?: AbortSignal,
  ): Promise<Coverage> =>
    get('coverage', { rules, only: 'rules', profile, minutes: minutes.join(',') }, signal),

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
