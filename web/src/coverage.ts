import type { Coverage, CoverageEntry, CoverageProperties, RuleLine, RuleSet } from './api-types';
import { centreOf } from './geometry';

export interface LineSummary {
  line: RuleLine;
  covered: number;
  gap: number;
  /** False where most compounds have no verdict, because the data hardly holds such facilities. */
  known: boolean;
}

export interface CompoundSummary {
  id: string;
  name: string;
  nameEn: string | null;
  generatedName: boolean;
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
  judged: number;
  lacking: number;
  /** Compounds reaching `fewLimit` lines or fewer; null where that says nothing new. */
  few: number | null;
  fewLimit: number;
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

function summariseLine(coverage: Coverage, line: RuleLine): LineSummary {
  let covered = 0;
  let gap = 0;
  for (const { properties } of coverage.features) {
    const verdict = lineEntry(properties, line)?.verdict;
    if (verdict === 'covered') covered += 1;
    else if (verdict === 'gap') gap += 1;
  }
  return { line, covered, gap, known: (covered + gap) * 2 > coverage.features.length };
}

const farAway = 7200;

export function summarise(coverage: Coverage, rules: RuleSet): CitySummary {
  const lines = rules.lines.map((line) => summariseLine(coverage, line));
  const judgeable = lines.filter((summary) => summary.known).map((summary) => summary.line);
  const known = judgeable.length;

  const compounds = coverage.features.map((feature): CompoundSummary => {
    const { properties } = feature;
    const missing: RuleLine[] = [];
    let reached = 0;
    let distance = 0;
    let cutOff = judgeable.length > 0;
    for (const line of judgeable) {
      const entry = lineEntry(properties, line);
      if (entry?.verdict === 'covered') reached += 1;
      else if (entry?.verdict === 'gap') {
        missing.push(line);
        distance += entry.walk_seconds ?? farAway;
      }
      cutOff &&= entry?.verdict === 'gap' && entry.reason === 'no_path';
    }
    return {
      id: properties.compound_id,
      name: properties.compound_name,
      nameEn: properties.compound_name_en,
      generatedName: properties.generated_name,
      centre: centreOf(feature.geometry),
      reached,
      missing,
      unknown: (reached + missing.length) * 2 < known || known === 0,
      distance,
      cutOff,
    };
  });

  const judged = compounds.filter((compound) => !compound.unknown);
  const lacking = judged.filter((compound) => compound.missing.length > 0).length;
  const fewLimit = Math.floor(known / 2);
  const few = judged.filter((compound) => compound.reached <= fewLimit).length;
  return {
    lines,
    known,
    compounds,
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

/** Which step of a scale with `steps` colours stands for `reached` out of `known` lines. */
export function scaleStep(reached: number, known: number, steps: number): number {
  if (known === 0) return 0;
  return Math.round((Math.min(reached, known) / known) * (steps - 1));
}
