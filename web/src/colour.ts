import type { UnitLine } from './api-types';
import { scaleStep, type CitySummary, type CompoundSummary, type LineSummary } from './coverage';

/** What the city is coloured by where one line is looked at. */
export type ColourBy = 'verdict' | 'minutes';

/** Colours by number: those of the scale from 0, worst first, and these. */
export const unknownStep = -1;
export const coveredStep = 10;
export const gapStep = 11;
export const scaleSteps = 6;

/** The classes of walking time, each up to so many minutes; the last has no end. */
export const minuteClasses = [5, 10, 15, 20, 30];

function minutesStep(seconds: number | null): number {
  if (seconds === null) return 0;
  const place = minuteClasses.findIndex((minutes) => seconds <= minutes * 60);
  return place < 0 ? 0 : scaleSteps - 1 - place;
}

function shareStep(share: number | null): number {
  if (share === null) return unknownStep;
  return Math.min(scaleSteps - 1, Math.floor(share * scaleSteps));
}

export function compoundStep(
  compound: CompoundSummary,
  summary: CitySummary,
  line: LineSummary | null,
  by: ColourBy,
): number {
  if (!line) {
    return compound.unknown ? unknownStep : scaleStep(compound.reached, summary.known, scaleSteps);
  }
  const { column } = line;
  const verdict = column.verdicts[compound.row];
  if (verdict !== 'c' && verdict !== 'g') return unknownStep;
  if (by === 'minutes') return minutesStep(column.walk_seconds[compound.row] ?? null);
  return verdict === 'c' ? coveredStep : gapStep;
}

export function unitStep(line: UnitLine | undefined, by: ColourBy): number {
  if (!line || line.compounds_share === null) return unknownStep;
  return by === 'minutes' && line.median_seconds !== null
    ? minutesStep(line.median_seconds)
    : shareStep(line.compounds_share);
}

/** The CSS colour of a step. */
export function stepColour(step: number): string {
  if (step === coveredStep) return 'var(--verdict-covered)';
  if (step === gapStep) return 'var(--verdict-gap)';
  return `var(--scale-steps-${step})`;
}
