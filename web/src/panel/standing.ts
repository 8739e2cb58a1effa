import type { Category, CoverageFeature, Settings } from '../api-types';
import { bandCount } from '../coverage';
import { h, svg } from '../dom';
import { carries, holdsWords, type Evidence } from '../evidence';
import { fill, metres, minutesUp, number } from '../format';
import { named, type Messages } from '../i18n';
import type { LineStanding } from '../place';
import type { Lang } from '../state';
import { holdsMark } from './evidence';

interface Words {
  lang: Lang;
  text: Messages;
}

/** What a standing is told with. */
export interface StandingContext extends Words {
  settings: Settings;
  /** Null until the city's verdicts are there. */
  evidence: Evidence | null;
  /** Minutes that the rule set asks for. */
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

/** Reasons that say more than that the nearest is too far. */
const telling = ['only_through_closed', 'impassable', 'closed_at_hour'];

/** Whether what is said of a place is of the map alone. */
function isOnMapOnly({ source }: LineStanding, { evidence }: StandingContext): boolean {
  return source !== null && evidence !== null && !carries(source, evidence);
}

/** From the best to the worst of the gates that may be the true one. */
export function gateRange(best: number | null, worst: number | null, words: Words): string {
  if (best === null) return '';
  const { lang, text } = words;
  const minutes = (seconds: number): string => number(minutesUp(seconds), lang);
  return worst === null
    ? fill(text.gateRangeNoWay, { best: minutes(best) })
    : fill(text.gateRange, { best: minutes(best), worst: minutes(worst) });
}

/** Why nobody can tell, and the nearest that is known. */
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
  const why = telling.includes(reason) ? `\n${text.reasons[reason] ?? ''}` : '';
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
  const said = isOnMapOnly(standing, context) ? fill(text.onMap, { what: counts }) : counts;
  return [...nearest, said].join('\n');
}

function explain(standing: LineStanding, context: StandingContext): string {
  if (standing.verdict === 'gap') return explainGap(standing, context);
  if (standing.verdict === 'covered') return explainCovered(standing, context);
  return explainUnknown(standing, context);
}

/** What does not meet the line and is worth knowing all the same: 最近医院 8 分钟. */
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
      partial && source && holdsMark(holdsWords(source, text)),
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

/** Of a long list what is missing comes first, and what nobody can tell is folded away. */
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
  const partial = evidence !== null && !carries(entry, evidence);
  const nearest = entry.walk_seconds === null ? '—' : number(minutesUp(entry.walk_seconds), lang);
  return h(
    'tr',
    { class: partial ? 'partial' : null, 'data-category': category.id },
    h(
      'th',
      { scope: 'row' },
      h('span', {}, named(category, lang)),
      partial && holdsMark(holdsWords(entry, text)),
    ),
    h('td', {}, nearest),
    ...bands.map((band) => {
      const count = bandCount(entry, band);
      // None on a map that holds few is not none.
      const words = partial && count === 0 ? '—' : number(count, lang);
      return h('td', { class: count === 0 ? 'none' : null }, words);
    }),
  );
}

/** The nearest facility and the counts per band, for every category there is: of what is on the map, as the title says. */
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
