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
  Source,
  Verdict,
} from './api-types';
import { bandCount, lineEntry, type CitySummary } from './coverage';
import { areaNear, carries } from './evidence';
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
  /** How complete the data is here; null where nothing is known of the city yet. */
  source: Source | null;
  /** From the worst of the gates that may be the true one. */
  worst: number | null;
  /** The nearest of what does not meet the line and is said beside it. */
  beside: { category: string | undefined; name: string | null; seconds: number } | null;
}

/** Facilities of no known group are shown together, last. */
export function facilityGroup({ properties }: Facility): string {
  return properties.group ?? otherGroup;
}

export function isOffNetwork(origin: Origin | null): boolean {
  return origin !== null && origin.status !== 'ok';
}

function fromEntry(line: RuleLine, entry: CoverageEntry, bands: number[]): LineStanding {
  const { completeness, known, expected, beside_name: name, beside_seconds } = entry;
  return {
    line,
    verdict: entry.verdict ?? '',
    nearestId: entry.nearest_facility_id,
    nearestName: entry.nearest_facility_name,
    seconds: entry.walk_seconds,
    metres: entry.walk_metres,
    counts: bands.map((minutes) => ({ minutes, count: bandCount(entry, minutes) })),
    reason: entry.reason ?? '',
    source: { completeness, known, expected },
    worst: entry.seconds_worst,
    beside:
      beside_seconds === null
        ? null
        : { category: onlyBeside(line), name, seconds: beside_seconds },
  };
}

/** Of several categories nobody says which one the nearest is of. */
function onlyBeside({ beside = [] }: RuleLine): string | undefined {
  return beside.length === 1 ? beside[0] : undefined;
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
  source: Source | null,
  carried: boolean,
): LineStanding {
  const of = (ids: string[]): Facility[] =>
    facilities.filter(({ properties }) => properties.categories.some((id) => ids.includes(id)));
  const matching = of(line.any_of);
  const nearest = matching[0]?.properties;
  const beside = of(line.beside ?? [])[0]?.properties;
  const within = nearest
    ? isWithin(line, rules, nearest.walk_seconds, nearest.walk_metres)
    : isWithin(line, rules, Infinity, Infinity);
  const unknown = within === null ? 'not_measured' : 'source_incomplete';
  return {
    line,
    verdict: within ? 'covered' : within === false && carried ? 'gap' : 'unknown',
    nearestId: nearest?.id ?? null,
    nearestName: nearest?.name ?? null,
    seconds: nearest?.walk_seconds ?? null,
    metres: nearest?.walk_metres ?? null,
    counts: bands.map((band) => ({
      minutes: band,
      count: matching.filter(({ properties }) => properties.walk_seconds <= band * 60).length,
    })),
    reason: within || (within === false && carried) ? '' : unknown,
    source,
    worst: null,
    beside: beside
      ? { category: onlyBeside(line), name: beside.name, seconds: beside.walk_seconds }
      : null,
  };
}

/** How the place stands on each line: the server's verdict for a compound, else from what is in reach. */
export function standings(
  answer: PlaceAnswer,
  rules: RuleSet,
  bands: number[],
  summary: CitySummary | null,
): LineStanding[] {
  const { origin, coverage, reach } = answer;
  const area = summary && origin ? areaNear(summary, origin.lon, origin.lat) : 0;
  return rules.lines.map((line) => {
    const entry = coverage && lineEntry(coverage.properties, line);
    if (entry) return fromEntry(line, entry, bands);
    const column = summary?.lines.find((other) => other.line === line)?.column;
    const source = column?.completeness[area] ?? null;
    const carried =
      !!summary && (summary.evidence.asMapped || carries(source ?? undefined, summary.evidence));
    return fromReach(line, reach.features, bands, rules, source, carried);
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
