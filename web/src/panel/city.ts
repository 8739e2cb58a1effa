import type { RuleLine, RuleSet, Settings } from '../api/types';
import { h } from '../base/dom';
import { completenessWords, isComplete, rangeWords, sharesOf } from '../city/evidence';
import {
  hasOwnLimits,
  standingOf,
  worstServed,
  worstServedBy,
  type CitySummary,
  type CompoundSummary,
  type LineSummary,
} from '../city/summary';
import { lineNames, openWords } from '../city/words';
import { fill, minutesUp, number } from '../i18n/format';
import { named, placeName, sentence, type Messages } from '../i18n';
import type { Lang } from '../i18n/lang';
import { bringList, completenessMark, knowsSentence, noCompounds } from './evidence';

interface CityContext {
  summary: CitySummary;
  rules: RuleSet;
  settings: Settings;
  /** The line that the city is coloured by. */
  line: LineSummary | null;
  lang: Lang;
  text: Messages;
  pick: (compound: string) => void;
  pickLine: (category: string | null) => void;
}

const pageSize = 8;

/** The rule set's minutes, or its name if lines have measures of their own. */
function withinWords(rules: RuleSet, lang: Lang, text: Messages): string {
  return hasOwnLimits(rules)
    ? fill(text.byRules, { rules: named(rules, lang) })
    : fill(text.limitMinutes, { n: rules.minutes });
}

function answer(context: CityContext): HTMLElement {
  const { summary, rules, lang, text } = context;
  const big = (value: number, kind: string): HTMLElement =>
    h('b', { class: kind }, number(value, lang));
  const within = withinWords(rules, lang, text);
  const { lacking, decided, reaching, compounds } = summary;
  const nodes = ((): Node[] => {
    if (lacking > 0) {
      return sentence(text.lacking, { n: big(lacking, 'hero'), within });
    }
    if (decided === compounds.length && summary.asked > 0) {
      const total = big(decided, 'hero good');
      return sentence(text.lackingNone, { total, within, kinds: text.kinds(summary.asked) });
    }
    if (reaching === 0) return sentence(text.nothingKnown, {});
    return sentence(text.reachingOnly, { n: big(reaching, 'hero good'), within });
  })();
  return h(
    'section',
    { class: 'answer' },
    h('p', { class: 'answer-sentence', id: 'answer' }, ...nodes),
    knowsSentence(summary, context),
  );
}

/** Shares of covered, unknown and gap. */
function stackedBar(covered: number, gap: number, unknown: number): HTMLElement {
  const all = Math.max(1, covered + gap + unknown);
  const part = (kind: string, count: number): HTMLElement | false => {
    if (count === 0) return false;
    const piece = h('span', { class: kind });
    piece.style.width = `${(count / all) * 100}%`;
    return piece;
  };
  return h(
    'span',
    { class: 'bar-track stacked' },
    part('bar-fill', covered),
    part('hatched', unknown),
    part('bar-gap', gap),
  );
}

function bar(summary: LineSummary, context: CityContext): HTMLElement {
  const { line, covered, gap, unknown, column, source } = summary;
  const { lang, text } = context;
  const shares = sharesOf(covered, gap, unknown);
  const counts = { covered, gap, unknown };
  const title = (['covered', 'gap', 'unknown'] as const)
    .map((verdict) => `${text.verdicts[verdict]} ${number(counts[verdict], lang)}`)
    .join(' · ');
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
      h(
        'span',
        { class: 'bar-label' },
        h('span', {}, named(line, lang)),
        !isComplete(source, context.summary.evidence) &&
          line.measurable !== false &&
          completenessMark(completenessWords(source, text)),
      ),
      stackedBar(covered, gap, unknown),
      h(
        'span',
        { class: 'bar-value' },
        shares ? rangeWords(shares.proven, shares.possible, shares.exact) : '',
      ),
    ),
  );
}

const barsShown = 10;

/**
 * Bars in the rule set's order. With more than `barsShown` lines, lines with mostly known verdicts come first, the least
 * covered at the top, and the rest is collapsed.
 */
function bars(context: CityContext): HTMLElement {
  const { summary, text, line } = context;
  const many = summary.lines.length > barsShown;
  const place = ({ covered, gap, unknown }: LineSummary): number =>
    covered + gap > unknown ? covered / (covered + gap) : 2 - (covered + gap) / (unknown + 1);
  const lines = many ? [...summary.lines].sort((a, b) => place(a) - place(b)) : summary.lines;
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

/** Number of compounds by minutes to the nearest facility: shows what another limit would change. */
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

/** The standard, and whether the figure still has to be checked against its text. */
function sourceWords(rules: RuleSet, { confidence }: RuleLine, text: Messages): string {
  const check = confidence && confidence !== 'verified' ? text.toCheck : '';
  const from = rules.standard ? fill(text.sourceOf, { source: rules.standard }) : '';
  return [check, from].filter(Boolean).join(text.clauseEnd);
}

function lineSection(summary: LineSummary, context: CityContext): HTMLElement {
  const { lang, text, rules } = context;
  const { line, column, covered, gap, unknown, source } = summary;
  const partial = !isComplete(source, context.summary.evidence);
  const limit = line.radius_metres
    ? fill(text.limitMetres, { n: line.radius_metres })
    : fill(text.limitMinutes, { n: line.minutes ?? rules.minutes });
  const template = text.lineSentence + (unknown > 0 ? text.lineOpen : '') + text.end;
  const sentenceNodes = sentence(template, {
    line: h('b', {}, named(line, lang)),
    limit,
    covered: number(covered, lang),
    gap: h('b', { class: gap > 0 ? 'hero-second' : null }, number(gap, lang)),
    n: number(unknown, lang),
  });
  const worst = worstServedBy(summary, context.summary).slice(0, pageSize);
  const rows = worst.map((compound) => {
    const standing = standingOf(column, compound.row, context.summary);
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
    partial && h('p', {}, completenessMark(completenessWords(source, text))),
    h('p', { class: 'quiet' }, sourceWords(rules, line, text)),
    histogram(summary, context),
    rows.length > 0 && h('h2', {}, text.farthest),
    h('ul', { class: 'rows' }, ...rows),
  );
}

function lacksWords(compound: CompoundSummary, { lang, text }: CityContext): string {
  const lacks = `${text.lacks}${lineNames(compound.missing, lang, text)}`;
  return [lacks, openWords(compound, text)].filter(Boolean).join(' · ');
}

function worstRow(compound: CompoundSummary, context: CityContext): HTMLElement {
  const { lang, text, pick } = context;
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
        `${compound.missing.length}`,
        h('span', { class: 'unit' }, ` ${text.lacksCount}`),
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
    worst.length === 0 && h('p', { class: 'quiet', id: 'worst-none' }, text.worstNone),
    list,
    more,
  );
}

export function cityView(context: CityContext): HTMLElement {
  const { summary, rules, settings, text } = context;
  if (summary.compounds.length === 0) return h('div', { class: 'view' }, noCompounds(text));
  return h(
    'div',
    { class: 'view' },
    answer(context),
    bringList(summary, settings, context),
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
    context.line ? lineSection(context.line, context) : worstList(context),
  );
}
