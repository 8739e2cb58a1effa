import type { RuleSet } from '../../api/types';
import {
  coveredStep,
  gapStep,
  lackingStepOf,
  minuteClasses,
  provenStep,
  provenStepOf,
  provenSteps,
  scaleSteps,
} from '../../city/colour';
import { hasOwnLimits, type CitySummary, type LineSummary } from '../../city/summary';
import { fill } from '../../i18n/format';
import { named, type Messages } from '../../i18n';
import type { Lang } from '../../i18n/lang';
import type { ColourBy } from '../../state/view';

export interface LegendContext {
  summary: CitySummary;
  rules: RuleSet;
  line: LineSummary | null;
  by: ColourBy;
  /** Units are coloured, not compounds. */
  units: boolean;
  lang: Lang;
  text: Messages;
}

export interface Swatch {
  step: number;
  label: string;
}

export interface Legend {
  title: string;
  swatches: Swatch[];
  /** A second scale with its own title. */
  missing?: { title: string; swatches: Swatch[] };
  hatch: string;
}

function ofMinutes(title: string, text: Messages): Legend {
  const within = minuteClasses.map((minutes, place) => ({
    step: scaleSteps - 1 - place,
    label: `≤${minutes}`,
  }));
  const beyond = { step: 0, label: `>${minuteClasses.at(-1)}` };
  const swatches = [...within, beyond];
  return { title: `${title}${text.legendMinutes}`, swatches, hatch: text.verdicts.unknown! };
}

/** One swatch per colour, labelled with the least count that has it. */
function ofCounts(most: number, stepOf: (share: number) => number): Swatch[] {
  const least = new Map<number, number>();
  const several = new Set<number>();
  for (let count = most; count >= 1; count -= 1) {
    const step = stepOf(count / most);
    if (least.has(step)) several.add(step);
    least.set(step, count);
  }
  return [...least]
    .sort(([, a], [, b]) => a - b)
    .map(([step, count]) => ({ step, label: several.has(step) ? `≥${count}` : `${count}` }));
}

function ofUnits(title: string, text: Messages): Legend {
  const percent = (step: number): number => Math.round((step / provenSteps) * 100);
  const swatches = Array.from({ length: provenSteps }, (_, step) => ({
    step: provenStep + step,
    label: `≤${percent(step + 1)}`,
  }));
  const gaps = { step: gapStep, label: text.legendMostlyGap };
  return { title, swatches: [...swatches, gaps], hatch: text.legendHatch };
}

/** The legend of the city's colours. */
export function legendOf({ summary, rules, line, by, units, lang, text }: LegendContext): Legend {
  const name = line ? named(line.line, lang) : text.allLines;
  if (by === 'minutes' && line) {
    return ofMinutes(units ? `${name}${text.legendMedian}` : name, text);
  }
  if (units) return ofUnits(fill(text.legendShare, { line: name }), text);
  if (line) {
    const swatches = [
      { step: coveredStep, label: text.verdicts.covered! },
      { step: gapStep, label: text.verdicts.gap! },
    ];
    return { title: name, swatches, hatch: text.verdicts.unknown! };
  }
  return {
    title: hasOwnLimits(rules) ? text.legendLines : fill(text.legend, { minutes: rules.minutes }),
    swatches: ofCounts(summary.asked, provenStepOf),
    missing: { title: text.legendMissing, swatches: ofCounts(summary.asked, lackingStepOf) },
    hatch: text.legendHatch,
  };
}
