/** Words on compounds and lines that the panel and the planner share. */
import type { RuleLine } from '../api/types';
import { fill, minutesUp, number } from '../i18n/format';
import { named, placeName, type Messages } from '../i18n';
import type { Lang } from '../i18n/lang';
import type { CitySummary, CompoundSummary } from './summary';

export interface Words {
  lang: Lang;
  text: Messages;
}

export function lineNames(
  lines: Pick<RuleLine, 'zh' | 'en'>[],
  lang: Lang,
  text: Messages,
): string {
  return lines.map((line) => named(line, lang)).join(text.listSeparator);
}

/** Generated names are Chinese, such as 未命名小区（经纬街）: translates the fixed part. */
export function generatedName(name: string, text: Messages): string {
  return name.replace(/^未命名小区/, text.unnamedShort);
}

/** The name and the counts of a compound, for the tooltip of the city map. */
export function compoundWords(
  compound: CompoundSummary,
  summary: CitySummary,
  { lang, text }: Words,
): [name: string, standing: string] {
  const name = compound.generatedName
    ? text.unnamed
    : (placeName(compound.name, compound.nameEn, lang) ?? text.unnamed);
  const standing = [
    fill(text.reachedOf, { reached: compound.reached, known: summary.asked }),
    compound.missing.length > 0 && `${text.lacks}${lineNames(compound.missing, lang, text)}`,
    openWords(compound, text),
  ];
  return [name, compound.unknown ? text.verdicts.unknown! : standing.filter(Boolean).join(' · ')];
}

/** The number of unknown lines. */
export function openWords({ open }: CompoundSummary, text: Messages): string {
  return open.length > 0 ? fill(text.openOf, { n: open.length }) : '';
}

/** Minutes from the best and from the worst of the candidate gates. */
export function gateRange(best: number | null, worst: number | null, words: Words): string {
  if (best === null) return '';
  const { lang, text } = words;
  const minutes = (seconds: number): string => number(minutesUp(seconds), lang);
  return worst === null
    ? fill(text.gateRangeNoWay, { best: minutes(best) })
    : fill(text.gateRange, { best: minutes(best), worst: minutes(worst) });
}
