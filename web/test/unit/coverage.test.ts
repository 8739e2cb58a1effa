import { describe, expect, it } from 'vitest';
import {
  bandCount,
  lineEntry,
  scaleStep,
  standingOf,
  summarise,
  worstServed,
  worstServedBy,
} from '../../src/coverage';
import { city, compound, entry, rules } from './fixtures';

const four = [
  compound('甲', ['covered', 'covered', 'unknown']),
  compound('乙', ['gap', 'covered', 'unknown']),
  compound('丙', ['gap', 'gap', 'unknown']),
  compound('无名', ['gap', 'gap', 'unknown'], { generated_name: true }),
];

describe('summarise', () => {
  const summary = summarise(...city(...four), rules);

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
    const mixed = summarise(...city(...four, island), rules);
    expect(mixed.lacking).toBe(4);
    expect(worstServed(mixed).map((one) => one.name)).toEqual(['丙', '乙']);
  });

  it('takes a compound without verdicts for unknown, not for lacking', () => {
    const nothing = compound('丁', ['unknown', 'unknown', 'unknown']);
    const mixed = summarise(...city(...four, nothing), rules);
    expect(mixed.compounds.at(-1)!.unknown).toBe(true);
    expect(mixed.lacking).toBe(3);
  });

  it('judges nothing where nothing is known', () => {
    const blank = summarise(...city(compound('甲', ['unknown', 'unknown', 'unknown'])), rules);
    expect(blank).toMatchObject({ known: 0, judged: 0, lacking: 0 });
  });

  it('bears a city without compounds', () => {
    expect(summarise(...city(), rules)).toMatchObject({ known: 0, compounds: [] });
  });
});

describe('one line', () => {
  const summary = summarise(...city(...four), rules);
  const [shop, , centre] = summary.lines;

  it('says how a compound stands on it', () => {
    expect(standingOf(shop!.column, 1, summary.facilities)).toMatchObject({
      verdict: 'gap',
      seconds: 1200,
      nearestName: '七号店',
    });
    expect(standingOf(centre!.column, 0, summary.facilities)).toMatchObject({
      verdict: 'unknown',
      seconds: null,
      nearestName: null,
    });
  });

  it('ranks named compounds with a gap in it', () => {
    expect(worstServedBy(shop!, summary).map(({ name }) => name)).toEqual(['丙', '乙']);
    expect(worstServedBy(centre!, summary)).toEqual([]);
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
