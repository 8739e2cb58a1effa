import { ApiError, type Api } from './api';
import type { CompoundFeature, Origin } from './api-types';
import { boxOf, centreOf, metresBetween, metresToBox } from './geometry';
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

const gateReachMetres = 500;
const compoundReachMetres = 2000;

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
 * What is shown instead of a thing that is gone: what stands where the link says that it stood, else the compound that
 * the link names, else what the server calls the nearest. Null where nothing of that is known.
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
    const gate = place.kind === 'gate' && (await gateNear(api, at, signal));
    if (gate) return { place: gate, how: 'near' };
    const id = compoundNear(await outlines(), at);
    if (id !== null) return { place: { kind: 'compound', id }, how: 'near' };
    return { place: { kind: 'point', ...at }, how: 'spot' };
  }
  if (place.kind === 'gate' && place.compound && !/^\d+$/.test(place.compound)) {
    return { place: { kind: 'compound', id: place.compound }, how: 'own' };
  }
  const nearest = error.problem.nearest?.id;
  return nearest === undefined ? null : { place: { kind: place.kind, id: nearest }, how: 'near' };
}

async function gateNear(api: Api, at: LonLat, signal: AbortSignal): Promise<Place | null> {
  const gates = await api.gatesNear(at, gateReachMetres, signal);
  const open = gates.filter(({ properties }) => !properties.locked);
  const found = nearestOf(open, gateReachMetres, ({ geometry: { coordinates } }) => {
    const [lon, lat] = coordinates as [number, number];
    return metresBetween(at, { lon, lat });
  });
  if (!found) return null;
  const { id, compound_id: compound } = found.properties;
  return { kind: 'gate', id, compound };
}

/** The compound whose box holds the place or is nearest to it; of several, the one with the nearest middle. */
export function compoundNear(compounds: CompoundFeature[], at: LonLat): string | null {
  const found = nearestOf(compounds, compoundReachMetres, ({ geometry }) => {
    const box = boxOf([geometry]);
    const centre = centreOf(geometry);
    if (!box || !centre) return Infinity;
    const outside = metresToBox(at, box);
    const [lon, lat] = centre;
    // Inside of its box it is nearer than any outside, by its middle.
    return outside > 0 ? outside : metresBetween(at, { lon, lat }) * 1e-6;
  });
  return found?.properties.id ?? null;
}

function nearestOf<T>(things: T[], withinMetres: number, metres: (thing: T) => number): T | null {
  let [nearest, least]: [T | null, number] = [null, withinMetres];
  for (const thing of things) {
    const away = metres(thing);
    if (away <= least) [nearest, least] = [thing, away];
  }
  return nearest;
}
