import { completenessWords } from '../../city/evidence';
import type { Standing } from '../../city/summary';
import { gateRange, type Words } from '../../city/words';

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
