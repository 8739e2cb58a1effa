import type { UnitLine } from '../api/types';
import type { ColourBy } from '../state/view';
import type { CitySummary, CompoundSummary, LineSummary } from './summary';

/**
 * Colours are steps: 0 to 5 of `scale.steps`, the worst first; from `provenStep` on those of `scale.proven`; and these.
 * `data/look.toml` gives the colour of each.
 */
export const unknownStep = -1;
export const coveredStep = 10;
export const gapStep = 11;
export const provenStep = 20;
export const scaleSteps = 6;
export const provenSteps = 5;

/** Upper limits of the classes of walking time in minutes; one more class has no limit. */
export const minuteClasses = [5, 10, 15, 20, 30];

function minutesStep(seconds: number | null): number {
  if (seconds === null) return 0;
  const place = minuteClasses.findIndex((minutes) => seconds <= minutes * 60);
  return place < 0 ? 0 : scaleSteps - 1 - place;
}

/** The larger the share of covered lines, the stronger; `share` is above 0. */
export function provenStepOf(share: number): number {
  return provenStep + Math.max(0, Math.ceil(share * provenSteps - 1e-9) - 1);
}

/** The larger the share of lines with a gap, the darker. */
export function lackingStepOf(share: number): number {
  return share > 0.4 ? 0 : share > 0.2 ? 1 : 2;
}

/** A colour, hatched if more than half of the verdicts are unknown. */
export interface Shade {
  step: number;
  hatch: boolean;
}

const hatched: Shade = { step: unknownStep, hatch: true };

export function compoundShade(
  { row, reached, missing, open }: CompoundSummary,
  { asked }: CitySummary,
  line: LineSummary | null,
  by: ColourBy,
): Shade {
  if (line) {
    const { column } = line;
    const verdict = column.verdicts[row];
    if (verdict !== 'c' && verdict !== 'g') return hatched;
    if (by === 'verdict') return { step: verdict === 'c' ? coveredStep : gapStep, hatch: false };
    return { step: minutesStep(column.walk_seconds[row] ?? null), hatch: false };
  }
  const hatch = open.length * 2 > asked;
  if (missing.length > 0) return { step: lackingStepOf(missing.length / asked), hatch };
  return reached > 0 ? { step: provenStepOf(reached / asked), hatch } : hatched;
}

/** A unit has the colour of a gap if more than half of its compounds have a proven gap. */
export function unitShade(line: UnitLine | undefined, by: ColourBy): Shade {
  const proven = line?.compounds_share_proven ?? null;
  const possible = line?.compounds_share_possible ?? null;
  if (!line || proven === null || possible === null) return hatched;
  const hatch = possible - proven > 0.5;
  if (by === 'minutes' && line.median_seconds !== null) {
    return { step: minutesStep(line.median_seconds), hatch };
  }
  if (possible < 0.5) return { step: gapStep, hatch };
  return proven > 0 ? { step: provenStepOf(proven), hatch } : hatched;
}

/** The CSS colour of a step. */
export function stepColour(step: number): string {
  if (step === unknownStep) return 'var(--verdict-unknown)';
  if (step === coveredStep) return 'var(--verdict-covered)';
  if (step === gapStep) return 'var(--verdict-gap)';
  if (step >= provenStep) return `var(--scale-proven-${step - provenStep})`;
  return `var(--scale-steps-${step})`;
}
