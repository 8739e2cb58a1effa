import type { CoverageEntry, Facility, RuleLine, RuleSet, Source, Verdict } from '../api/types';
import { isComplete } from '../city/evidence';
import { areaNear, bandCount, lineEntry, type CitySummary } from '../city/summary';
import type { PlaceAnswer } from './answer';

/** The verdict on a place and one line, and its figures. */
export interface LineStanding {
  line: RuleLine;
  verdict: Verdict;
  nearestId: string | null;
  nearestName: string | null;
  seconds: number | null;
  metres: number | null;
  counts: { minutes: number; count: number }[];
  reason: string;
  /** Completeness in the place's area; `null` before the city's verdicts are loaded. */
  source: Source | null;
  /** Seconds from the worst of the candidate gates. */
  worst: number | null;
  /** The nearest facility of a category that does not meet the line and is listed beside it. */
  beside: { category: string | undefined; name: string | null; seconds: number } | null;
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

/** The category listed beside the line; unknown if there are several. */
function onlyBeside({ beside = [] }: RuleLine): string | undefined {
  return beside.length === 1 ? beside[0] : undefined;
}

/** Whether a walk meets the line's measure; `null` if only the server can judge the line. */
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
  complete: boolean,
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
    verdict: within ? 'covered' : within === false && complete ? 'gap' : 'unknown',
    nearestId: nearest?.id ?? null,
    nearestName: nearest?.name ?? null,
    seconds: nearest?.walk_seconds ?? null,
    metres: nearest?.walk_metres ?? null,
    counts: bands.map((band) => ({
      minutes: band,
      count: matching.filter(({ properties }) => properties.walk_seconds <= band * 60).length,
    })),
    reason: within || (within === false && complete) ? '' : unknown,
    source,
    worst: null,
    beside: beside
      ? { category: onlyBeside(line), name: beside.name, seconds: beside.walk_seconds }
      : null,
  };
}

/** One standing per line: the server's verdict for a compound, else computed from the facilities in reach. */
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
    const complete =
      !!summary && (summary.evidence.asMapped || isComplete(source ?? undefined, summary.evidence));
    return fromReach(line, reach.features, bands, rules, source, complete);
  });
}
