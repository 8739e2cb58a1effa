/** The place that the page shows for a link whose key has changed or no longer exists. */
import { ApiError, type Api } from '../api/client';
import type { CompoundFeature, GateFeature, Origin } from '../api/types';
import { boxOf, metresBetween, metresToBox, metresToShape, squareMetres } from '../base/geometry';
import type { LonLat, Place } from '../base/place';

/**
 * Relation of what is shown to what the link names: `renamed` is the same thing under another key, `near` is near its
 * former location, `own` is the compound that the link names beside its gate, `spot` is the bare location.
 */
export type Relation = 'renamed' | 'near' | 'own' | 'spot';

/** The relation, and the kind of thing that the link names. */
export interface LinkNews {
  of: 'gate' | 'compound';
  relation: Relation;
}

/**
 * Greatest distance in metres from the former location to a compound, or to a gate of that compound. Maps of different
 * years draw them up to this far apart.
 */
const compoundReachMetres = 60;
/** Greatest distance in metres to a gate if there is no compound at the location. */
const gateReachMetres = 30;
/** A board gives its location with four decimals, so a location this close to an outline counts as inside. */
const roundingMetres = 8;

/** Links of the first versions contain row numbers, which identify nothing now. */
export function isFromOlderVersion(place: Place): boolean {
  return place.kind !== 'point' && !place.at && /^\d+$/.test(place.id);
}

/** A link with row numbers of an older version. */
export class OldLink extends Error {}

/** Whether a text is a key, not a name. */
export function isKey(text: string): boolean {
  return /^(?:[nwr]-?\d+|x[a-z2-7]{12})(?:[.-][a-z0-9.-]+)?$/.test(text);
}

/** The place with the keys of the answer: the link may contain a name, or a key of an earlier edition. */
export function presentPlace(place: Place, origin: Origin | null): Place {
  if (place.kind === 'point' || !origin) return place;
  const compound = origin.compound_id;
  if (place.kind === 'compound') return { kind: 'compound', id: compound ?? place.id };
  const id = origin.gates[0]?.id ?? place.id;
  return { kind: 'gate', id, ...(compound !== undefined && { compound }) };
}

/** Whether the key of the link differs from the present one. */
export function isRenamed(asked: Place, present: Place): boolean {
  if (asked.kind === 'point' || present.kind === 'point') return false;
  return asked.id !== present.id && isKey(asked.id);
}

/** Whether the server does not know the key, or no longer (404, 410). */
export function isGone(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 404 || error.status === 410);
}

/** Every compound of the city, loaded on demand. */
export type Outlines = () => Promise<CompoundFeature[]>;

/**
 * The replacement for a thing that is gone: the compound at the location that the link gives, else the compound that
 * the link names, else the nearest thing that the server suggests. `null` if there is none.
 */
export async function standIn(
  place: Place,
  error: unknown,
  api: Api,
  outlines: Outlines,
  signal: AbortSignal,
): Promise<{ place: Place; relation: Relation } | null> {
  if (place.kind === 'point' || !isGone(error)) return null;
  const { at } = place;
  if (at) {
    const there = await placeAt(place.kind, at, api, outlines, signal);
    return there
      ? { place: there, relation: 'near' }
      : { place: { kind: 'point', lon: at.lon, lat: at.lat }, relation: 'spot' };
  }
  if (place.kind === 'gate' && place.compound && !/^\d+$/.test(place.compound)) {
    return { place: { kind: 'compound', id: place.compound }, relation: 'own' };
  }
  const nearest = error.problem.nearest?.id;
  return nearest === undefined
    ? null
    : { place: { kind: place.kind, id: nearest }, relation: 'near' };
}

/** The compound at a location, or its nearest gate if a gate is requested; without a compound any gate close by. */
async function placeAt(
  kind: 'gate' | 'compound',
  at: LonLat,
  api: Api,
  outlines: Outlines,
  signal: AbortSignal,
): Promise<Place | null> {
  const compound = compoundAt(await outlines(), at);
  const itself: Place | null = compound === null ? null : { kind: 'compound', id: compound };
  if (kind === 'compound') return itself;
  const reach = compound === null ? gateReachMetres : compoundReachMetres;
  const gates = await api.gatesNear(at, reach, signal);
  return gateAt(gates, at, reach, compound) ?? itself;
}

/** The nearest unlocked gate within `reach` metres, of `compound` if it is given. */
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

/** The smallest compound that contains the location, else the one whose outline is nearest within reach. */
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
