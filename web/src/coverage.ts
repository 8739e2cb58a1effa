import type {
  Bring,
  CompoundFeature,
  Compounds,
  CoverageEntry,
  CoverageProperties,
  RuleLine,
  RuleSet,
  Source,
  Verdict,
  VerdictColumn,
  Verdicts,
} from './api-types';
import { evidenceOf, type Evidence } from './evidence';
import { centreOf } from './geometry';

export interface LineSummary {
  line: RuleLine;
  column: VerdictColumn;
  covered: number;
  gap: number;
  unknown: number;
  /** How complete its data is in the whole city. */
  source: Source;
}

export interface CompoundSummary {
  /** Its place in the lists of a line. */
  row: number;
  id: string;
  name: string;
  nameEn: string | null;
  generatedName: boolean;
  district: string | null;
  subdistrict: string | null;
  residents: number | null;
  /** The bounds of an estimate. */
  residentsRange: [low: number, high: number] | null;
  residentsEstimated: boolean;
  centre: [number, number] | null;
  /** How many lines it is proven to reach. */
  reached: number;
  /** The lines that it is proven to lack. */
  missing: RuleLine[];
  /** The lines that the data does not decide. */
  open: RuleLine[];
  /** Nothing is decided. */
  unknown: boolean;
  /** Seconds to what is missing, to rank compounds that lack equally many. */
  distance: number;
}

export interface CitySummary {
  lines: LineSummary[];
  /** How many lines a map can tell. */
  asked: number;
  compounds: CompoundSummary[];
  facilities: Verdicts['facilities'];
  /** Compounds with a proven gap. */
  lacking: number;
  /** Compounds of which every line is decided. */
  decided: number;
  /** Compounds that are proven to reach something. */
  reaching: number;
  evidence: Evidence;
  /** Of every category in the whole city. */
  categories: Verdicts['categories'];
  bring: Bring[];
  /** The area that completeness is judged in, by row. */
  areaOf: number[];
}

/** How one compound stands on one line. */
export interface Standing {
  verdict: Verdict;
  reason: string;
  seconds: number | null;
  metres: number | null;
  nearestId: string | null;
  nearestName: string | null;
  /** Facilities within the last band. */
  count: number;
  /** From the worst of the gates that may be the true one. */
  worst: number | null;
  /** How complete the data is where the compound lies. */
  source: Source;
}

const verdictOf: Record<string, Verdict> = { c: 'covered', g: 'gap', u: 'unknown' };

export function verdictAt(column: VerdictColumn, row: number): Verdict {
  return verdictOf[column.verdicts[row] ?? ''] ?? '';
}

/** Nobody knows what to expect. */
const noSource: Source = { completeness: null, known: 0, expected: null };

export function standingOf(
  column: VerdictColumn,
  row: number,
  { facilities: names, areaOf }: Pick<CitySummary, 'facilities' | 'areaOf'>,
): Standing {
  const nearestId = column.nearest_facility_ids[row] ?? null;
  return {
    verdict: verdictAt(column, row),
    reason: column.reasons[row] ?? '',
    seconds: column.walk_seconds[row] ?? null,
    metres: column.walk_metres[row] ?? null,
    nearestId,
    nearestName: nearestId === null ? null : (names[nearestId] ?? null),
    count: column.counts[row] ?? 0,
    worst: column.seconds_worst[row] ?? null,
    source: column.completeness[areaOf[row] ?? 0] ?? noSource,
  };
}

export function lineEntry(
  properties: CoverageProperties,
  line: RuleLine,
): CoverageEntry | undefined {
  const single = line.any_of.length === 1 ? line.any_of[0] : undefined;
  return properties.coverage[line.zh] ?? (single ? properties.coverage[single] : undefined);
}

export function bandCount(entry: CoverageEntry, minutes: number): number {
  return entry[`count_${minutes}min`] ?? 0;
}

function count(letters: string, letter: string): number {
  let found = 0;
  for (const one of letters) if (one === letter) found += 1;
  return found;
}

function summariseLine(column: VerdictColumn, rules: RuleSet): LineSummary | null {
  const line = rules.lines[column.line];
  if (!line) return null;
  const [covered, gap, unknown] = ['c', 'g', 'u'].map((letter) => count(column.verdicts, letter));
  const source = column.completeness[0] ?? noSource;
  return { line, column, covered: covered!, gap: gap!, unknown: unknown!, source };
}

const isMeasured = ({ line }: LineSummary): boolean => line.measurable !== false;

const farAway = 7200;

function summariseCompound(
  { geometry, properties }: CompoundFeature,
  row: number,
  lines: LineSummary[],
): CompoundSummary {
  const missing: RuleLine[] = [];
  const open: RuleLine[] = [];
  let reached = 0;
  let distance = 0;
  for (const { line, column } of lines) {
    const verdict = column.verdicts[row];
    if (verdict === 'c') reached += 1;
    else if (verdict === 'g') {
      missing.push(line);
      distance += column.walk_seconds[row] ?? farAway;
    } else open.push(line);
  }
  const { residents_low: low, residents_high: high } = properties;
  return {
    row,
    id: properties.id,
    name: properties.name,
    nameEn: properties.name_en,
    generatedName: properties.generated_name,
    district: properties.district,
    subdistrict: properties.subdistrict,
    residents: properties.residents,
    residentsRange: typeof low === 'number' && typeof high === 'number' ? [low, high] : null,
    residentsEstimated: properties.population_from === 'estimate',
    centre: centreOf(geometry),
    reached,
    missing,
    open,
    unknown: reached + missing.length === 0,
    distance,
  };
}

/** The compounds in the order of the verdicts; null where they are not of the same compounds. */
export function joined(features: CompoundFeature[], verdicts: Verdicts): Compounds | null {
  const byId = new Map(features.map((feature) => [feature.properties.id, feature]));
  const ids = new Set(verdicts.compound_ids);
  if (ids.size !== verdicts.compound_ids.length || ids.size !== byId.size) return null;
  const inOrder = verdicts.compound_ids.flatMap((id) => byId.get(id) ?? []);
  return inOrder.length === ids.size ? { type: 'FeatureCollection', features: inOrder } : null;
}

/** Compounds as `joined` puts them. */
export function summarise(
  { features }: Compounds,
  verdicts: Verdicts,
  rules: RuleSet,
): CitySummary {
  const lines = verdicts.lines
    .map((column) => summariseLine(column, rules))
    .filter((line) => line !== null);
  const measured = lines.filter(isMeasured);
  const compounds = features.map((feature, row) => summariseCompound(feature, row, measured));
  const many = (is: (compound: CompoundSummary) => boolean): number => compounds.filter(is).length;
  return {
    lines,
    asked: measured.length,
    compounds,
    facilities: verdicts.facilities,
    lacking: many(({ missing }) => missing.length > 0),
    decided: many(({ open }) => open.length === 0),
    reaching: many(({ reached }) => reached > 0),
    evidence: evidenceOf(verdicts),
    categories: verdicts.categories,
    bring: verdicts.bring,
    areaOf: verdicts.area_of,
  };
}

/** Named compounds that are proven to lack most, those farthest from what they lack first. */
export function worstServed(summary: CitySummary): CompoundSummary[] {
  return summary.compounds
    .filter(({ generatedName, missing }) => !generatedName && missing.length > 0)
    .sort(
      (a, b) =>
        b.missing.length - a.missing.length ||
        b.distance - a.distance ||
        a.name.localeCompare(b.name, 'zh'),
    );
}

/** Named compounds that are proven to lack one line, those farthest from it first. */
export function worstServedBy({ column }: LineSummary, summary: CitySummary): CompoundSummary[] {
  const seconds = ({ row }: CompoundSummary): number => column.walk_seconds[row] ?? farAway;
  return summary.compounds
    .filter(({ generatedName, row }) => !generatedName && column.verdicts[row] === 'g')
    .sort((a, b) => seconds(b) - seconds(a) || a.name.localeCompare(b.name, 'zh'));
}

/** Whether lines ask for walks of their own, so that the set's minutes do not say it all. */
export function hasOwnLimits({ lines }: RuleSet): boolean {
  return lines.some(
    ({ minutes, radius_metres, one_per }) =>
      minutes !== undefined || radius_metres !== undefined || one_per !== undefined,
  );
}
