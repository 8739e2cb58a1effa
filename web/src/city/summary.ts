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
} from '../api/types';
import { centreOf } from '../base/geometry';
import { evidenceOf, type Evidence } from './evidence';

export interface LineSummary {
  line: RuleLine;
  column: VerdictColumn;
  covered: number;
  gap: number;
  unknown: number;
  /** Completeness in the whole city. */
  source: Source;
}

export interface CompoundSummary {
  /** Index into the lists of a line. */
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
  /** Number of lines with verdict covered. */
  reached: number;
  /** Lines with verdict gap. */
  missing: RuleLine[];
  /** Lines with verdict unknown. */
  open: RuleLine[];
  /** Every line is unknown. */
  unknown: boolean;
  /** Sum of the walks to the nearest facility of each missing line, in seconds; ranks compounds with equally many gaps. */
  distance: number;
}

export interface CitySummary {
  lines: LineSummary[];
  /** Number of measurable lines. */
  asked: number;
  compounds: CompoundSummary[];
  facilities: Verdicts['facilities'];
  /** Number of compounds with a gap. */
  lacking: number;
  /** Number of compounds without an unknown line. */
  decided: number;
  /** Number of compounds with a covered line. */
  reaching: number;
  evidence: Evidence;
  /** Completeness by category in the whole city. */
  categories: Verdicts['categories'];
  bring: Bring[];
  /** Index of the area that completeness is computed for, by row. */
  areaOf: number[];
}

/** The verdict on one compound and one line, and its figures. */
export interface Standing {
  verdict: Verdict;
  reason: string;
  seconds: number | null;
  metres: number | null;
  nearestId: string | null;
  nearestName: string | null;
  /** Number of facilities within the longest band. */
  count: number;
  /** Seconds from the worst of the candidate gates. */
  worst: number | null;
  /** Completeness in the compound's area. */
  source: Source;
}

const verdictOf: Record<string, Verdict> = { c: 'covered', g: 'gap', u: 'unknown' };

export function verdictAt(column: VerdictColumn, row: number): Verdict {
  return verdictOf[column.verdicts[row] ?? ''] ?? '';
}

const unknownSource: Source = { completeness: null, known: 0, expected: null };

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
    source: column.completeness[areaOf[row] ?? 0] ?? unknownSource,
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
  const source = column.completeness[0] ?? unknownSource;
  return { line, column, covered: covered!, gap: gap!, unknown: unknown!, source };
}

const isMeasured = ({ line }: LineSummary): boolean => line.measurable !== false;

/** Rank of a walk beyond the search limit, in seconds. */
const unreachedSeconds = 7200;

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
      distance += column.walk_seconds[row] ?? unreachedSeconds;
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

/** The compounds in the order of the verdicts; `null` if the two are not of the same compounds. */
export function joined(features: CompoundFeature[], verdicts: Verdicts): Compounds | null {
  const byId = new Map(features.map((feature) => [feature.properties.id, feature]));
  const ids = new Set(verdicts.compound_ids);
  if (ids.size !== verdicts.compound_ids.length || ids.size !== byId.size) return null;
  const inOrder = verdicts.compound_ids.flatMap((id) => byId.get(id) ?? []);
  return inOrder.length === ids.size ? { type: 'FeatureCollection', features: inOrder } : null;
}

/** Summarises compounds that are in the order of `joined`. */
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

/** Named compounds with a gap, most gaps first, then the farthest from what is missing. */
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

/** Named compounds with a gap in one line, the farthest from it first. */
export function worstServedBy({ column }: LineSummary, summary: CitySummary): CompoundSummary[] {
  const seconds = ({ row }: CompoundSummary): number =>
    column.walk_seconds[row] ?? unreachedSeconds;
  return summary.compounds
    .filter(({ generatedName, row }) => !generatedName && column.verdicts[row] === 'g')
    .sort((a, b) => seconds(b) - seconds(a) || a.name.localeCompare(b.name, 'zh'));
}

/** Whether any line has a measure of its own instead of the set's minutes. */
export function hasOwnLimits({ lines }: RuleSet): boolean {
  return lines.some(
    ({ minutes, radius_metres, one_per }) =>
      minutes !== undefined || radius_metres !== undefined || one_per !== undefined,
  );
}

/** The area whose completeness applies at a location: that of the nearest compound. */
export function areaNear({ compounds, areaOf }: CitySummary, lon: number, lat: number): number {
  const squeeze = Math.cos((lat * Math.PI) / 180);
  let nearest: CompoundSummary | null = null;
  let least = Infinity;
  for (const compound of compounds) {
    if (!compound.centre) continue;
    const [x, y] = [(compound.centre[0] - lon) * squeeze, compound.centre[1] - lat];
    const away = x * x + y * y;
    if (away < least) [nearest, least] = [compound, away];
  }
  return nearest ? (areaOf[nearest.row] ?? 0) : 0;
}
