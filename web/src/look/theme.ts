import type { ThemeChoice } from '../state/view';
import type { Theme } from './look';

const dark = matchMedia('(prefers-color-scheme: dark)');

export function resolveTheme(choice: ThemeChoice): Theme {
  if (choice !== 'auto') return choice;
  return dark.matches ? 'dark' : 'day';
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  document.documentElement.style.colorScheme = theme === 'dark' ? 'dark' : 'light';
}

export function onSystemTheme(listener: () => void): void {
  dark.addEventListener('change', listener);
}
