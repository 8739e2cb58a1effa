import type { RuleSet } from './api-types';
import { scaleStep, type CitySummary } from './coverage';
import { h } from './dom';
import { fill } from './format';
import type { Messages } from './i18n';

const steps = 6;

/** The scale of the city view: one swatch per number of lines reached. */
export function legendView(summary: CitySummary, rules: RuleSet, text: Messages): HTMLElement {
  const counts = Array.from({ length: summary.known + 1 }, (_, count) => count);
  const dense = counts.length > 8;
  const swatches = counts.map((count) => {
    const swatch = h('span', { class: 'legend-swatch' });
    swatch.style.background = `var(--scale-steps-${scaleStep(count, summary.known, steps)})`;
    const label = dense && count !== 0 && count !== summary.known ? '' : `${count}`;
    return h('li', {}, swatch, h('span', {}, label));
  });
  return h(
    'div',
    { class: 'legend-body' },
    h('p', { class: 'legend-title' }, fill(text.legend, { minutes: rules.minutes })),
    h(
      'div',
      { class: 'legend-row' },
      h('ol', {}, ...swatches),
      summary.compounds.some((compound) => compound.unknown) &&
        h(
          'div',
          { class: 'legend-unknown' },
          h('span', { class: 'legend-swatch hatched' }),
          h('span', {}, text.legendUnknown),
        ),
    ),
  );
}
