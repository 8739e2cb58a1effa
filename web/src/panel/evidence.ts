import type { Settings } from '../api/types';
import { h } from '../base/dom';
import { aboutPeople, isComplete, shareWords } from '../city/evidence';
import type { CitySummary, LineSummary } from '../city/summary';
import type { Words } from '../city/words';
import { fill, number } from '../i18n/format';
import { named, sentence, type Messages } from '../i18n';

/** The switch 按地图所示: judge as if the map were complete. */
export function basisSwitch(
  asMapped: boolean,
  text: Messages,
  change: (on: boolean) => void,
): HTMLElement {
  const check = h('input', { type: 'checkbox', id: 'as-mapped', checked: asMapped });
  check.addEventListener('change', () => change(check.checked));
  return h(
    'label',
    { class: 'basis' },
    check,
    h('b', {}, text.asMapped),
    h('span', { class: 'quiet' }, text.asMappedWhat),
  );
}

/** Maximum number of lines that the sentence names; with more, it gives their number. */
const namedLines = 6;

/** How complete the data is, in one sentence. */
export function knowsSentence(summary: CitySummary, { lang, text }: Words): HTMLElement | null {
  const measured = summary.lines.filter(({ line }) => line.measurable !== false);
  if (measured.length === 0 || summary.compounds.length === 0) return null;
  const isJudged = ({ source }: LineSummary): boolean => isComplete(source, summary.evidence);
  const judged = measured.filter(isJudged);
  const open = measured.filter((line) => !isJudged(line));
  const { asMapped } = summary.evidence;
  const many = measured.length > namedLines;
  const template = ((): string => {
    if (open.length === 0) return asMapped ? '' : text.knowsAll;
    if (asMapped) return many ? text.knowsManyMapped : text.knowsMapped;
    if (many) return text.knowsMany;
    return judged.length > 0 ? text.knowsSome : text.knowsNone;
  })();
  if (!template) return null;
  const names = judged.map(({ line }) => named(line, lang));
  const shares = open.map(({ line, source }) => `${named(line, lang)} ${shareWords(source, text)}`);
  const nodes = sentence(template, {
    judged: many ? `${judged.length}` : listOf(names, text),
    open: many ? `${open.length}` : listOf(shares, text),
  });
  return h('p', { class: 'quiet', id: 'knows' }, ...nodes);
}

/** A list that wraps between items, not within them. */
function listOf(words: string[], text: Messages): HTMLElement {
  const last = words.length - 1;
  const parts = words.flatMap((word, at) => [
    h('span', { class: 'unbroken' }, word),
    at < last && text.listSeparator,
  ]);
  return h('span', {}, ...parts);
}

const bringsShown = 3;

/** The own files that would decide the verdicts of the most residents. */
export function bringList(
  { bring, lines }: CitySummary,
  { categories }: Settings,
  { lang, text }: Words,
): HTMLElement | null {
  if (bring.length === 0) return null;
  const nameOf = (id: string): string => {
    const category = categories.find((it) => it.id === id);
    return category ? named(category, lang) : id;
  };
  const rows = bring.map(({ category, categories: ids, compounds, residents }) => {
    const line = lines.find(({ column }) => column.category === category)?.line;
    const title = line ? named(line, lang) : nameOf(category);
    const list = ids.map(nameOf).join(text.listSeparator);
    const affects =
      residents > 0
        ? fill(text.bringAffects, { people: aboutPeople(residents, lang, text) })
        : fill(text.bringCompounds, { n: number(compounds, lang) });
    return h(
      'li',
      { 'data-category': category },
      h(
        'span',
        { class: 'bring-name' },
        h('b', {}, title),
        list && list !== title && h('span', { class: 'quiet' }, list),
      ),
      h('span', { class: 'quiet bring-affects' }, affects),
    );
  });
  const rest = rows.slice(bringsShown);
  return h(
    'details',
    { class: 'bring', id: 'bring', open: true },
    h('summary', {}, text.bring),
    h('ul', {}, ...rows.slice(0, bringsShown)),
    rest.length > 0 &&
      h(
        'details',
        { class: 'more-bars' },
        h('summary', {}, text.moreLines(rest.length)),
        h('ul', {}, ...rest),
      ),
  );
}

/** What to do if the city has no compounds. */
export function noCompounds(text: Messages): HTMLElement {
  return h(
    'section',
    { class: 'notice', id: 'answer' },
    h('p', { class: 'notice-title' }, text.noCompounds),
    h('ol', { class: 'next-steps' }, ...text.noCompoundsNext.map((step) => h('li', {}, step))),
  );
}

/** Marks a figure from incomplete data. */
export function completenessMark(words: string): HTMLElement {
  return h('span', { class: 'completeness' }, words);
}
