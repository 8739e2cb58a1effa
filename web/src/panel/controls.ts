import type { Settings } from '../api/types';
import { h, svg } from '../base/dom';
import { fill } from '../i18n/format';
import { named, type Messages } from '../i18n';
import type { Lang } from '../i18n/lang';
import type { ThemeChoice, ViewState } from '../state/view';

export interface ControlHandlers {
  profile: (id: string) => void;
  minutes: (minutes: number[] | null) => void;
  planner: (open: boolean) => void;
  theme: (choice: ThemeChoice) => void;
  lang: (lang: Lang) => void;
}

/** Bands offered beside the server's default. */
const bandSets = ['5,15,30', '10,20,30'];

interface Choice {
  id: string;
  label: string;
}

function select(
  id: string,
  label: string,
  choices: Choice[],
  chosen: string,
  change: (id: string) => void,
): HTMLElement {
  const element = h('select', { id, 'aria-label': label, title: label });
  for (const choice of choices) {
    element.append(h('option', { value: choice.id, selected: choice.id === chosen }, choice.label));
  }
  element.addEventListener('change', () => change(element.value));
  return h('div', { class: 'control select' }, element);
}

function languageSwitch(lang: Lang, text: Messages, change: (lang: Lang) => void): HTMLElement {
  const button = (id: Lang, label: string, spoken: string): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        id: `lang-${id}`,
        lang: id === 'zh' ? 'zh-Hans' : 'en',
        'aria-pressed': String(id === lang),
        'aria-label': spoken,
        onclick: () => change(id),
      },
      label,
    );
  return h(
    'div',
    { class: 'control switch', role: 'group', 'aria-label': text.language },
    button('zh', '中', '中文'),
    button('en', 'EN', 'English'),
  );
}

export function controlsView(
  settings: Settings | null,
  state: ViewState,
  text: Messages,
  handlers: ControlHandlers,
): Node[] {
  const { lang } = state;
  const themes: ThemeChoice[] = ['auto', 'day', 'dark'];
  const choices = (things: { id: string; zh: string; en: string }[]): Choice[] =>
    things.map((thing) => ({ id: thing.id, label: named(thing, lang) }));
  const parts: Node[] = [];
  if (settings && settings.profiles.length > 1) {
    const chosen = state.profile ?? settings.default_profile;
    parts.push(
      select('profile', text.profile, choices(settings.profiles), chosen, handlers.profile),
    );
  }
  if (settings) {
    const own = settings.bands.join(',');
    const chosen = (state.minutes ?? settings.bands).join(',');
    const offered = [...new Set([own, ...bandSets, chosen])];
    const options = offered.map((id) => ({
      id,
      label: fill(text.bandsOf, { minutes: id.replaceAll(',', ' · ') }),
    }));
    parts.push(
      select('minutes', text.bandChoice, options, chosen, (id) =>
        handlers.minutes(id === own ? null : id.split(',').map(Number)),
      ),
    );
  }
  const themeChoices = themes.map((id) => ({ id, label: text.themes[id] }));
  parts.push(
    select('theme', text.theme, themeChoices, state.theme, (id) =>
      handlers.theme(id as ThemeChoice),
    ),
    languageSwitch(lang, text, handlers.lang),
  );
  if (settings) {
    const open = state.table !== null;
    parts.push(
      h(
        'button',
        {
          type: 'button',
          class: 'control planner',
          id: 'planner',
          'aria-pressed': String(open),
          title: text.plannerWhat,
          'aria-label': text.plannerOpen,
          onclick: () => handlers.planner(!open),
        },
        svg('0 0 24 24', ['M4 5h16v14H4zM4 10h16M10 10v9'], { class: 'icon' }),
        h('span', {}, text.planner),
      ),
    );
  }
  return parts;
}
