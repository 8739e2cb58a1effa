import type { UnitLine } from './api-types';
import type { CitySummary, CompoundSummary, LineSummary } from './coverage';

/** What the city is coloured by where one line is looked at. */
export type ColourBy = 'verdict' | 'minutes';

/** Colours by number: those of the scale from 0, worst first, those of `proven` after them, and these. */
export const unknownStep = -1;
export const coveredStep = 10;
export const gapStep = 11;
export const provenStep = 20;
export const scaleSteps = 6;
export const provenSteps = 5;

/** The classes of walking time, each up to so many minutes; the last has no end. */
export const minuteClasses = [5, 10, 15, 20, 30];

function minutesStep(seconds: number | null): number {
  if (seconds === null) return 0;
  const place = minuteClasses.findIndex((minutes) => seconds <= minutes * 60);
  return place < 0 ? 0 : scaleSteps - 1 - place;
}

/** The more of what is asked for is proven to be reached, the stronger; `share` is not 0. */
export function provenStepOf(share: number): number {
  return provenStep + Math.max(0, Math.ceil(share * provenSteps - 1e-9) - 1);
}

/** The more of what is asked for is proven to be missing, the darker. */
export function lackingStepOf(share: number): number {
  return share > 0.4 ? 0 : share > 0.2 ? 1 : 2;
}

/** A colour, and whether it is hatched because less than half of what it stands for is known. */
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

/** Units are red where more than half of the compounds lack it for certain. */
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
