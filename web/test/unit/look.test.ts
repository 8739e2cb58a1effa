import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lookCss, readLook } from '../../build/look.ts';
import type { ThemeTokens } from '../../src/look/look';
import { contrast, deficiencies, distance, linear, oklab, seenWith, type Rgb } from './colour';

const look = readLook(readFileSync(new URL('../../../data/look.toml', import.meta.url), 'utf8'));
const same = (colour: Rgb): Rgb => colour;
const visions = [
  same,
  ...Object.values(deficiencies).map((m) => (colour: Rgb) => seenWith(m, colour)),
];

function smallestDistance(colours: string[]): number {
  let smallest = Infinity;
  for (const see of visions) {
    const seen = colours.map((colour) => see(linear(colour)));
    seen.forEach((a, i) =>
      seen.slice(0, i).forEach((b) => (smallest = Math.min(smallest, distance(a, b)))),
    );
  }
  return smallest;
}

describe.each(['day', 'dark'] as const)('%s', (name) => {
  const theme: ThemeTokens = look[name];
  const { page, map, verdict, band, group, scale } = theme;

  it('text_has_enough_contrast', () => {
    for (const ground of [page.panel, page.raised]) {
      for (const text of [page.text, page.muted, page.accent, verdict.gap_text]) {
        expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(page.on_accent, page.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(page.accent, page.accent_soft)).toBeGreaterThanOrEqual(4.5);
    for (const text of [map.label, map.label_minor, map.label_water, map.label_green]) {
      expect(contrast(text, map.halo)).toBeGreaterThanOrEqual(4.5);
    }
    for (const text of band.labels) expect(contrast(text, map.halo)).toBeGreaterThanOrEqual(4.5);
  });

  it('pictograms_have_enough_contrast', () => {
    const { glyph, ring: _ring, ...groups } = group;
    for (const colour of Object.values(groups)) {
      expect(contrast(glyph!, colour)).toBeGreaterThanOrEqual(3);
    }
  });

  it('groups_differ_for_every_colour_vision', () => {
    const { glyph: _glyph, ring: _ring, ...groups } = group;
    expect(Object.keys(groups)).toHaveLength(8);
    expect(smallestDistance(Object.values(groups))).toBeGreaterThan(0.075);
  });

  it('steps_of_the_scale_differ_for_every_colour_vision', () => {
    expect(smallestDistance(scale.steps)).toBeGreaterThan(0.055);
    expect(smallestDistance([...scale.proven, ...scale.steps.slice(0, 3)])).toBeGreaterThan(0.055);
  });

  it('the_shortest_band_has_the_strongest_contrast_to_the_ground', () => {
    const lightness = band.colours.map((colour) => oklab(linear(colour))[0]);
    const ground = oklab(linear(map.ground))[0];
    const contrasts = lightness.map((value) => Math.abs(value - ground));
    expect(contrasts).toEqual([...contrasts].sort((a, b) => b - a));
  });
});

it('tokens_become_css_variables', () => {
  const css = lookCss(look);
  expect(css).toContain(`--page-on-accent: ${look.day.page.on_accent};`);
  expect(css).toContain(`--scale-steps-0: ${look.day.scale.steps[0]};`);
  expect(css).not.toContain('undefined');
});

it('both_themes_have_the_same_tokens', () => {
  const keys = (theme: ThemeTokens): string[] =>
    Object.entries(theme).flatMap(([section, tokens]) =>
      Object.keys(tokens).map((key) => `${section}.${key}`),
    );
  expect(keys(look.dark)).toEqual(keys(look.day));
});
