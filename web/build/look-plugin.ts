import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { lookCss, readLook } from './look.ts';

const file = fileURLToPath(new URL('../../data/look.toml', import.meta.url));
const data = 'virtual:look';
const css = 'virtual:look.css';

/** Serves the design tokens to scripts (`virtual:look`) and as CSS variables (`virtual:look.css`). */
export function look(): Plugin {
  return {
    name: 'look',
    resolveId: (id) => (id === data || id === css ? `\0${id}` : undefined),
    load(id) {
      if (id !== `\0${data}` && id !== `\0${css}`) return undefined;
      this.addWatchFile(file);
      const tokens = readLook(readFileSync(file, 'utf8'));
      return id === `\0${css}` ? lookCss(tokens) : `export default ${JSON.stringify(tokens)}`;
    },
  };
}
