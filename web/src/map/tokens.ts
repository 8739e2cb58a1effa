import look from 'virtual:look';
import type { Theme, ThemeTokens } from '../look/look';

export const themeTokens = (theme: Theme): ThemeTokens => look[theme];
export const fontFamily = look.font.family.map((font) => `"${font}"`).join(', ');
/** System fonts. MapLibre derives the weight from the name of the first one. */
export const regular = look.font.family;
export const bold = [`${look.font.family[0] ?? 'sans-serif'} Bold`, ...look.font.family];
