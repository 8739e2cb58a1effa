import { describe, expect, it } from 'vitest';
import {
  areaNear,
  bandCount,
  joined,
  lineEntry,
  standingOf,
  summarise,
  worstServed,
  worstServedBy,
} from '../../src/city/summary';
import { city, compound, entry, rules } from './fixtures';

const four = [
  compound('甲', ['covered', 'covered', 'unknown']),
  compound('乙', ['gap', 'covered', 'unknown']),
  compound('丙', ['gap', 'gap', 'unknown']),
  compound('无名', ['gap', 'gap', 'unknown'], { generated_name: true }),
];

describe('summarise', () => {
  const summary = summarise(...city(...four), rules);

  it('verdicts_are_counted_by_line', () => {
    const counts = summary.lines.map(({ covered, gap, unknown }) => [covered, gap, unknown]);
    expect(counts).toEqual([
      [1, 3, 0],
      [2, 2, 0],
      [0, 0, 4],
    ]);
    expect(summary.asked).toBe(3);
    expect(summary.compounds.map(({ open }) => open.length)).toEqual([1, 1, 1, 1]);
  });

  it('only_a_proven_gap_counts_as_lacking', () => {
    expect(summary).toMatchObject({ lacking: 3, reaching: 2, decided: 0 });
    expect(summary.compounds.map((one) => one.reached)).toEqual([2, 1, 0, 0]);
    const uncertain = summarise(...city(compound('丁', ['covered', 'unknown', 'unknown'])), rules);
    expect(uncertain).toMatchObject({ lacking: 0, reaching: 1, decided: 0 });
    const certain = summarise(...city(compound('丁', ['covered', 'gap', 'covered'])), rules);
    expect(certain).toMatchObject({ lacking: 1, decided: 1 });
  });

  it('lines_that_are_not_measurable_are_not_counted', () => {
    const lines = rules.lines.map((line, at) => (at === 2 ? { ...line, measurable: false } : line));
    const measured = summarise(...city(...four), { ...rules, lines });
    expect(measured.asked).toBe(2);
    expect(measured.compounds[0]!.open).toEqual([]);
  });

  it('compounds_with_generated_names_are_not_among_the_worst_served', () => {
    expect(worstServed(summary).map((one) => one.name)).toEqual(['丙', '乙']);
  });

  it('a_compound_without_verdicts_is_unknown_not_lacking', () => {
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

  it('a_city_without_compounds_has_an_empty_summary', () => {
    expect(summarise(...city(), rules)).toMatchObject({ lacking: 0, compounds: [] });
  });

  it('an_estimate_of_residents_has_its_bounds', () => {
    const [compounds, verdicts] = city(compound('甲', ['covered', 'covered', 'covered']));
    Object.assign(compounds.features[0]!.properties, { residents_low: 800, residents_high: 1200 });
    const [one] = summarise(compounds, verdicts, rules).compounds;
    expect(one!.residentsRange).toEqual([800, 1200]);
    expect(summary.compounds[0]!.residentsRange).toBeNull();
  });
});

describe('joined', () => {
  const [{ features }, verdicts] = city(...four);

  it('compounds_are_joined_by_key_in_the_order_of_the_verdicts', () => {
    const shuffled = [features[2]!, features[0]!, features[3]!, features[0]!, features[1]!];
    const ids = joined(shuffled, verdicts)!.features.map(({ properties }) => properties.id);
    expect(ids).toEqual(verdicts.compound_ids);
  });

  it('different_sets_of_compounds_are_not_joined', () => {
    expect(joined(features.slice(1), verdicts)).toBeNull();
    expect(joined(features, { ...verdicts, compound_ids: ['甲', '乙', '丙', '戊'] })).toBeNull();
    expect(joined(features, { ...verdicts, compound_ids: ['甲', '乙', '丙'] })).toBeNull();
    expect(joined(features, { ...verdicts, compound_ids: ['甲', '甲', '乙', '丙'] })).toBeNull();
  });
});

describe('one line', () => {
  const summary = summarise(...city(...four), rules);
  const [shop, , centre] = summary.lines;

  it('a_standing_has_the_verdict_and_its_figures', () => {
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

  it('named_compounds_with_a_gap_are_ranked', () => {
    expect(worstServedBy(shop!, summary).map(({ name }) => name)).toEqual(['丙', '乙']);
    expect(worstServedBy(centre!, summary)).toEqual([]);
  });
});

describe('entries', () => {
  it('a_line_of_one_category_is_found_under_the_category', () => {
    const { properties } = compound('甲', ['covered', 'gap', 'unknown']);
    expect(lineEntry(properties, rules.lines[1]!)?.verdict).toBe('gap');
  });

  it('counts_are_read_by_band', () => {
    expect(bandCount(entry('covered'), 15)).toBe(2);
    expect(bandCount(entry('covered'), 20)).toBe(0);
  });
});

it('the_area_of_a_location_is_that_of_the_nearest_compound', () => {
  const [compounds, verdicts] = city(
    compound('甲', ['covered', 'gap', 'unknown']),
    compound('乙', ['covered', 'gap', 'unknown']),
  );
  compounds.features[1]!.geometry = { type: 'Point', coordinates: [126.9, 45.7] };
  const summary = summarise(compounds, { ...verdicts, area_of: [2, 1] }, rules);
  expect(areaNear(summary, 126.62, 45.7)).toBe(2);
  expect(areaNear(summary, 126.88, 45.7)).toBe(1);
  expect(areaNear({ ...summary, compounds: [] }, 126.9, 45.7)).toBe(0);
});
