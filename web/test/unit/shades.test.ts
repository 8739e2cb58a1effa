import { describe, expect, it } from 'vitest';
import type { UnitLine } from '../../src/api/types';
import {
  compoundShade,
  coveredStep,
  gapStep,
  lackingStepOf,
  provenStep,
  provenStepOf,
  unitShade,
  unknownStep,
} from '../../src/city/colour';
import { summarise } from '../../src/city/summary';
import { city, compound, rules } from './fixtures';

describe('colours of compounds', () => {
  const summary = summarise(
    ...city(
      compound('全', ['covered', 'covered', 'covered']),
      compound('半', ['covered', 'unknown', 'unknown']),
      compound('缺', ['gap', 'covered', 'unknown']),
      compound('无', ['unknown', 'unknown', 'unknown']),
    ),
    rules,
  );
  const shades = (line: number | null, by: 'verdict' | 'minutes' = 'verdict'): unknown[] =>
    summary.compounds.map((it) => {
      const of = line === null ? null : summary.lines[line]!;
      const { step, hatch } = compoundShade(it, summary, of, by);
      return [step, hatch];
    });

  it('show_proven_verdicts_red_only_for_gaps_hatched_if_mostly_unknown', () => {
    expect(shades(null)).toEqual([
      [provenStep + 4, false],
      [provenStepOf(1 / 3), true],
      [lackingStepOf(1 / 3), false],
      [unknownStep, true],
    ]);
  });

  it('show_the_verdicts_of_one_line', () => {
    expect(shades(0)).toEqual([
      [coveredStep, false],
      [coveredStep, false],
      [gapStep, false],
      [unknownStep, true],
    ]);
  });

  it('of_minutes_exclude_unknown_compounds', () => {
    expect(shades(0, 'minutes')).toEqual([
      [5, false],
      [5, false],
      [2, false],
      [unknownStep, true],
    ]);
  });

  it('have_five_steps_for_five_lines', () => {
    const steps = [1, 2, 3, 4, 5].map((count) => provenStepOf(count / 5) - provenStep);
    expect(steps).toEqual([0, 1, 2, 3, 4]);
    expect([1, 2, 3, 5].map((count) => lackingStepOf(count / 5))).toEqual([2, 1, 0, 0]);
  });
});

it('units_are_coloured_by_the_proven_share_red_if_mostly_gaps', () => {
  const shade = (proven: number | null, possible: number | null): unknown[] => {
    const line = { compounds_share_proven: proven, compounds_share_possible: possible };
    const { step, hatch } = unitShade({ ...line, median_seconds: null } as UnitLine, 'verdict');
    return [step, hatch];
  };
  expect(shade(0.7, 0.9)).toEqual([provenStep + 3, false]);
  expect(shade(0.2, 0.9)).toEqual([provenStep, true]);
  expect(shade(0.2, 0.4)).toEqual([gapStep, false]);
  expect(shade(0, 1)).toEqual([unknownStep, true]);
  expect(shade(null, null)).toEqual([unknownStep, true]);
});
