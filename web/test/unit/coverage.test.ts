import { describe, expect, it } from 'vitest';
import {
  bandCount,
  joined,
  lineEntry,
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

  it('counts what is decided and what is not', () => {
    const counts = summary.lines.map(({ covered, gap, unknown }) => [covered, gap, unknown]);
    expect(counts).toEqual([
      [1, 3, 0],
      [2, 2, 0],
      [0, 0, 4],
    ]);
    expect(summary.asked).toBe(3);
    expect(summary.compounds.map(({ open }) => open.length)).toEqual([1, 1, 1, 1]);
  });

  it('counts as lacking only what is proven', () => {
    expect(summary).toMatchObject({ lacking: 3, reaching: 2, decided: 0 });
    expect(summary.compounds.map((one) => one.reached)).toEqual([2, 1, 0, 0]);
    const unsure = summarise(...city(compound('丁', ['covered', 'unknown', 'unknown'])), rules);
    expect(unsure).toMatchObject({ lacking: 0, reaching: 1, decided: 0 });
    const sure = summarise(...city(compound('丁', ['covered', 'gap', 'covered'])), rules);
    expect(sure).toMatchObject({ lacking: 1, decided: 1 });
  });

  it('leaves out of the count what no map can tell', () => {
    const lines = rules.lines.map((line, at) => (at === 2 ? { ...line, measurable: false } : line));
    const told = summarise(...city(...four), { ...rules, lines });
    expect(told.asked).toBe(2);
    expect(told.compounds[0]!.open).toEqual([]);
  });

  it('names nobody without a name among the worst served', () => {
    expect(worstServed(summary).map((one) => one.name)).toEqual(['丙', '乙']);
  });

  it('takes a compound without verdicts for unknown, not for lacking', () => {
    const nothing = compound('丁', ['unknown', 'unknown', 'unknown']);
    const mixed = summarise(...city(...four, nothing), rules);
    expect(mixed.compounds.map(({ unknown }) => unknown)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(mixed.lacking).toBe(3);
  });

  it('bears a city without compounds', () => {
    expect(summarise(...city(), rules)).toMatchObject({ lacking: 0, compounds: [] });
  });

  it('keeps the bounds of how many live there', () => {
    const [compounds, verdicts] = city(compound('甲', ['covered', 'covered', 'covered']));
    Object.assign(compounds.features[0]!.properties, { residents_low: 800, residents_high: 1200 });
    const [one] = summarise(compounds, verdicts, rules).compounds;
    expect(one!.residentsRange).toEqual([800, 1200]);
    expect(summary.compounds[0]!.residentsRange).toBeNull();
  });
});

describe('joined', () => {
  const [{ features }, verdicts] = city(...four);

  it('puts compounds by their keys in the order of the verdicts, each once', () => {
    const shuffled = [features[2]!, features[0]!, features[3]!, features[0]!, features[1]!];
    const ids = joined(shuffled, verdicts)!.features.map(({ properties }) => properties.id);
    expect(ids).toEqual(verdicts.compound_ids);
  });

  it('joins nothing where one has what the other has not', () => {
    expect(joined(features.slice(1), verdicts)).toBeNull();
    expect(joined(features, { ...verdicts, compound_ids: ['甲', '乙', '丙', '戊'] })).toBeNull();
    expect(joined(features, { ...verdicts, compound_ids: ['甲', '乙', '丙'] })).toBeNull();
    expect(joined(features, { ...verdicts, compound_ids: ['甲', '甲', '乙', '丙'] })).toBeNull();
  });
});

describe('one line', () => {
  const summary = summarise(...city(...four), rules);
  const [shop, , centre] = summary.lines;

  it('says how a compound stands on it', () => {
    expect(standingOf(shop!.column, 1, summary)).toMatchObject({
      verdict: 'gap',
      seconds: 1200,
      nearestName: '七号店',
    });
    expect(standingOf(centre!.column, 0, summary)).toMatchObject({
      verdict: 'unknown',
      reason: 'source_incomplete',
      seconds: null,
      nearestName: null,
      source: { known: 1 },
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
