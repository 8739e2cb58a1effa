import type { RuleLine, RuleSet } from '../api-types';
import {
  hasOwnLimits,
  standingOf,
  worstServed,
  worstServedBy,
  type CitySummary,
  type CompoundSummary,
  type LineSummary,
} from '../coverage';
import { h } from '../dom';
import { fill, minutesUp, number, percent } from '../format';
import { named, placeName, sentence, type Messages } from '../i18n';
import type { Lang } from '../state';

interface CityContext {
  summary: CitySummary;
  rules: RuleSet;
  /** The line that the city is coloured by. */
  line: LineSummary | null;
  lang: Lang;
  text: Messages;
  pick: (compound: string) => void;
  pickLine: (category: string | null) => void;
}

const pageSize = 8;

export function lineNames(lines: { zh: string; en: string }[], lang: Lang, text: Messages): string {
  return lines.map((line) => named(line, lang)).join(text.listSeparator);
}

/** What is asked for: so many minutes, or what the rule set says line by line. */
function withinWords(rules: RuleSet, lang: Lang, text: Messages): string {
  return hasOwnLimits(rules)
    ? fill(text.byRules, { rules: named(rules, lang) })
    : fill(text.limitMinutes, { n: rules.minutes });
}

/** More lines than this are counted, not named. */
const namedLines = 6;

function answer({ summary, rules, lang, text }: CityContext): HTMLElement {
  const big = (value: number): HTMLElement => h('b', { class: 'hero' }, number(value, lang));
  const limit = withinWords(rules, lang, text);
  const nodes = ((): Node[] => {
    if (summary.compounds.length === 0) return sentence(text.noCompounds, {});
    if (summary.known === 0) return sentence(text.nothingKnown, {});
    if (summary.lacking === 0) {
      const total = h('b', { class: 'hero good' }, number(summary.judged, lang));
      return sentence(text.lackingNone, { total, within: limit, kinds: text.kinds(summary.known) });
    }
    const n = big(summary.lacking);
    if (summary.few === null) return sentence(text.lackingOnly, { n, within: limit });
    const few = h('b', { class: 'hero-second' }, number(summary.few, lang));
    return sentence(text.lacking, { n, within: limit, few, limit: text.kinds(summary.fewLimit) });
  })();
  const unknown = summary.lines.filter((line) => !line.known).map(({ line }) => line);
  return h(
    'section',
    { class: 'answer' },
    h('p', { class: 'answer-sentence', id: 'answer' }, ...nodes),
    unknown.length > 0 &&
      summary.compounds.length > 0 &&
      h(
        'p',
        { class: 'quiet' },
        unknown.length > namedLines
          ? text.manyUnknownLines(unknown.length)
          : fill(text.unknownLines, { lines: lineNames(unknown, lang, text) }),
      ),
  );
}

function bar(summary: LineSummary, context: CityContext): HTMLElement {
  const { line, covered, gap, known, column } = summary;
  const { lang, text } = context;
  const label = h('span', { class: 'bar-label' }, named(line, lang));
  if (!known) {
    return h(
      'li',
      { class: 'bar-row unknown' },
      label,
      h('span', { class: 'bar-track hatched' }),
      h('span', { class: 'bar-note' }, text.noData),
    );
  }
  const share = percent(covered, covered + gap);
  const title = fill(text.share, {
    covered: number(covered, lang),
    total: number(covered + gap, lang),
  });
  const filled = h('span', { class: 'bar-fill' });
  filled.style.width = `${share}%`;
  const chosen = context.line === summary;
  return h(
    'li',
    { class: 'bar-row' },
    h(
      'button',
      {
        type: 'button',
        class: 'bar-button',
        id: `bar-${column.line}`,
        title,
        'aria-pressed': String(chosen),
        onclick: () => context.pickLine(chosen ? null : column.category),
      },
      label,
      h('span', { class: 'bar-track' }, filled),
      h('span', { class: 'bar-value' }, `${share}`, h('span', { class: 'unit' }, '%')),
    ),
  );
}

const barsShown = 10;

/** Those that are known, the least covered first where there are many; the rest on demand. */
function bars(context: CityContext): HTMLElement {
  const { summary, text, line } = context;
  const many = summary.lines.length > barsShown;
  const share = ({ covered, gap, known }: LineSummary): number =>
    known ? covered / (covered + gap) : 2;
  const lines = many ? [...summary.lines].sort((a, b) => share(a) - share(b)) : summary.lines;
  const list = (some: LineSummary[]): HTMLElement =>
    h('ul', { class: 'bars' }, ...some.map((one) => bar(one, context)));
  if (!many) return list(lines);
  const rest = lines.slice(barsShown);
  return h(
    'div',
    {},
    list(lines.slice(0, barsShown)),
    h(
      'details',
      { class: 'more-bars', open: !!line && rest.includes(line) },
      h('summary', {}, text.moreLines(rest.length)),
      list(rest),
    ),
  );
}

const bins = [5, 10, 15, 20, 25, 30];

/** How many compounds need how many minutes to the nearest: what a limit of a few minutes more would change. */
function histogram({ column }: LineSummary, { lang, text }: CityContext): HTMLElement {
  const counts = [...bins, Infinity].map(() => 0);
  for (const seconds of column.walk_seconds) {
    const place = bins.findIndex((minutes) => seconds !== null && seconds <= minutes * 60);
    counts[place < 0 ? bins.length : place]! += 1;
  }
  const most = Math.max(1, ...counts);
  const columns = counts.map((value, place) => {
    const stick = h('span', { class: 'stick' });
    stick.style.height = `${Math.round((value / most) * 56)}px`;
    const label = place < bins.length ? `≤${bins[place]}` : `>${bins.at(-1)}`;
    return h(
      'li',
      {},
      h('span', { class: 'stick-value' }, number(value, lang)),
      stick,
      h('span', {}, label),
    );
  });
  return h(
    'figure',
    { class: 'histogram' },
    h('figcaption', { class: 'quiet' }, text.histogram),
    h('ol', {}, ...columns),
  );
}

/** The standard that asks for it, and whether the figure was checked against its text. */
function sourceWords(rules: RuleSet, { confidence }: RuleLine, text: Messages): string {
  const check = confidence && confidence !== 'verified' ? text.toCheck : '';
  const from = rules.standard ? fill(text.sourceOf, { source: rules.standard }) : '';
  return [check, from].filter(Boolean).join(text.clauseEnd);
}

function lineSection(summary: LineSummary, context: CityContext): HTMLElement {
  const { lang, text, rules } = context;
  const { line, column, covered, gap } = summary;
  const limit = line.radius_metres
    ? fill(text.limitMetres, { n: line.radius_metres })
    : fill(text.limitMinutes, { n: line.minutes ?? rules.minutes });
  const sentenceNodes = sentence(text.lineSentence, {
    line: h('b', {}, named(line, lang)),
    limit,
    covered: number(covered, lang),
    gap: h('b', { class: 'hero-second' }, number(gap, lang)),
  });
  const worst = worstServedBy(summary, context.summary).slice(0, pageSize);
  const rows = worst.map((compound) => {
    const standing = standingOf(column, compound.row, context.summary.facilities);
    const why = text.reasons[standing.reason] ?? '';
    const nearest = standing.nearestName ? fill(text.nearest, { name: standing.nearestName }) : '';
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', class: 'row-button worst', onclick: () => context.pick(compound.id) },
        h(
          'span',
          { class: 'row-name' },
          placeName(compound.name, compound.nameEn, lang) ?? text.unnamed,
        ),
        h(
          'span',
          { class: 'row-number' },
          standing.seconds === null ? '—' : number(minutesUp(standing.seconds), lang),
          h('span', { class: 'unit' }, ` ${text.minutes}`),
        ),
        h('span', { class: 'row-note' }, [why, nearest].filter(Boolean).join(text.clause)),
      ),
    );
  });
  return h(
    'section',
    { id: 'line-section' },
    h('p', { class: 'answer-sentence' }, ...sentenceNodes),
    h('p', { class: 'quiet' }, sourceWords(rules, line, text)),
    histogram(summary, context),
    rows.length > 0 && h('h2', {}, text.farthest),
    h('ul', { class: 'rows' }, ...rows),
  );
}

function lacksWords(compound: CompoundSummary, context: CityContext): string {
  const { summary, lang, text } = context;
  return compound.missing.length === summary.known && summary.known > 1
    ? fill(text.allMissing, { kinds: text.kinds(summary.known) })
    : `${text.lacks}${lineNames(compound.missing, lang, text)}`;
}

function worstRow(compound: CompoundSummary, context: CityContext): HTMLElement {
  const { summary, lang, text, pick } = context;
  return h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'row-button worst', onclick: () => pick(compound.id) },
      h(
        'span',
        { class: 'row-name' },
        placeName(compound.name, compound.nameEn, lang) ?? text.unnamed,
      ),
      h(
        'span',
        { class: 'row-number' },
        `${compound.reached}`,
        h('span', { class: 'unit' }, ` / ${summary.known}`),
      ),
      h('span', { class: 'row-note' }, lacksWords(compound, context)),
    ),
  );
}

function worstList(context: CityContext): HTMLElement {
  const { text, summary } = context;
  const worst = worstServed(summary);
  const list = h('ul', { class: 'rows' });
  const more = h('button', { type: 'button', class: 'more' });
  let shown = 0;
  const showMore = (): void => {
    const next = worst.slice(shown, shown + pageSize);
    list.append(...next.map((compound) => worstRow(compound, context)));
    shown += next.length;
    const left = Math.min(pageSize, worst.length - shown);
    more.hidden = left <= 0;
    more.textContent = text.more(left);
  };
  more.addEventListener('click', showMore);
  showMore();
  return h(
    'section',
    {},
    h('h2', {}, text.worst),
    worst.length === 0 && h('p', { class: 'quiet' }, text.worstNone),
    list,
    more,
  );
}

export function cityView(context: CityContext): HTMLElement {
  const { summary, rules, text } = context;
  return h(
    'div',
    { class: 'view' },
    answer(context),
    summary.compounds.length > 0 &&
      h(
        'section',
        {},
        h(
          'h2',
          {},
          hasOwnLimits(rules) ? text.byLineOwn : fill(text.byLine, { minutes: rules.minutes }),
        ),
        bars(context),
      ),
    context.line ? lineSection(context.line, context) : summary.known > 0 && worstList(context),
  );
}

/** What the pointer says about a compound on the city map. */
export function compoundWords(
  compound: CompoundSummary,
  summary: CitySummary,
  lang: Lang,
  text: Messages,
): [name: string, standing: string] {
  const name = compound.generatedName
    ? text.unnamed
    : (placeName(compound.name, compound.nameEn, lang) ?? text.unnamed);
  const reached = fill(text.reachedOf, { reached: compound.reached, known: summary.known });
  const lacks = compound.missing.length
    ? ` · ${text.lacks}${lineNames(compound.missing, lang, text)}`
    : '';
  return [name, compound.unknown ? text.verdicts.unknown! : reached + lacks];
}
