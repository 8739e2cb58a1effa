import type { Finding, UnitFeature } from '../api-types';
import { standingOf, type CitySummary, type CompoundSummary, type LineSummary } from '../coverage';
import { h, type Child } from '../dom';
import { carries, holdsWords, rangeWords } from '../evidence';
import { fill, metres, minutesUp, number } from '../format';
import type { Messages } from '../i18n';
import { compoundWords } from '../panel/city';
import type { Lang } from '../state';
import { findingHelp, findingKind, findingName, reasonWords, unitLine, unitName } from './rows';

interface Words {
  lang: Lang;
  text: Messages;
}

const titled = (title: (string | undefined)[], said: string): Child[] => [
  h('b', {}, title.filter(Boolean).join(' · ')),
  h('p', {}, said),
];

export function describeFinding(finding: Finding | undefined, { text }: Words): Child[] | null {
  if (!finding) return null;
  return titled(
    [findingKind(finding, text), findingName(finding, text)],
    findingHelp(finding, text),
  );
}

export function describeUnit(unit: UnitFeature | undefined, { lang, text }: Words): Child[] | null {
  const line = unit && unitLine(unit);
  if (!unit || !line) return null;
  const counts = (['covered', 'gap', 'unknown'] as const).map(
    (verdict) => `${text.verdicts[verdict]} ${number(line[`compounds_${verdict}`], lang)}`,
  );
  const { compounds_share_proven: proven, compounds_share_possible: possible } = line;
  const share =
    proven === null || possible === null ? '' : rangeWords(proven, possible, line.compounds_share);
  return titled([unitName(unit, { text }), share], counts.join(' · '));
}

/** How a compound stands on one line, or on all of them together. */
export function describeCompound(
  compound: CompoundSummary | undefined,
  summary: CitySummary,
  line: LineSummary | null,
  words: Words,
): Child[] | null {
  if (!compound) return null;
  const [name, standing] = compoundWords(compound, summary, words.lang, words.text);
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
      !carries(standing.source, summary.evidence) &&
      line.line.measurable !== false &&
      holdsWords(standing.source, text),
  ];
  return parts.filter(Boolean).join(' · ');
}
