import type { ColourBy } from './colour';

export type Lang = 'zh' | 'en';
export type ThemeChoice = 'auto' | 'day' | 'dark';

export interface LonLat {
  lon: number;
  lat: number;
}

/** Where walks start. `at` is where a link says that the thing stood, in case its key is gone. */
export type Place =
  | { kind: 'compound'; id: string; at?: LonLat }
  | { kind: 'gate'; id: string; compound?: string; at?: LonLat }
  | ({ kind: 'point' } & LonLat);

export interface Camera {
  zoom: number;
  lat: number;
  lon: number;
}

/** Everything a link must carry to show the same view again. */
export interface ViewState {
  lang: Lang;
  theme: ThemeChoice;
  profile: string | null;
  rules: string | null;
  /** Bands, ascending; the city's own where null. */
  minutes: number[] | null;
  /** Judged as if the map were complete. */
  asMapped: boolean;
  place: Place | null;
  group: string | null;
  /** The line that the city is coloured by; all of them where null. */
  line: string | null;
  colour: ColourBy;
  /** What the planner's table lists: a level, or `findings`; no table where null. */
  table: string | null;
  /** Whether findings are on the map beside another table. */
  findings: boolean;
  /** The row that is marked. */
  mark: string | null;
  camera: Camera | null;
}

export const initialState: ViewState = {
  lang: 'zh',
  theme: 'auto',
  profile: null,
  rules: null,
  minutes: null,
  asMapped: false,
  place: null,
  group: null,
  line: null,
  colour: 'verdict',
  table: null,
  findings: false,
  mark: null,
  camera: null,
};

function numbers(text: string | null, separator: string, count: number): number[] | null {
  const parts = (text ?? '').split(separator);
  const values = parts.map(Number);
  const sound = parts.length === count && parts.every((part) => part.trim() !== '');
  return sound && values.every(Number.isFinite) ? values : null;
}

export function parsePoint(text: string | null): LonLat | null {
  const values = numbers(text, ',', 2);
  if (!values) return null;
  const [lon, lat] = values as [number, number];
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { lon, lat } : null;
}

const mostBands = 6;
const longestBand = 120;

/** Bands that a link asks for, ascending, each once; null where one of them cannot be. */
export function parseMinutes(text: string | null): number[] | null {
  const parts = (text ?? '').split(',').map(Number);
  const sound = parts.every((part) => Number.isInteger(part) && part >= 1 && part <= longestBand);
  if (!text || !sound || parts.length > mostBands) return null;
  return [...new Set(parts)].sort((a, b) => a - b);
}

/** `compound`, `gate` or both, with `at` beside them; `at` alone is a point. */
function parsePlace(query: URLSearchParams): Place | null {
  const at = parsePoint(query.get('at'));
  const [compound, gate] = [query.get('compound'), query.get('gate')];
  const beside = at ? { at } : {};
  if (gate) return { kind: 'gate', id: gate, ...(compound && { compound }), ...beside };
  if (compound) return { kind: 'compound', id: compound, ...beside };
  return at && { kind: 'point', ...at };
}

export function parseHash(hash: string): ViewState {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const theme = query.get('theme');
  const map = numbers(query.get('map'), '/', 3);
  const camera = map && { zoom: map[0]!, lat: map[1]!, lon: map[2]! };
  return {
    lang: query.get('lang') === 'en' ? 'en' : 'zh',
    theme: theme === 'day' || theme === 'dark' ? theme : 'auto',
    profile: query.get('profile'),
    rules: query.get('rules'),
    place: parsePlace(query),
    group: query.get('group'),
    minutes: parseMinutes(query.get('minutes')),
    asMapped: query.get('as_mapped') === '1',
    line: query.get('line'),
    colour: query.get('colour') === 'minutes' ? 'minutes' : 'verdict',
    table: query.get('table'),
    findings: query.get('findings') === 'true',
    mark: query.get('mark'),
    camera: camera && Math.abs(camera.lat) <= 85 && Math.abs(camera.lon) <= 180 ? camera : null,
  };
}

const round = (value: number, digits: number): string => `${Number(value.toFixed(digits))}`;

export function formatHash(state: ViewState): string {
  const parts: string[] = [];
  const add = (key: string, value: string | null): void => {
    if (value !== null) {
      parts.push(`${key}=${encodeURIComponent(value).replace(/%2F/g, '/').replace(/%2C/g, ',')}`);
    }
  };
  const { place } = state;
  if (place?.kind === 'compound') add('compound', place.id);
  if (place?.kind === 'gate') {
    add('compound', place.compound ?? null);
    add('gate', place.id);
  }
  const at = place?.kind === 'point' ? place : place?.at;
  if (at) add('at', `${round(at.lon, 6)},${round(at.lat, 6)}`);
  add('group', state.group);
  add('profile', state.profile);
  add('rules', state.rules);
  add('minutes', state.minutes && state.minutes.join(','));
  add('as_mapped', state.asMapped ? '1' : null);
  add('line', state.line);
  add('colour', state.colour === 'verdict' ? null : state.colour);
  add('table', state.table);
  add('findings', state.findings ? 'true' : null);
  add('mark', state.mark);
  add('lang', state.lang === 'zh' ? null : state.lang);
  add('theme', state.theme === 'auto' ? null : state.theme);
  if (state.camera) {
    const { zoom, lat, lon } = state.camera;
    add('map', `${round(zoom, 2)}/${round(lat, 5)}/${round(lon, 5)}`);
  }
  return `#${parts.join('&')}`;
}

/** The compound that a place is, or is a gate of, where that is known. */
export function compoundOf(place: Place): string | null {
  if (place.kind === 'gate') return place.compound ?? null;
  return place.kind === 'compound' ? place.id : null;
}

export function samePlace(a: Place | null, b: Place | null): boolean {
  if (a?.kind === 'compound') return b?.kind === 'compound' && a.id === b.id;
  if (a?.kind === 'gate') return b?.kind === 'gate' && a.id === b.id;
  if (a?.kind === 'point') return b?.kind === 'point' && a.lon === b.lon && a.lat === b.lat;
  return b === null;
}
