/** The layers of `src`: a file may import from its own folder and from those above it in this list, without cycles. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const layers = [
  'base',
  'api',
  'i18n',
  'state',
  'look',
  'city',
  'place',
  'search',
  'map',
  'store',
  'parts',
  'modes/city',
  'modes/place',
  'modes/planner',
  'frame',
  'app',
];

const source = fileURLToPath(new URL('../../src', import.meta.url));

/** Static and dynamic imports, re-exports and imports of types alike. */
function importsOf(code: string): string[] {
  const found = code.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g);
  return [...found].map(([, path]) => path!).filter((path) => !path.endsWith('.css'));
}

/** The imported files of every file, both relative to the root. */
function graphOf(files: Map<string, string>): Map<string, string[]> {
  const resolved = (from: string, path: string): string => {
    const target = relative('/', resolve('/', dirname(from), path));
    const names = [target, `${target}.ts`, `${target}/index.ts`];
    return names.find((name) => files.has(name)) ?? `${target} (missing)`;
  };
  return new Map(
    [...files].map(([file, code]) => [file, importsOf(code).map((path) => resolved(file, path))]),
  );
}

/** One message for every import from a lower layer, and for every cycle. */
function faultsOf(files: Map<string, string>): string[] {
  const graph = graphOf(files);
  const faults: string[] = [];
  const layerOf = (file: string): number =>
    file.includes('/') ? layers.findIndex((layer) => file.startsWith(`${layer}/`)) : layers.length;
  for (const [file, imports] of graph) {
    if (layerOf(file) < 0) faults.push(`${file} is in no layer`);
    for (const other of imports) {
      if (layerOf(other) > layerOf(file)) faults.push(`${file} imports ${other}`);
    }
  }
  const done = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) faults.push(`cycle: ${[...path.slice(at), file].join(' → ')}`);
    if (at >= 0 || done.has(file)) return;
    for (const other of graph.get(file) ?? []) visit(other, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return faults;
}

describe('the modules of the page', () => {
  const files = new Map(
    readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ts|svelte)$/.test(file) && !file.endsWith('.d.ts'))
      .map((file) => [file, readFileSync(join(source, file), 'utf8')]),
  );

  it('import_only_files_above_them', () => {
    expect(files.size).toBeGreaterThan(50);
    expect(faultsOf(files)).toEqual([]);
  });

  it('have_at_most_500_lines', () => {
    // Nobody reads what is generated.
    const written = [...files].filter(([file]) => file !== 'api/schema.ts');
    const long = written.filter(([, code]) => code.split('\n').length > 500);
    expect(long.map(([file]) => file)).toEqual([]);
  });
});

it('imports_against_the_layers_and_cycles_are_reported', () => {
  const files = new Map([
    ['base/a.ts', "import type { B } from './b';"],
    ['base/b.ts', "export { c } from './c';\nimport 'other';"],
    ['base/c.ts', "const a = import('./a');"],
    ['city/d.ts', "import { e } from '../map';\nimport './d.css';"],
    ['map/index.ts', ''],
    ['other/f.ts', ''],
    [
      'modes/place/g.svelte',
      '<script lang="ts">\n  import H from \'../planner/h.svelte\';\n</script>',
    ],
    ['modes/planner/h.svelte', "<script>\n  import G from '../place/g.svelte';\n</script>"],
  ]);
  expect(faultsOf(files)).toEqual([
    'city/d.ts imports map/index.ts',
    'other/f.ts is in no layer',
    'modes/place/g.svelte imports modes/planner/h.svelte',
    'cycle: base/a.ts → base/b.ts → base/c.ts → base/a.ts',
    'cycle: modes/place/g.svelte → modes/planner/h.svelte → modes/place/g.svelte',
  ]);
});
