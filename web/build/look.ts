import { parse } from 'smol-toml';
import type { Look, ThemeTokens } from '../src/look/look';

const name = (...parts: string[]): string => `--${parts.join('-').replaceAll('_', '-')}`;

function themeVariables(theme: ThemeTokens): string {
  const lines: string[] = [];
  for (const [section, tokens] of Object.entries(theme)) {
    for (const [key, value] of Object.entries(tokens)) {
      if (Array.isArray(value)) {
        value.forEach((item, index) => lines.push(`${name(section, key, `${index}`)}: ${item};`));
      } else {
        lines.push(`${name(section, key)}: ${String(value)};`);
      }
    }
  }
  return lines.join('\n');
}

export function readLook(toml: string): Look {
  return parse(toml) as unknown as Look;
}

export function lookCss(look: Look): string {
  const fonts = look.font.family.map((font) => (font.includes('-') ? font : `'${font}'`));
  const { radius, radius_small, panel_width, transition_ms } = look.shape;
  const sizes = Object.entries(look.type).map(
    ([key, px]) => `${name('type', key)}: ${px / 16}rem;`,
  );
  return `
:root {
--font: ${fonts.join(', ')};
--radius: ${radius}px;
--radius-small: ${radius_small}px;
--panel-width: ${panel_width}px;
--transition: ${transition_ms}ms;
${sizes.join('\n')}
${themeVariables(look.day)}
}
:root[data-theme='dark'] {
${themeVariables(look.dark)}
}
@media (prefers-color-scheme: dark) {
:root:not([data-theme]) {
${themeVariables(look.dark)}
}
}
`;
}
