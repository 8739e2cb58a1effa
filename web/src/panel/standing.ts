import type { Category, CoverageFeature, Settings } from '../api-types';
import { bandCount } from '../coverage';
import { h, svg } from '../dom';
import { fill, metres, minutesUp, number } from '../format';
import { named, type Messages } from '../i18n';
import type { LineStanding } from '../place';
import type { Lang } from '../state';

interface Words {
  lang: Lang;
  text: Messages;
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
const telling = ['only_through_closed', 'on_island', 'impassable', 'closed_at_hour', 'no_path'];

function explain(standing: LineStanding, setMinutes: number, { lang, text }: Words): string {
  const name = standing.nearestName;
  const { line, reason } = standing;
  if (standing.verdict === 'unknown' || standing.verdict === '') {
    return reason && reason !== 'no_source' ? (text.reasons[reason] ?? text.noData) : text.noData;
  }
  if (standing.verdict === 'gap') {
    const why = telling.includes(reason) ? `\n${text.reasons[reason] ?? ''}` : '';
    const none =
      line.radius_metres === undefined
        ? fill(text.within, { minutes: line.minutes ?? setMinutes })
        : fill(text.withinMetres, { metres: line.radius_metres });
    if (standing.seconds === null) return none + why;
    const min = number(minutesUp(standing.seconds), lang);
    const beyond = name
      ? fill(text.nearestBeyond, { name, min })
      : fill(text.nearestBeyondUnnamed, { min });
    return none + text.clause + beyond + why;
  }
  const counts = standing.counts.map(({ minutes: m, count }) =>
    fill(text.countsWithin, { m, n: number(count, lang) }),
  );
  const nearest = name ? [fill(text.nearest, { name })] : [];
  return [...nearest, counts.join(text.countSeparator)].join('\n');
}

function standingRow(standing: LineStanding, minutes: number, words: Words): HTMLElement {
  const { verdict, seconds } = standing;
  return h(
    'li',
    {
      class: `standing ${verdict || 'unknown'}`,
      title: standing.reason ? (words.text.reasons[standing.reason] ?? null) : null,
    },
    mark(verdict),
    h('span', { class: 'row-name' }, named(standing.line, words.lang)),
    verdict === 'covered' && seconds !== null
      ? minutesAndMetres(seconds, standing.metres, words)
      : h('span'),
    h('span', { class: 'row-note' }, explain(standing, minutes, words)),
  );
}

const manyLines = 10;
const order: Record<string, number> = { gap: 0, covered: 1 };

/** Of a long list what is missing comes first, and what the map cannot tell is folded away. */
function standingRows(list: LineStanding[], minutes: number, words: Words): HTMLElement[] {
  const rows = (some: LineStanding[]): HTMLElement =>
    h('ul', { class: 'standings' }, ...some.map((item) => standingRow(item, minutes, words)));
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
      h('summary', {}, words.text.unknownStandings(unknown.length)),
      rows(unknown),
    ),
  ];
}

export function standingList(
  list: LineStanding[],
  minutes: number,
  title: string,
  words: Words,
): HTMLElement {
  return h('section', {}, h('h2', {}, title), ...standingRows(list, minutes, words));
}

function categoryRow(
  category: Category,
  coverage: CoverageFeature,
  bands: number[],
  { lang, text }: Words,
): HTMLElement | null {
  const entry = coverage.properties.coverage[category.id];
  if (!entry) return null;
  const unknown = entry.verdict === 'unknown' || (category.facilities === 0 && !entry.walk_seconds);
  const nearest = entry.walk_seconds === null ? '—' : number(minutesUp(entry.walk_seconds), lang);
  const cells = unknown
    ? [h('td', { class: 'none', colspan: bands.length + 1 }, text.noData)]
    : [
        h('td', {}, nearest),
        ...bands.map((band) => {
          const count = bandCount(entry, band);
          return h('td', { class: count === 0 ? 'none' : null }, number(count, lang));
        }),
      ];
  return h('tr', {}, h('th', { scope: 'row' }, named(category, lang)), ...cells);
}

/** The nearest facility and the counts per band, for every category there is. */
export function categoryTable(
  coverage: CoverageFeature,
  settings: Settings,
  words: Words,
): HTMLElement | null {
  const { text } = words;
  const rows = settings.categories
    .map((category) => categoryRow(category, coverage, settings.bands, words))
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
          ...settings.bands.map((band) => h('th', { scope: 'col' }, `≤ ${band}`)),
        ),
      ),
      h('tbody', {}, ...rows),
    ),
  );
}
