import { MediaQuery } from 'svelte/reactivity';
import type { ThemeChoice } from '../state/view';
import type { Theme } from './look';

const dark = new MediaQuery('(prefers-color-scheme: dark)');

/** Reactive: follows the system's theme if the choice is `auto`. */
export function resolveTheme(choice: ThemeChoice): Theme {
  if (choice !== 'auto') return choice;
  return dark.current ? 'dark' : 'day';
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  document.documentElement.style.colorScheme = theme === 'dark' ? 'dark' : 'light';
}
