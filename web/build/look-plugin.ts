import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { parse } from 'smol-toml';
import { lookCss, readLook } from './look.ts';

const file = fileURLToPath(new URL('../../data/look.toml', import.meta.url));
const drawn = fileURLToPath(new URL('../../data/pictograms.toml', import.meta.url));
const data = 'virtual:look';
const pictograms = 'virtual:pictograms';
const css = 'virtual:look.css';

/**
 * Serves the design tokens to scripts (`virtual:look`) and as CSS variables (`virtual:look.css`), and the pictograms
 * (`virtual:pictograms`).
 */
export function look(): Plugin {
  return {
    name: 'look',
    resolveId: (id) => ([data, css, pictograms].includes(id) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${pictograms}`) {
        this.addWatchFile(drawn);
        return `export default ${JSON.stringify(parse(readFileSync(drawn, 'utf8')))}`;
      }
      if (id !== `\0${data}` && id !== `\0${css}`) return undefined;
      this.addWatchFile(file);
      const tokens = readLook(readFileSync(file, 'utf8'));
      return id === `\0${css}` ? lookCss(tokens) : `export default ${JSON.stringify(tokens)}`;
    },
  };
}
