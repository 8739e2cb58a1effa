import type { Settings } from './api-types';
import { h } from './dom';
import { named, type Messages } from './i18n';
import type { Lang, ThemeChoice, ViewState } from './state';

export interface ControlHandlers {
  profile: (id: string) => void;
  rules: (id: string) => void;
  theme: (choice: ThemeChoice) => void;
  lang: (lang: Lang) => void;
}

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
  if (settings && settings.rule_sets.length > 1) {
    const chosen = state.rules ?? settings.default_rules;
    parts.push(select('rules', text.rules, choices(settings.rule_sets), chosen, handlers.rules));
  }
  const themeChoices = themes.map((id) => ({ id, label: text.themes[id] }));
  parts.push(
    select('theme', text.theme, themeChoices, state.theme, (id) =>
      handlers.theme(id as ThemeChoice),
    ),
    languageSwitch(lang, text, handlers.lang),
  );
  return parts;
}
