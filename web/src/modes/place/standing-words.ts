/** The explanations of the verdicts on a place. */
import type { Settings } from '../../api/types';
import { isComplete, type Evidence } from '../../city/evidence';
import { gateRange, type Words } from '../../city/words';
import { fill, minutesUp, number } from '../../i18n/format';
import { named } from '../../i18n';
import type { LineStanding } from '../../place/standing';

export interface StandingContext extends Words {
  settings: Settings;
  /** `null` before the city's verdicts are loaded. */
  evidence: Evidence | null;
  /** The rule set's minutes. */
  minutes: number;
}

/** Reasons whose text is added to the minutes to the nearest facility. */
const addedReasons = ['only_through_closed', 'impassable', 'closed_at_hour'];

/** Whether the data on the line is incomplete, so that figures hold for the map only. */
export function isOnMapOnly({ source }: LineStanding, { evidence }: StandingContext): boolean {
  return source !== null && evidence !== null && !isComplete(source, evidence);
}

/** The reason, and the nearest known facility. */
function explainUnknown(standing: LineStanding, { lang, text }: Words): string {
  const { reason, seconds, worst, nearestName: name } = standing;
  const why = text.reasons[reason] ?? text.reasons.source_incomplete!;
  if (reason === 'not_measured') return why;
  if (reason === 'gate_unknown') {
    const nearest = name ? fill(text.nearest, { name }) : '';
    return [gateRange(seconds, worst, { lang, text }), nearest].filter(Boolean).join('\n');
  }
  const min = seconds === null ? '' : number(minutesUp(seconds), lang);
  const nearest = !min
    ? text.noneOnMap
    : name
      ? fill(text.nearestOnMap, { name, min })
      : fill(text.nearestOnMapUnnamed, { min });
  return `${why}\n${nearest}`;
}

function explainGap(standing: LineStanding, { lang, text, minutes }: StandingContext): string {
  const { line, reason, seconds, nearestName: name } = standing;
  const why = addedReasons.includes(reason) ? `\n${text.reasons[reason] ?? ''}` : '';
  const none =
    line.radius_metres === undefined
      ? fill(text.within, { minutes: line.minutes ?? minutes })
      : fill(text.withinMetres, { metres: line.radius_metres });
  if (seconds === null) return none + why;
  const min = number(minutesUp(seconds), lang);
  const beyond = name
    ? fill(text.nearestBeyond, { name, min })
    : fill(text.nearestBeyondUnnamed, { min });
  return none + text.clause + beyond + why;
}

function explainCovered(standing: LineStanding, context: StandingContext): string {
  const { lang, text } = context;
  const counts = standing.counts
    .map(({ minutes: m, count }) => fill(text.countsWithin, { m, n: number(count, lang) }))
    .join(text.countSeparator);
  const nearest = standing.nearestName ? [fill(text.nearest, { name: standing.nearestName })] : [];
  const found = isOnMapOnly(standing, context) ? fill(text.onMap, { what: counts }) : counts;
  return [...nearest, found].join('\n');
}

/** Why a line has its verdict, and what is nearest. */
export function explain(standing: LineStanding, context: StandingContext): string {
  if (standing.verdict === 'gap') return explainGap(standing, context);
  if (standing.verdict === 'covered') return explainCovered(standing, context);
  return explainUnknown(standing, context);
}

/** The nearest facility of a category listed beside the line: 最近医院 8 分钟. */
export function besideWords(
  { beside }: LineStanding,
  { settings, lang, text }: StandingContext,
): string {
  if (!beside) return '';
  const min = number(minutesUp(beside.seconds), lang);
  const kind = settings.categories.find(({ id }) => id === beside.category);
  if (!kind) return beside.name ? fill(text.besideOther, { name: beside.name, min }) : '';
  const what = fill(text.beside, { kind: named(kind, lang), min });
  return beside.name ? fill(text.named, { what, name: beside.name }) : what;
}
