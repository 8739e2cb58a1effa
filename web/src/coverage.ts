import type {
  CompoundFeature,
  Compounds,
  CoverageEntry,
  CoverageProperties,
  RuleLine,
  RuleSet,
  Verdict,
  VerdictColumn,
  Verdicts,
} from './api-types';
import { centreOf } from './geometry';

export interface LineSummary {
  line: RuleLine;
  column: VerdictColumn;
  covered: number;
  gap: number;
  unknown: number;
  /** False where most compounds have no verdict, because the data hardly holds such facilities. */
  known: boolean;
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
  residentsEstimated: boolean;
  centre: [number, number] | null;
  /** How many of the lines that can be judged are reached. */
  reached: number;
  missing: RuleLine[];
  /** Where so little is known about the lines that a colour would mislead. */
  unknown: boolean;
  /** Seconds to what is missing, to rank compounds that lack equally many. */
  distance: number;
  /** Nothing that is missing can be walked to at all: a hole in the map more often than in the city. */
  cutOff: boolean;
}

export interface CitySummary {
  lines: LineSummary[];
  /** How many lines can be judged at all. */
  known: number;
  compounds: CompoundSummary[];
  facilities: Verdicts['facilities'];
  judged: number;
  lacking: number;
  /** Compounds reaching `fewLimit` lines or fewer; null where that says nothing new. */
  few: number | null;
  fewLimit: number;
}

/** How one compound stands on one line. */
export interface Standing {
  verdict: Verdict;
  reason: string;
  seconds: number | null;
  metres: number | null;
  nearestId: number | null;
  nearestName: string | null;
  /** Facilities within the last band. */
  count: number;
}

const verdictOf: Record<string, Verdict> = { c: 'covered', g: 'gap', u: 'unknown' };

export function verdictAt(column: VerdictColumn, row: number): Verdict {
  return verdictOf[column.verdicts[row] ?? ''] ?? '';
}

export function standingOf(
  column: VerdictColumn,
  row: number,
  names: Verdicts['facilities'],
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
  const known = (covered! + gap!) * 2 > column.verdicts.length;
  return { line, column, covered: covered!, gap: gap!, unknown: unknown!, known };
}

const farAway = 7200;

function summariseCompound(
  { geometry, properties }: CompoundFeature,
  row: number,
  judgeable: LineSummary[],
): CompoundSummary {
  const missing: RuleLine[] = [];
  let reached = 0;
  let distance = 0;
  let cutOff = judgeable.length > 0;
  for (const { line, column } of judgeable) {
    const verdict = column.verdicts[row];
    if (verdict === 'c') reached += 1;
    else if (verdict === 'g') {
      missing.push(line);
      distance += column.walk_seconds[row] ?? farAway;
    }
    cutOff &&= verdict === 'g' && column.reasons[row] === 'no_path';
  }
  const known = judgeable.length;
  return {
    row,
    id: properties.id,
    name: properties.name,
    nameEn: properties.name_en,
    generatedName: properties.generated_name,
    district: properties.district,
    subdistrict: properties.subdistrict,
    residents: properties.residents,
    residentsEstimated: properties.population_from === 'estimate',
    centre: centreOf(geometry),
    reached,
    missing,
    unknown: (reached + missing.length) * 2 < known || known === 0,
    distance,
    cutOff,
  };
}

export function summarise(
  { features }: Compounds,
  verdicts: Verdicts,
  rules: RuleSet,
): CitySummary {
  const lines = verdicts.lines
    .map((column) => summariseLine(column, rules))
    .filter((line) => line !== null);
  const judgeable = lines.filter((summary) => summary.known);
  const known = judgeable.length;
  const compounds = features.map((feature, row) => summariseCompound(feature, row, judgeable));
  const judged = compounds.filter((compound) => !compound.unknown);
  const lacking = judged.filter((compound) => compound.missing.length > 0).length;
  const fewLimit = Math.floor(known / 2);
  const few = judged.filter((compound) => compound.reached <= fewLimit).length;
  return {
    lines,
    known,
    compounds,
    facilities: verdicts.facilities,
    judged: judged.length,
    lacking,
    few: known > 2 && few > 0 && few < lacking ? few : null,
    fewLimit,
  };
}

/** Named compounds that lack most, those farthest from what they lack first; not those that no way leads to. */
export function worstServed(summary: CitySummary): CompoundSummary[] {
  return summary.compounds
    .filter(
      ({ generatedName, unknown, cutOff, missing }) =>
        !generatedName && !unknown && !cutOff && missing.length,
    )
    .sort(
      (a, b) =>
        b.missing.length - a.missing.length ||
        b.distance - a.distance ||
        a.name.localeCompare(b.name, 'zh'),
    );
}

/** Named compounds that lack one line, those farthest from it first. */
export function worstServedBy({ column }: LineSummary, summary: CitySummary): CompoundSummary[] {
  const seconds = ({ row }: CompoundSummary): number => column.walk_seconds[row] ?? farAway;
  return summary.compounds
    .filter(
      ({ generatedName, row }) =>
        !generatedName && column.verdicts[row] === 'g' && column.reasons[row] !== 'no_path',
    )
    .sort((a, b) => seconds(b) - seconds(a) || a.name.localeCompare(b.name, 'zh'));
}

/** Whether lines ask for walks of their own, so that the set's minutes do not say it all. */
export function hasOwnLimits({ lines }: RuleSet): boolean {
  return lines.some(
    ({ minutes, radius_metres, one_per }) =>
      minutes !== undefined || radius_metres !== undefined || one_per !== undefined,
  );
}

/** Which step of a scale with `steps` colours stands for `reached` out of `known` lines. */
export function scaleStep(reached: number, known: number, steps: number): number {
  if (known === 0) return 0;
  return Math.round((Math.min(reached, known) / known) * (steps - 1));
}
