/** The drawer's controls: one button per table, and what the table is computed with. */
import { h } from '../base/dom';
import { completenessWords, isComplete } from '../city/evidence';
import type { LineSummary } from '../city/summary';
import { named, type Messages } from '../i18n';
import type { Lang } from '../i18n/lang';
import { findingsTable } from '../state/choice';
import type { DrawerContext, DrawerHandlers } from './context';

export function levelName(id: string, zh: string, lang: Lang, text: Messages): string {
  return lang === 'en' ? (text.levels[id] ?? id) : zh;
}

/** One button per level, and one for the findings. */
export function tableButtons(
  { choice, table, lang, text }: DrawerContext,
  pick: DrawerHandlers['table'],
): HTMLElement[] {
  const button = (id: string, label: string): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        id: `tab-${id}`,
        'aria-pressed': String(id === table),
        onclick: () => pick(id),
      },
      label,
    );
  const levels = choice.settings.levels.filter(({ id }) => id !== 'city');
  return [
    ...levels.map(({ id, zh }) => button(id, levelName(id, zh, lang, text))),
    button(findingsTable, text.findings),
  ];
}

/** Rule set, line, colour and findings; none of them for the table of findings. */
export function tools(context: DrawerContext, handlers: DrawerHandlers): HTMLElement[] {
  const { choice, summary, line, table, findingsShown, lang, text } = context;
  if (table === findingsTable) return [];
  const sets = choice.settings.rule_sets.map((set) => ({ id: set.id, label: named(set, lang) }));
  // Incomplete data is marked wherever the line is named.
  const remark = ({ line: one, source }: LineSummary): string =>
    isComplete(source, summary.evidence) || one.measurable === false
      ? ''
      : completenessWords(source, text);
  const lines = summary.lines.map((one) => ({
    id: one.column.category,
    label: [named(one.line, lang), remark(one)].filter(Boolean).join(' · '),
  }));
  const chosen = line?.column.category ?? '';
  return [
    choice.asMapped && h('span', { class: 'basis-badge' }, text.asMapped),
    select('rules', text.rules, sets, choice.rules.id, handlers.rules),
    select('line', text.line, [{ id: '', label: text.allLines }, ...lines], chosen, (id) =>
      handlers.line(id || null),
    ),
    line && colourSwitch(context, handlers.colour),
    findingsCheck(findingsShown, text, handlers.findings),
  ].filter((part) => !!part);
}

interface Option {
  id: string;
  label: string;
}

function select(
  id: string,
  label: string,
  options: Option[],
  chosen: string,
  change: (id: string) => void,
): HTMLElement {
  const element = h('select', { id });
  for (const option of options) {
    element.append(h('option', { value: option.id, selected: option.id === chosen }, option.label));
  }
  element.addEventListener('change', () => change(element.value));
  return h(
    'label',
    { class: 'tool' },
    h('span', {}, label),
    h('span', { class: 'tool-select' }, element),
  );
}

function colourSwitch(
  { colour, text }: DrawerContext,
  change: DrawerHandlers['colour'],
): HTMLElement {
  const buttons = (['verdict', 'minutes'] as const).map((by) =>
    h(
      'button',
      {
        type: 'button',
        id: `colour-${by}`,
        'aria-pressed': String(by === colour),
        onclick: () => change(by),
      },
      text.colours[by],
    ),
  );
  return h(
    'div',
    { class: 'tool' },
    h('span', {}, text.colourBy),
    h('div', { class: 'switch', role: 'group', 'aria-label': text.colourBy }, ...buttons),
  );
}

function findingsCheck(
  shown: boolean,
  text: Messages,
  change: DrawerHandlers['findings'],
): HTMLElement {
  const check = h('input', { type: 'checkbox', id: 'findings-shown', checked: shown });
  check.addEventListener('change', () => change(check.checked));
  return h('label', { class: 'tool check' }, check, h('span', {}, text.findingsOnMap));
}
