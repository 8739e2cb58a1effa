import { isComplete, shareWords } from '../../city/evidence';
import type { CitySummary, LineSummary } from '../../city/summary';
import type { Words } from '../../city/words';
import { named, type Value } from '../../i18n';

/** Maximum number of lines that the sentence names; with more, it gives their number. */
const namedLines = 6;

/** How complete the data is, in one sentence; `null` if there is nothing to say. */
export function knowsSentence(
  summary: CitySummary,
  { lang, text }: Words,
): { template: string; values: Record<string, Value> } | null {
  const measured = summary.lines.filter(({ line }) => line.measurable !== false);
  if (measured.length === 0 || summary.compounds.length === 0) return null;
  const isJudged = ({ source }: LineSummary): boolean => isComplete(source, summary.evidence);
  const judged = measured.filter(isJudged);
  const open = measured.filter((line) => !isJudged(line));
  const { asMapped } = summary.evidence;
  const many = measured.length > namedLines;
  const template = ((): string => {
    if (open.length === 0) return asMapped ? '' : text.knowsAll;
    if (asMapped) return many ? text.knowsManyMapped : text.knowsMapped;
    if (many) return text.knowsMany;
    return judged.length > 0 ? text.knowsSome : text.knowsNone;
  })();
  if (!template) return null;
  const names = judged.map(({ line }) => named(line, lang));
  const shares = open.map(({ line, source }) => `${named(line, lang)} ${shareWords(source, text)}`);
  const values: Record<string, Value> = {
    judged: many ? `${judged.length}` : { items: names },
    open: many ? `${open.length}` : { items: shares },
  };
  return { template, values };
}
