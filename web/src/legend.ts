import type { RuleSet } from './api-types';
import {
  coveredStep,
  gapStep,
  minuteClasses,
  scaleSteps,
  stepColour,
  type ColourBy,
} from './colour';
import { hasOwnLimits, scaleStep, type CitySummary, type LineSummary } from './coverage';
import { h } from './dom';
import { fill } from './format';
import { named, type Messages } from './i18n';
import type { Lang } from './state';

interface LegendContext {
  summary: CitySummary;
  rules: RuleSet;
  line: LineSummary | null;
  by: ColourBy;
  /** Units are coloured, not compounds. */
  units: boolean;
  /** Findings are on the map. */
  findings: boolean;
  lang: Lang;
  text: Messages;
}

interface Swatch {
  step: number;
  label: string;
}

interface Legend {
  title: string;
  swatches: Swatch[];
  unknown: boolean;
}

function ofMinutes(title: string, text: Messages): Legend {
  const within = minuteClasses.map((minutes, place) => ({
    step: scaleSteps - 1 - place,
    label: `≤${minutes}`,
  }));
  const beyond = { step: 0, label: `>${minuteClasses.at(-1)}` };
  return { title: `${title}${text.legendMinutes}`, swatches: [...within, beyond], unknown: true };
}

function legendOf({ summary, rules, line, by, units, lang, text }: LegendContext): Legend {
  const name = line ? named(line.line, lang) : text.allLines;
  if (by === 'minutes' && line) {
    return ofMinutes(units ? `${name}${text.legendMedian}` : name, text);
  }
  if (units) {
    const percents = Array.from({ length: scaleSteps }, (_, step) => ({
      step,
      label: `${Math.round((step / scaleSteps) * 100)}–${Math.round(((step + 1) / scaleSteps) * 100)}`,
    }));
    return { title: fill(text.legendShare, { line: name }), swatches: percents, unknown: true };
  }
  if (line) {
    const swatches = [
      { step: coveredStep, label: text.verdicts.covered! },
      { step: gapStep, label: text.verdicts.gap! },
    ];
    return { title: name, swatches, unknown: true };
  }
  // Of many lines each colour stands for several counts: the least of them labels it.
  const least = new Map<number, number>();
  for (let count = summary.known; count >= 0; count -= 1) {
    least.set(scaleStep(count, summary.known, scaleSteps), count);
  }
  const few = summary.known < scaleSteps;
  const counts = few
    ? Array.from({ length: summary.known + 1 }, (_, count) => count)
    : [...least.values()].sort((a, b) => a - b);
  return {
    title: hasOwnLimits(rules) ? text.legendLines : fill(text.legend, { minutes: rules.minutes }),
    swatches: counts.map((count) => ({
      step: scaleStep(count, summary.known, scaleSteps),
      label: few ? `${count}` : `≥${count}`,
    })),
    unknown: summary.compounds.some((compound) => compound.unknown),
  };
}

/** What the colours of the city view mean. */
export function legendView(context: LegendContext): HTMLElement {
  const { title, swatches, unknown } = legendOf(context);
  const items = swatches.map(({ step, label }) => {
    const swatch = h('span', { class: 'legend-swatch' });
    swatch.style.background = stepColour(step);
    return h('li', {}, swatch, h('span', {}, label));
  });
  return h(
    'div',
    { class: 'legend-body' },
    h('p', { class: 'legend-title' }, title),
    h(
      'div',
      { class: 'legend-row' },
      h('ol', {}, ...items),
      unknown &&
        h(
          'div',
          { class: 'legend-unknown' },
          h('span', { class: 'legend-swatch hatched' }),
          h('span', {}, context.text.verdicts.unknown!),
        ),
    ),
    context.findings &&
      h(
        'ul',
        { class: 'legend-findings' },
        ...['error', 'warning', 'info'].map((severity) =>
          h('li', { class: `severity ${severity}` }, context.text.severities[severity] ?? severity),
        ),
      ),
  );
}
