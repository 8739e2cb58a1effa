/** Tooltips of the map: one function per kind of target. */
import type { Finding, UnitFeature } from '../../api/types';
import { completenessWords, isComplete, rangeWords } from '../../city/evidence';
import { findingHelp, findingKind, findingName } from '../../city/findings';
import {
  standingOf,
  type CitySummary,
  type CompoundSummary,
  type LineSummary,
} from '../../city/summary';
import { unitLine, unitName } from '../../city/units';
import { compoundWords, type Words } from '../../city/words';
import { fill, metres, minutesUp, number } from '../../i18n/format';
import type { TipWords } from '../../map/pointer';
import { reasonWords } from './reason';

const titled = (title: (string | undefined)[], body: string): TipWords => ({
  title: title.filter(Boolean).join(' · '),
  body,
});

export function describeFinding(finding: Finding | undefined, { text }: Words): TipWords | null {
  if (!finding) return null;
  return titled(
    [findingKind(finding, text), findingName(finding, text)],
    findingHelp(finding, text),
  );
}

export function describeUnit(
  unit: UnitFeature | undefined,
  { lang, text }: Words,
): TipWords | null {
  const line = unit && unitLine(unit);
  if (!unit || !line) return null;
  const counts = (['covered', 'gap', 'unknown'] as const).map(
    (verdict) => `${text.verdicts[verdict]} ${number(line[`compounds_${verdict}`], lang)}`,
  );
  const { compounds_share_proven: proven, compounds_share_possible: possible } = line;
  const share =
    proven === null || possible === null ? '' : rangeWords(proven, possible, line.compounds_share);
  return titled([unitName(unit, text), share], counts.join(' · '));
}

/** The compound's verdict on one line, or its counts over all lines. */
export function describeCompound(
  compound: CompoundSummary | undefined,
  summary: CitySummary,
  line: LineSummary | null,
  words: Words,
): TipWords | null {
  if (!compound) return null;
  const [name, standing] = compoundWords(compound, summary, words);
  return titled([name], line ? lineWords(compound, summary, line, words) : standing);
}

function lineWords(
  compound: CompoundSummary,
  summary: CitySummary,
  line: LineSummary,
  { lang, text }: Words,
): string {
  const standing = standingOf(line.column, compound.row, summary);
  const walk =
    standing.seconds !== null &&
    standing.metres !== null &&
    fill(text.walk, {
      min: number(minutesUp(standing.seconds), lang),
      m: metres(standing.metres, lang),
    });
  const parts = [
    text.verdicts[standing.verdict || 'unknown'],
    walk,
    standing.nearestName,
    standing.verdict !== 'covered' && reasonWords(standing, { lang, text }),
    standing.verdict !== 'gap' &&
      !isComplete(standing.source, summary.evidence) &&
      line.line.measurable !== false &&
      completenessWords(standing.source, text),
  ];
  return parts.filter(Boolean).join(' · ');
}
