/** Longitude and latitude in degrees, WGS 84. */
export interface LonLat {
  lon: number;
  lat: number;
}

/** Where walks start. `at` is the location that the link gives for the thing, used if its key is gone. */
export type Place =
  | { kind: 'compound'; id: string; at?: LonLat }
  | { kind: 'gate'; id: string; compound?: string; at?: LonLat }
  | ({ kind: 'point' } & LonLat);

/** The key of the compound, or of the gate's compound; `null` if unknown. */
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

/** `count` finite numbers between separators, or `null`. */
export function parseNumbers(
  text: string | null,
  separator: string,
  count: number,
): number[] | null {
  const parts = (text ?? '').split(separator);
  const values = parts.map(Number);
  const complete = parts.length === count && parts.every((part) => part.trim() !== '');
  return complete && values.every(Number.isFinite) ? values : null;
}

/** Parses `lon,lat` in degrees. */
export function parsePoint(text: string | null): LonLat | null {
  const values = parseNumbers(text, ',', 2);
  if (!values) return null;
  const [lon, lat] = values as [number, number];
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { lon, lat } : null;
}
