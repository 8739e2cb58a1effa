import type { Feature, FeatureCollection } from 'geojson';
import type {
  Bands,
  Category,
  CoverageEntry,
  CoverageFeature,
  Facility,
  Origin,
  Reach,
  RuleLine,
  RuleSet,
  Verdict,
} from './api-types';
import { bandCount, lineEntry, type CitySummary } from './coverage';
import { rimLabel } from './geometry';
import { iconOf } from './icons';
import type { PlaceData } from './map/view';

/** Everything fetched about one place. */
export interface PlaceAnswer {
  discs: Bands;
  rings: Bands;
  reach: Reach;
  /** Only a compound has coverage. */
  coverage: CoverageFeature | null;
  origin: Origin | null;
}

export const otherGroup = 'other';

export interface LineStanding {
  line: RuleLine;
  verdict: Verdict;
  nearestId: string | null;
  nearestName: string | null;
  seconds: number | null;
  metres: number | null;
  counts: { minutes: number; count: number }[];
  reason: string;
}

/** Facilities of no known group are shown together, last. */
export function facilityGroup({ properties }: Facility): string {
  return properties.group ?? otherGroup;
}

export function isOffNetwork(origin: Origin | null): boolean {
  return origin !== null && origin.status !== 'ok';
}

function fromEntry(line: RuleLine, entry: CoverageEntry, bands: number[]): LineStanding {
  return {
    line,
    verdict: entry.verdict,
    nearestId: entry.nearest_facility_id,
    nearestName: entry.nearest_facility_name,
    seconds: entry.walk_seconds,
    metres: entry.walk_metres,
    counts: bands.map((minutes) => ({ minutes, count: bandCount(entry, minutes) })),
    reason: entry.reason,
  };
}

/** Whether a walk is within what a line asks for; null where only the server can tell. */
function isWithin(line: RuleLine, rules: RuleSet, seconds: number, metres: number): boolean | null {
  const beyondPoints = [line.one_per, line.smallest_square_metres, line.smallest_hectares];
  if (line.measurable === false || beyondPoints.some((limit) => limit !== undefined)) return null;
  if (line.radius_metres !== undefined) return metres <= line.radius_metres;
  return seconds <= (line.minutes ?? rules.minutes) * 60;
}

function fromReach(
  line: RuleLine,
  facilities: Facility[],
  bands: number[],
  rules: RuleSet,
  known: boolean,
): LineStanding {
  const matching = facilities.filter(({ properties }) =>
    properties.categories.some((id) => line.any_of.includes(id)),
  );
  const nearest = matching[0]?.properties;
  const within = nearest
    ? isWithin(line, rules, nearest.walk_seconds, nearest.walk_metres)
    : isWithin(line, rules, Infinity, Infinity);
  return {
    line,
    verdict: within ? 'covered' : within === false && known ? 'gap' : 'unknown',
    nearestId: nearest?.id ?? null,
    nearestName: nearest?.name ?? null,
    seconds: nearest?.walk_seconds ?? null,
    metres: nearest?.walk_metres ?? null,
    counts: bands.map((band) => ({
      minutes: band,
      count: matching.filter(({ properties }) => properties.walk_seconds <= band * 60).length,
    })),
    reason: '',
  };
}

/** How the place stands on each line: the server's verdict for a compound, else from what is in reach. */
export function standings(
  answer: PlaceAnswer,
  rules: RuleSet,
  bands: number[],
  summary: CitySummary | null,
): LineStanding[] {
  return rules.lines.map((line) => {
    const entry = answer.coverage && lineEntry(answer.coverage.properties, line);
    if (entry) return fromEntry(line, entry, bands);
    const known = summary?.lines.find((other) => other.line === line)?.known ?? false;
    return fromReach(line, answer.reach.features, bands, rules, known);
  });
}

function ranked(bands: Bands, order: number[]): FeatureCollection {
  const features = bands.features
    .map((feature) => ({
      ...feature,
      properties: { ...feature.properties, index: order.indexOf(feature.properties.minutes) },
    }))
    .sort((a, b) => b.properties.minutes - a.properties.minutes);
  return { type: 'FeatureCollection', features };
}

function originFeatures(origin: Origin | null): FeatureCollection {
  if (!origin) return { type: 'FeatureCollection', features: [] };
  const point = (lon: number, lat: number, kind: string): Feature => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties: { kind },
  });
  const gates = origin.gates.map((gate) => point(gate.lon, gate.lat, 'gate'));
  const origins = origin.gates.length > 0 ? [] : [point(origin.lon, origin.lat, 'origin')];
  return { type: 'FeatureCollection', features: [...gates, ...origins] };
}

/** What the map draws of a place. */
export function placeData(
  { discs, rings, reach, origin }: PlaceAnswer,
  categories: Category[],
): PlaceData {
  const order = discs.features.map((disc) => disc.properties.minutes).sort((a, b) => a - b);
  const labels = discs.features
    .map((disc) => {
      const index = order.indexOf(disc.properties.minutes);
      const label = rimLabel(disc, index % 2 === 1);
      return label && { ...label, properties: { ...label.properties, index } };
    })
    .filter((label) => label !== null);
  const facilities = reach.features.map((facility) => ({
    ...facility,
    properties: {
      ...facility.properties,
      group: facilityGroup(facility),
      icon: iconOf(categories.find(({ id }) => id === facility.properties.category)),
    },
  }));
  return {
    bands: ranked(rings, order),
    discs: ranked(discs, order),
    'band-labels': { type: 'FeatureCollection', features: labels },
    facilities: { type: 'FeatureCollection', features: facilities },
    origin: originFeatures(origin),
  };
}
