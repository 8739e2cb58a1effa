import type { Source, Verdicts } from './api-types';
import type { CitySummary, CompoundSummary } from './coverage';
import { fill, number } from './format';
import type { Messages } from './i18n';
import type { Lang } from './state';

/** Whether what the map does not hold may be called missing: `evidence.md` says when a gap is a gap. */
export interface Evidence {
  asMapped: boolean;
  least: number;
}

export function evidenceOf(verdicts: Verdicts): Evidence {
  return { asMapped: verdicts.as_mapped, least: verdicts.least_completeness };
}

/** Whether the map holds enough for its numbers to be facts. */
export function carries(source: Source | undefined, { least }: Evidence): boolean {
  const completeness = source?.completeness ?? null;
  return completeness !== null && completeness >= least;
}

/** How much of what is expected the map holds: 4%, 不到 1%. */
export function shareWords({ completeness, known }: Source, text: Messages): string {
  if (completeness === null) return text.shareUnknown;
  if (known > 0 && completeness < 0.01) return text.shareLess;
  return fill(text.shareAbout, { n: Math.round(completeness * 100) });
}

/** 地图约含 4%. */
export function holdsWords({ completeness, known }: Source, text: Messages): string {
  if (completeness === null) return text.holdsUnknown;
  if (known > 0 && completeness < 0.01) return text.holdsLess;
  return fill(text.holds, { n: Math.round(completeness * 100) });
}

/** So many people, with no more digits than an estimate has: 约 103 万人. */
export function aboutPeople(people: number, lang: Lang, text: Messages): string {
  return fill(text.aboutPeople, { n: aboutNumber(people, lang) }).replace('万 人', '万人');
}

export function aboutNumber(value: number, lang: Lang): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 2);
  const rounded = Math.round(value / step) * step;
  return lang === 'zh' && rounded >= 10_000
    ? `${number(rounded / 10_000, lang, 2)} 万`
    : number(rounded, lang);
}

/** A share that is known between two bounds, or nearly exactly. */
export function rangeWords(proven: number, possible: number, exact: number | null): string {
  if (exact !== null) return `${Math.round(exact * 100)}%`;
  const [low, high] = [Math.floor(proven * 100), Math.ceil(possible * 100)];
  return low === high ? `${low}%` : `${low}–${high}%`;
}

/** From so many unknown on a share is a range. */
export const mostUnknown = 0.05;

export interface Shares {
  proven: number;
  possible: number;
  /** Covered among what can be told; only where hardly anything cannot. */
  exact: number | null;
}

/** As the server's roll-ups have them; null of nothing. */
export function sharesOf(covered: number, gap: number, unknown: number): Shares | null {
  const all = covered + gap + unknown;
  if (all === 0) return null;
  const exact = covered + gap > 0 && unknown < mostUnknown * all;
  return {
    proven: covered / all,
    possible: (covered + unknown) / all,
    exact: exact ? covered / (covered + gap) : null,
  };
}

/** The area whose completeness holds at a place: that of the nearest compound. */
export function areaNear({ compounds, areaOf }: CitySummary, lon: number, lat: number): number {
  const squeeze = Math.cos((lat * Math.PI) / 180);
  let nearest: CompoundSummary | null = null;
  let least = Infinity;
  for (const compound of compounds) {
    if (!compound.centre) continue;
    const [x, y] = [(compound.centre[0] - lon) * squeeze, compound.centre[1] - lat];
    const away = x * x + y * y;
    if (away < least) [nearest, least] = [compound, away];
  }
  return nearest ? (areaOf[nearest.row] ?? 0) : 0;
}
