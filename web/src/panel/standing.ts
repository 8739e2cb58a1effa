import type { Category, CoverageFeature, Settings } from '../api/types';
import { h, svg } from '../base/dom';
import { completenessWords, isComplete, type Evidence } from '../city/evidence';
import { bandCount } from '../city/summary';
import { gateRange, type Words } from '../city/words';
import { fill, metres, minutesUp, number } from '../i18n/format';
import { named } from '../i18n';
import type { LineStanding } from '../place/standing';
import { completenessMark } from './evidence';

export interface StandingContext extends Words {
  settings: Settings;
  /** `null` before the city's verdicts are loaded. */
  evidence: Evidence | null;
  /** The rule set's minutes. */
  minutes: number;
}

const marks: Record<string, string> = {
  covered: 'M5 12.5l4.5 4.5L19 7.5',
  gap: 'M7 7l10 10M17 7 7 17',
  unknown: 'M9 9.5a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18h.01',
};

function mark(verdict: string): HTMLElement {
  const path = marks[verdict] ?? marks.unknown!;
  return h('span', { class: `mark ${verdict || 'unknown'}` }, svg('0 0 24 24', [path]));
}

export function minutesAndMetres(
  seconds: number,
  distance: number | null,
  { lang, text }: Words,
): HTMLElement {
  return h(
    'span',
    { class: 'walk' },
    h(
      'span',
      { class: 'walk-minutes' },
      number(minutesUp(seconds), lang),
      h('span', { class: 'unit' }, ` ${text.minutes}`),
    ),
    distance !== null &&
      h('span', { class: 'walk-metres' }, `${metres(distance, lang)} ${text.metres}`),
  );
}

/** Reasons whose text is added to the minutes to the nearest facility. */
const addedReasons = ['only_through_closed', 'impassable', 'closed_at_hour'];

/** Whether the data on the line is incomplete, so that figures hold for the map only. */
function isOnMapOnly({ source }: LineStanding, { evidence }: StandingContext): boolean {
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

function explain(standing: LineStanding, context: StandingContext): string {
  if (standing.verdict === 'gap') return explainGap(standing, context);
  if (standing.verdict === 'covered') return explainCovered(standing, context);
  return explainUnknown(standing, context);
}

/** The nearest facility of a category listed beside the line: 最近医院 8 分钟. */
function besideWords({ beside }: LineStanding, { settings, lang, text }: StandingContext): string {
  if (!beside) return '';
  const min = number(minutesUp(beside.seconds), lang);
  const kind = settings.categories.find(({ id }) => id === beside.category);
  if (!kind) return beside.name ? fill(text.besideOther, { name: beside.name, min }) : '';
  const what = fill(text.beside, { kind: named(kind, lang), min });
  return beside.name ? fill(text.named, { what, name: beside.name }) : what;
}

function standingRow(standing: LineStanding, context: StandingContext): HTMLElement {
  const { text, lang } = context;
  const { verdict, seconds, source, line } = standing;
  const beside = besideWords(standing, context);
  const partial = isOnMapOnly(standing, context) && line.measurable !== false;
  return h(
    'li',
    {
      class: `standing ${verdict || 'unknown'}`,
      title: standing.reason ? (text.reasons[standing.reason] ?? null) : null,
    },
    mark(verdict),
    h(
      'span',
      { class: 'row-name' },
      named(line, lang),
      partial && source && completenessMark(completenessWords(source, text)),
    ),
    verdict === 'covered' && seconds !== null
      ? minutesAndMetres(seconds, standing.metres, context)
      : h(
          'span',
          { class: 'walk quiet' },
          verdict === 'gap' ? '' : (text.verdicts[verdict || 'unknown'] ?? ''),
        ),
    h('span', { class: 'row-note' }, explain(standing, context)),
    beside && h('span', { class: 'row-note beside' }, beside),
  );
}

const manyLines = 10;
const order: Record<string, number> = { gap: 0, covered: 1 };

/** In a long list gaps come first and unknown lines are folded. */
function standingRows(list: LineStanding[], context: StandingContext): HTMLElement[] {
  const rows = (some: LineStanding[]): HTMLElement =>
    h('ul', { class: 'standings' }, ...some.map((item) => standingRow(item, context)));
  if (list.length <= manyLines) return [rows(list)];
  const place = ({ verdict }: LineStanding): number => order[verdict] ?? 2;
  const sorted = [...list].sort((a, b) => place(a) - place(b));
  const known = sorted.filter((item) => place(item) < 2);
  const unknown = sorted.slice(known.length);
  return [
    rows(known),
    h(
      'details',
      { class: 'more-bars' },
      h('summary', {}, context.text.unknownStandings(unknown.length)),
      rows(unknown),
    ),
  ];
}

export function standingList(
  list: LineStanding[],
  title: string,
  context: StandingContext,
): HTMLElement {
  return h('section', {}, h('h2', {}, title), ...standingRows(list, context));
}

function categoryRow(
  category: Category,
  coverage: CoverageFeature,
  bands: number[],
  { lang, text, evidence }: StandingContext,
): HTMLElement | null {
  const entry = coverage.properties.coverage[category.id];
  if (!entry) return null;
  const partial = evidence !== null && !isComplete(entry, evidence);
  const nearest = entry.walk_seconds === null ? '—' : number(minutesUp(entry.walk_seconds), lang);
  return h(
    'tr',
    { class: partial ? 'partial' : null, 'data-category': category.id },
    h(
      'th',
      { scope: 'row' },
      h('span', {}, named(category, lang)),
      partial && completenessMark(completenessWords(entry, text)),
    ),
    h('td', {}, nearest),
    ...bands.map((band) => {
      const count = bandCount(entry, band);
      // On an incomplete map, 0 does not mean that there is none.
      const words = partial && count === 0 ? '—' : number(count, lang);
      return h('td', { class: count === 0 ? 'none' : null }, words);
    }),
  );
}

/** Minutes to the nearest facility and counts per band for every category, counting what is on the map. */
export function categoryTable(
  coverage: CoverageFeature,
  bands: number[],
  context: StandingContext,
): HTMLElement | null {
  const { text, settings } = context;
  const rows = settings.categories
    .map((category) => categoryRow(category, coverage, bands, context))
    .filter((row) => row !== null);
  if (rows.length === 0) return null;
  return h(
    'details',
    { class: 'categories' },
    h('summary', {}, text.allCategories),
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, text.category),
          h('th', { scope: 'col' }, text.nearestShort),
          ...bands.map((band) => h('th', { scope: 'col' }, `≤ ${band}`)),
        ),
      ),
      h('tbody', {}, ...rows),
    ),
  );
}
