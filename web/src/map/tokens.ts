import look from 'virtual:look';
import type { Theme, ThemeTokens } from '../look';

export const themeTokens = (theme: Theme): ThemeTokens => look[theme];
export const fontFamily = look.font.family.map((font) => `"${font}"`).join(', ');
/** Fonts of the machine; MapLibre takes the weight from the first one's name. */
export const regular = look.font.family;
export const bold = [`${look.font.family[0] ?? 'sans-serif'} Bold`, ...look.font.family];
