import { ApiError, type Api } from './api';
import type { CompoundFeature, GateFeature, Origin } from './api-types';
import { boxOf, metresBetween, metresToBox, metresToShape, squareMetres } from './geometry';
import type { LonLat, Place } from './state';

/**
 * How what is shown stands to what the link names: `renamed` is the same under another key, `near` stands near where it
 * stood, `own` is the compound that the link names beside its gate, `spot` is the bare place.
 */
export type How = 'renamed' | 'near' | 'own' | 'spot';

/** What the page says of a link that does not name what is shown. */
export interface LinkNews {
  of: 'gate' | 'compound';
  how: How;
}

/** So far the compound at a place, and its gate, may be from it: maps of other years draw them elsewhere. */
const compoundReachMetres = 60;
/** So far a gate may be that has no compound there. */
const gateReachMetres = 30;
/** A board gives its place to four decimals: at so much from an outline it may as well be inside. */
const roundingMetres = 8;

/** Links of the first versions named things by row numbers, which say nothing any more. */
export function isFromOlderVersion(place: Place): boolean {
  return place.kind !== 'point' && !place.at && /^\d+$/.test(place.id);
}

/** Whether it is a key rather than a name. */
export function isKey(text: string): boolean {
  return /^(?:[nwr]-?\d+|x[a-z2-7]{12})(?:[.-][a-z0-9.-]+)?$/.test(text);
}

/** The place under the keys of the answer: a link may hold a name, or a key of an earlier edition. */
export function presentPlace(place: Place, origin: Origin | null): Place {
  if (place.kind === 'point' || !origin) return place;
  const compound = origin.compound_id;
  if (place.kind === 'compound') return { kind: 'compound', id: compound ?? place.id };
  const id = origin.gates[0]?.id ?? place.id;
  return { kind: 'gate', id, ...(compound !== undefined && { compound }) };
}

/** Whether the place that was asked for has another key now. */
export function isRenamed(asked: Place, present: Place): boolean {
  if (asked.kind === 'point' || present.kind === 'point') return false;
  return asked.id !== present.id && isKey(asked.id);
}

/** Whether the server knows no such thing, or no longer. */
export function isGone(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 404 || error.status === 410);
}

/**
 * What is shown instead of a thing that is gone: the compound at the place where the link says that it stood, else the
 * compound that the link names, else what the server calls the nearest. Null where nothing of that is known.
 */
export async function standIn(
  place: Place,
  error: unknown,
  api: Api,
  outlines: () => Promise<CompoundFeature[]>,
  signal: AbortSignal,
): Promise<{ place: Place; how: How } | null> {
  if (place.kind === 'point' || !isGone(error)) return null;
  const { at } = place;
  if (at) {
    const there = await placeAt(place.kind, at, api, outlines, signal);
    return there
      ? { place: there, how: 'near' }
      : { place: { kind: 'point', lon: at.lon, lat: at.lat }, how: 'spot' };
  }
  if (place.kind === 'gate' && place.compound && !/^\d+$/.test(place.compound)) {
    return { place: { kind: 'compound', id: place.compound }, how: 'own' };
  }
  const nearest = error.problem.nearest?.id;
  return nearest === undefined ? null : { place: { kind: place.kind, id: nearest }, how: 'near' };
}

/** The compound there, by its gate there if a gate is asked for; where there is none, any gate that is close by. */
async function placeAt(
  kind: 'gate' | 'compound',
  at: LonLat,
  api: Api,
  outlines: () => Promise<CompoundFeature[]>,
  signal: AbortSignal,
): Promise<Place | null> {
  const compound = compoundAt(await outlines(), at);
  const itself: Place | null = compound === null ? null : { kind: 'compound', id: compound };
  if (kind === 'compound') return itself;
  const reach = compound === null ? gateReachMetres : compoundReachMetres;
  const gates = await api.gatesNear(at, reach, signal);
  return gateAt(gates, at, reach, compound) ?? itself;
}

/** The nearest gate within reach that is not locked; only the compound's own where one is given. */
function gateAt(
  gates: GateFeature[],
  at: LonLat,
  reach: number,
  compound: string | null,
): Place | null {
  let [nearest, least]: [Place | null, number] = [null, reach];
  for (const { properties, geometry } of gates) {
    const { id, compound_id: of, locked } = properties;
    if (locked || (compound !== null && of !== compound)) continue;
    const [lon, lat] = geometry.coordinates as [number, number];
    const away = metresBetween(at, { lon, lat });
    if (away <= least) [nearest, least] = [{ kind: 'gate', id, compound: of }, away];
  }
  return nearest;
}

/** The compound that holds the place, the smallest of several; else the one whose outline is nearest within reach. */
export function compoundAt(compounds: CompoundFeature[], at: LonLat): string | null {
  let best: { id: string; away: number; area: number } | null = null;
  for (const { properties, geometry } of compounds) {
    const box = geometry && boxOf([geometry]);
    if (!box || metresToBox(at, box) > compoundReachMetres) continue;
    const metres = metresToShape(at, geometry);
    if (metres > compoundReachMetres) continue;
    const away = metres <= roundingMetres ? 0 : metres;
    const area = squareMetres(geometry);
    if (best && (away > best.away || (away === best.away && area >= best.area))) continue;
    best = { id: properties.id, away, area };
  }
  return best?.id ?? null;
}
