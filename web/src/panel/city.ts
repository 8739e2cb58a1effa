import type { RuleSet } from '../api-types';
import { worstServed, type CitySummary, type CompoundSummary, type LineSummary } from '../coverage';
import { h } from '../dom';
import { fill, number, percent } from '../format';
import { named, placeName, sentence, type Messages } from '../i18n';
import type { Lang } from '../state';

interface CityContext {
  summary: CitySummary;
  rules: RuleSet;
  lang: Lang;
  text: Messages;
  pick: (compound: string) => void;
}

const pageSize = 8;

export function lineNames(lines: { zh: string; en: string }[], lang: Lang, text: Messages): string {
  return lines.map((line) => named(line, lang)).join(text.listSeparator);
}

function answer({ summary, rules, lang, text }: CityContext): HTMLElement {
  const big = (value: number): HTMLElement => h('b', { class: 'hero' }, number(value, lang));
  const minutes = `${rules.minutes}`;
  const nodes = ((): Node[] => {
    if (summary.compounds.length === 0) return sentence(text.noCompounds, {});
    if (summary.known === 0) return sentence(text.nothingKnown, {});
    if (summary.lacking === 0) {
      const total = h('b', { class: 'hero good' }, number(summary.judged, lang));
      return sentence(text.lackingNone, { total, minutes, kinds: text.kinds(summary.known) });
    }
    const n = big(summary.lacking);
    if (summary.few === null) return sentence(text.lackingOnly, { n, minutes });
    const few = h('b', { class: 'hero-second' }, number(summary.few, lang));
    return sentence(text.lacking, { n, minutes, few, limit: text.kinds(summary.fewLimit) });
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
        fill(text.unknownLines, { lines: lineNames(unknown, lang, text) }),
      ),
  );
}

function bar({ line, covered, gap, known }: LineSummary, context: CityContext): HTMLElement {
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
  return h(
    'li',
    { class: 'bar-row', title },
    label,
    h('span', { class: 'bar-track' }, filled),
    h('span', { class: 'bar-value' }, `${share}`, h('span', { class: 'unit' }, '%')),
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
        h('h2', {}, fill(text.byLine, { minutes: rules.minutes })),
        h('ul', { class: 'bars' }, ...summary.lines.map((line) => bar(line, context))),
      ),
    summary.known > 0 && worstList(context),
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
  return [name, compound.unknown ? text.legendUnknown : reached + lacks];
}
