import type { Category, Facility, Settings } from '../api/types';
import { h, svg, type Child } from '../base/dom';
import { fill, metres, minutesUp, number, octant } from '../i18n/format';
import { named, placeName, type Messages } from '../i18n';
import type { Lang } from '../i18n/lang';
import { iconPath } from '../look/icons';
import { facilityGroup } from '../place/answer';
import { minutesAndMetres } from './standing';

export interface FacilityContext {
  facilities: Facility[];
  settings: Settings;
  minutes: number;
  group: string | null;
  lang: Lang;
  text: Messages;
  pickGroup: (group: string | null) => void;
  highlight: (id: string | null) => void;
  pick: (id: string) => void;
}

const firstShown = 6;

export function facilityId(id: string): string {
  return `facility-${id}`;
}

export function categoryOf(settings: Settings, id: string | null): Category | undefined {
  return settings.categories.find((category) => category.id === id);
}

export function facilityTitle(
  { properties }: Facility,
  settings: Settings,
  lang: Lang,
  text: Messages,
): string {
  const category = categoryOf(settings, properties.category);
  return (
    placeName(properties.name, properties.name_en, lang) ??
    (category ? named(category, lang) : text.unnamedFacility)
  );
}

export function facilityWords(
  facility: Facility,
  settings: Settings,
  lang: Lang,
  text: Messages,
): [title: string, walk: string] {
  const { walk_seconds, walk_metres } = facility.properties;
  const walk = fill(text.walk, {
    min: number(minutesUp(walk_seconds), lang),
    m: metres(walk_metres, lang),
  });
  return [facilityTitle(facility, settings, lang, text), walk];
}

export function groupBadge(group: string, category: Category | undefined): HTMLElement {
  const badge = h('span', { class: 'badge' }, svg('0 0 24 24', [iconPath(category)]));
  badge.style.background = `var(--group-${group}, var(--page-muted))`;
  return badge;
}

function arrow(degrees: number, text: Messages): HTMLElement {
  const picture = svg('0 0 24 24', ['M12 20V5M6 11l6-6 6 6'], { class: 'arrow' });
  picture.style.transform = `rotate(${degrees}deg)`;
  const words = fill(text.direction, { direction: text.directions[octant(degrees)] ?? '' });
  return h(
    'span',
    { class: 'direction', title: words },
    picture,
    h('span', { class: 'visually-hidden' }, words),
  );
}

function row(facility: Facility, context: FacilityContext): HTMLElement {
  const { settings, lang, text, highlight, pick } = context;
  const { properties } = facility;
  const category = categoryOf(settings, properties.category);
  const title = facilityTitle(facility, settings, lang, text);
  const kind = category ? named(category, lang) : '';
  const button = h(
    'button',
    {
      type: 'button',
      class: 'row-button facility',
      id: facilityId(properties.id),
      'data-seconds': properties.walk_seconds,
      onclick: () => pick(properties.id),
    },
    groupBadge(facilityGroup(facility), category),
    h(
      'span',
      { class: 'row-text' },
      h('span', { class: 'row-name' }, title),
      kind !== title && h('span', { class: 'row-note' }, kind),
    ),
    minutesAndMetres(properties.walk_seconds, properties.walk_metres, context),
    arrow(properties.direction_degrees, text),
  );
  const on = (): void => highlight(properties.id);
  const off = (): void => highlight(null);
  button.addEventListener('pointerenter', on);
  button.addEventListener('focus', on);
  button.addEventListener('pointerleave', off);
  button.addEventListener('blur', off);
  return h('li', {}, button);
}

function groupName(id: string, context: FacilityContext): string {
  const { settings, lang, text } = context;
  const zh = settings.groups.find((group) => group.id === id)?.zh ?? text.other;
  return lang === 'en' ? (text.groupShort[id] ?? zh) : zh.replace('·', ' · ');
}

function groupSection(id: string, facilities: Facility[], context: FacilityContext): HTMLElement {
  const { text, group } = context;
  const limit = group === id ? Infinity : firstShown;
  const list = h('ul', { class: 'rows' });
  list.append(...facilities.slice(0, limit).map((facility) => row(facility, context)));
  const rest = facilities.slice(limit);
  const more = h('button', { type: 'button', class: 'more' }, text.more(rest.length));
  more.addEventListener('click', () => {
    const added = rest.map((facility) => row(facility, context));
    list.append(...added);
    more.remove();
    added[0]?.querySelector('button')?.focus();
  });
  return h(
    'section',
    { class: 'group', 'data-group': id },
    h(
      'h3',
      {},
      h('span', {}, groupName(id, context)),
      h('span', { class: 'quiet' }, text.places(facilities.length)),
    ),
    list,
    rest.length > 0 && more,
  );
}

function chips(counts: Map<string, number>, context: FacilityContext): HTMLElement {
  const { settings, text, group, pickGroup, lang } = context;
  const chip = (id: string | null, label: Child[], spoken: string, count: number): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        class: 'chip',
        'data-chip': id ?? 'all',
        'aria-pressed': String(group === id),
        'aria-label': `${spoken} ${count}`,
        title: spoken,
        disabled: count === 0,
        onclick: () => pickGroup(group === id ? null : id),
      },
      ...label,
    );
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return h(
    'div',
    { class: 'chips', role: 'group', 'aria-label': text.facilities },
    chip(null, [text.all], text.all, all),
    ...settings.groups.map(({ id, zh }) => {
      const name = lang === 'en' ? (text.groupShort[id] ?? zh) : zh;
      const short = text.groupShort[id] ?? zh.slice(0, 1);
      const dot = h('span', { class: 'dot' });
      dot.style.background = `var(--group-${id}, var(--page-muted))`;
      return chip(id, [dot, short], name, counts.get(id) ?? 0);
    }),
  );
}

export function facilityList(context: FacilityContext): HTMLElement {
  const { facilities, settings, group, text, minutes } = context;
  const byGroup = new Map<string, Facility[]>();
  for (const { id } of settings.groups) byGroup.set(id, []);
  for (const facility of facilities) {
    const id = facilityGroup(facility);
    byGroup.set(id, [...(byGroup.get(id) ?? []), facility]);
  }
  const counts = new Map([...byGroup].map(([id, list]) => [id, list.length]));
  const shown = [...byGroup].filter(([id, list]) => list.length > 0 && (!group || id === group));
  return h(
    'section',
    { class: 'facilities' },
    h('h2', {}, text.facilities),
    facilities.length > 0 && chips(counts, context),
    facilities.length > 0 &&
      shown.length === 0 &&
      h('p', { class: 'quiet' }, fill(text.noneInGroup, { minutes })),
    ...shown.map(([id, list]) => groupSection(id, list, context)),
  );
}
