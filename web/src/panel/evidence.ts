import type { Settings } from '../api-types';
import type { CitySummary, LineSummary } from '../coverage';
import { aboutPeople, carries, shareWords } from '../evidence';
import { h } from '../dom';
import { fill, number } from '../format';
import { named, sentence, type Messages } from '../i18n';
import type { Lang } from '../state';

interface Words {
  lang: Lang;
  text: Messages;
}

/** Judged as if the map were complete, or not; always in sight. */
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

/** More lines than this are counted, not named. */
const namedLines = 6;

/** How much the map knows, in one sentence. */
export function knowsSentence(summary: CitySummary, { lang, text }: Words): HTMLElement | null {
  const measured = summary.lines.filter(({ line }) => line.measurable !== false);
  if (measured.length === 0 || summary.compounds.length === 0) return null;
  const isCarried = ({ source }: LineSummary): boolean => carries(source, summary.evidence);
  const carried = measured.filter(isCarried);
  const open = measured.filter((line) => !isCarried(line));
  const { asMapped } = summary.evidence;
  const many = measured.length > namedLines;
  const template = ((): string => {
    if (open.length === 0) return asMapped ? '' : text.knowsAll;
    if (asMapped) return many ? text.knowsManyMapped : text.knowsMapped;
    if (many) return text.knowsMany;
    return carried.length > 0 ? text.knowsSome : text.knowsNone;
  })();
  if (!template) return null;
  const names = carried.map(({ line }) => named(line, lang));
  const shares = open.map(({ line, source }) => `${named(line, lang)} ${shareWords(source, text)}`);
  const nodes = sentence(template, {
    carried: many ? `${carried.length}` : listOf(names, text),
    open: many ? `${open.length}` : listOf(shares, text),
  });
  return h('p', { class: 'quiet', id: 'knows' }, ...nodes);
}

/** Lines break between the words, not inside them. */
function listOf(words: string[], text: Messages): HTMLElement {
  const last = words.length - 1;
  const parts = words.flatMap((word, at) => [
    h('span', { class: 'unbroken' }, word),
    at < last && text.listSeparator,
  ]);
  return h('span', {}, ...parts);
}

const bringsShown = 3;

/** The lists that would settle most people's verdicts. */
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

/** What to do about a city that has nothing to judge. */
export function noCompounds(text: Messages): HTMLElement {
  return h(
    'section',
    { class: 'notice', id: 'answer' },
    h('p', { class: 'notice-title' }, text.noCompounds),
    h('ol', { class: 'next-steps' }, ...text.noCompoundsNext.map((step) => h('li', {}, step))),
  );
}

/** The mark of what is not complete enough to be a fact. */
export function holdsMark(words: string): HTMLElement {
  return h('span', { class: 'holds' }, words);
}
