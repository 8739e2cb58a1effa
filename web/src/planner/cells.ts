import { h, type Child } from '../base/dom';
import { completenessWords } from '../city/evidence';
import type { Standing } from '../city/summary';
import { gateRange, type Words } from '../city/words';
import type { Messages } from '../i18n';

/** Text that is cut to the cell's width; the full text is its title. */
export const cellText = (words: string): Child =>
  words ? h('span', { class: 'cell-text', title: words }, words) : '';

export function verdictChip(verdict: string, text: Messages): HTMLElement {
  const known = verdict || 'unknown';
  return h('span', { class: `verdict ${known}` }, text.verdicts[known] ?? known);
}

/** The reason of a verdict in words. */
export function reasonWords(standing: Standing, words: Words): string {
  const { reason, seconds, worst, source } = standing;
  if (!reason) return '';
  const { text } = words;
  const more =
    reason === 'gate_unknown'
      ? gateRange(seconds, worst, words)
      : reason === 'source_incomplete'
        ? completenessWords(source, text)
        : '';
  return [text.reasons[reason] ?? reason, more].filter(Boolean).join(' · ');
}
