import { describe, expect, it } from 'vitest';
import { bandCount, lineEntry, scaleStep, summarise, worstServed } from '../../src/coverage';
import { collection, compound, entry, rules } from './fixtures';

const city = collection(
  compound('甲', ['covered', 'covered', 'unknown']),
  compound('乙', ['gap', 'covered', 'unknown']),
  compound('丙', ['gap', 'gap', 'unknown']),
  compound('无名', ['gap', 'gap', 'unknown'], { generated_name: true }),
);

describe('summarise', () => {
  const summary = summarise(city, rules);

  it('does not count a line that nothing is known about', () => {
    expect(summary.known).toBe(2);
    expect(summary.lines.map((line) => line.known)).toEqual([true, true, false]);
    expect(summary.lines[2]).toMatchObject({ covered: 0, gap: 0 });
  });

  it('counts the compounds that lack something', () => {
    expect(summary.judged).toBe(4);
    expect(summary.lacking).toBe(3);
    expect(summary.compounds.map((one) => one.reached)).toEqual([2, 1, 0, 0]);
  });

  it('names nobody without a name among the worst served', () => {
    expect(worstServed(summary).map((one) => one.name)).toEqual(['丙', '乙']);
  });

  it('does not rank compounds that no way leads to', () => {
    const island = compound('岛', ['gap', 'gap', 'unknown']);
    for (const entry of Object.values(island.properties.coverage))
      if (entry) entry.reason = 'no_path';
    const mixed = summarise(collection(...city.features, island), rules);
    expect(mixed.lacking).toBe(4);
    expect(worstServed(mixed).map((one) => one.name)).toEqual(['丙', '乙']);
  });

  it('takes a compound without verdicts for unknown, not for lacking', () => {
    const mixed = summarise(
      collection(...city.features, compound('丁', ['unknown', 'unknown', 'unknown'])),
      rules,
    );
    expect(mixed.compounds.at(-1)!.unknown).toBe(true);
    expect(mixed.lacking).toBe(3);
  });

  it('judges nothing where nothing is known', () => {
    const blank = summarise(collection(compound('甲', ['unknown', 'unknown', 'unknown'])), rules);
    expect(blank).toMatchObject({ known: 0, judged: 0, lacking: 0 });
  });

  it('bears a city without compounds', () => {
    expect(summarise(collection(), rules)).toMatchObject({ known: 0, compounds: [] });
  });
});

describe('entries', () => {
  it('finds a line of one category under the category', () => {
    const { properties } = compound('甲', ['covered', 'gap', 'unknown']);
    expect(lineEntry(properties, rules.lines[1]!)?.verdict).toBe('gap');
  });

  it('reads counts by band', () => {
    expect(bandCount(entry('covered'), 15)).toBe(2);
    expect(bandCount(entry('covered'), 20)).toBe(0);
  });
});

describe('scaleStep', () => {
  it('spreads what can be judged over the whole scale', () => {
    expect([0, 1, 2, 3, 4, 5].map((n) => scaleStep(n, 5, 6))).toEqual([0, 1, 2, 3, 4, 5]);
    expect([0, 4].map((n) => scaleStep(n, 4, 6))).toEqual([0, 5]);
    expect(scaleStep(0, 0, 6)).toBe(0);
  });
});
