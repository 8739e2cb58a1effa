/** The view as the part of the address after `#`. */
import { parseNumbers, parsePoint, type Place } from '../base/place';
import type { Camera, ViewState } from './view';

export function parseHash(hash: string): ViewState {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const theme = query.get('theme');
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
    camera: parseCamera(query.get('map')),
  };
}

/** The inverse of `parseHash`. Values equal to the initial state are left out. */
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

const mostBands = 6;
const longestBand = 120;

/** Bands of a link, ascending and without duplicates; `null` if any is not a whole number from 1 to 120. */
export function parseMinutes(text: string | null): number[] | null {
  const parts = (text ?? '').split(',').map(Number);
  const valid = parts.every((part) => Number.isInteger(part) && part >= 1 && part <= longestBand);
  if (!text || !valid || parts.length > mostBands) return null;
  return [...new Set(parts)].sort((a, b) => a - b);
}

/** `compound`, `gate` or both, each with an optional `at`; `at` alone is a point. */
function parsePlace(query: URLSearchParams): Place | null {
  const at = parsePoint(query.get('at'));
  const [compound, gate] = [query.get('compound'), query.get('gate')];
  const location = at ? { at } : {};
  if (gate) return { kind: 'gate', id: gate, ...(compound && { compound }), ...location };
  if (compound) return { kind: 'compound', id: compound, ...location };
  return at && { kind: 'point', ...at };
}

/** `zoom/lat/lon`. Latitudes beyond 85° are outside the Web Mercator plane. */
function parseCamera(text: string | null): Camera | null {
  const [zoom, lat, lon] = parseNumbers(text, '/', 3) ?? [];
  if (zoom === undefined || lat === undefined || lon === undefined) return null;
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : null;
}

const round = (value: number, digits: number): string => `${Number(value.toFixed(digits))}`;
