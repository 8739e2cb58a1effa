import type { Source, Verdicts } from '../api/types';
import { fill, number } from '../i18n/format';
import type { Messages } from '../i18n';
import type { Lang } from '../i18n/lang';

/** When a facility that is not on the map counts as missing: `docs/coverage.md`. */
export interface Evidence {
  asMapped: boolean;
  /** Least completeness at which a missing facility is a gap. */
  least: number;
}

export function evidenceOf(verdicts: Verdicts): Evidence {
  return { asMapped: verdicts.as_mapped, least: verdicts.least_completeness };
}

/** Whether the data is complete enough to prove a gap. */
export function isComplete(source: Source | undefined, { least }: Evidence): boolean {
  const completeness = source?.completeness ?? null;
  return completeness !== null && completeness >= least;
}

/** The completeness alone: 4%, 不到 1%. */
export function shareWords({ completeness, known }: Source, text: Messages): string {
  if (completeness === null) return text.shareUnknown;
  if (known > 0 && completeness < 0.01) return text.shareLess;
  return fill(text.shareAbout, { n: Math.round(completeness * 100) });
}

/** The completeness as a remark: 地图约含 4%. */
export function completenessWords({ completeness, known }: Source, text: Messages): string {
  if (completeness === null) return text.completenessUnknown;
  if (known > 0 && completeness < 0.01) return text.completenessLess;
  return fill(text.completeness, { n: Math.round(completeness * 100) });
}

/** A number of people with three significant digits, the precision of an estimate: 约 103 万人. */
export function aboutPeople(people: number, lang: Lang, text: Messages): string {
  return fill(text.aboutPeople, { n: aboutNumber(people, lang) }).replace('万 人', '万人');
}

/** Three significant digits. */
export function aboutNumber(value: number, lang: Lang): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 2);
  const rounded = Math.round(value / step) * step;
  return lang === 'zh' && rounded >= 10_000
    ? `${number(rounded / 10_000, lang, 2)} 万`
    : number(rounded, lang);
}

/** A share as a range, rounded outwards, or as one figure if it is exact. */
export function rangeWords(proven: number, possible: number, exact: number | null): string {
  if (exact !== null) return `${Math.round(exact * 100)}%`;
  const [low, high] = [Math.floor(proven * 100), Math.ceil(possible * 100)];
  return low === high ? `${low}%` : `${low}–${high}%`;
}

/** A share is a range from this share of unknown verdicts on; the server's roll-ups use the same limit. */
export const leastUnknown = 0.05;

export interface Shares {
  proven: number;
  possible: number;
  /** Covered ÷ decided; `null` unless the unknown share is below `leastUnknown`. */
  exact: number | null;
}

/** The shares that the server's roll-ups have; `null` if all counts are 0. */
export function sharesOf(covered: number, gap: number, unknown: number): Shares | null {
  const all = covered + gap + unknown;
  if (all === 0) return null;
  const exact = covered + gap > 0 && unknown < leastUnknown * all;
  return {
    proven: covered / all,
    possible: (covered + unknown) / all,
    exact: exact ? covered / (covered + gap) : null,
  };
}
