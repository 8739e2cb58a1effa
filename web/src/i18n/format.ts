import type { Lang } from './lang';

const locale = { zh: 'zh-CN', en: 'en-GB' } as const;

/** Whole minutes, rounded up, so that no walk takes longer than shown. */
export function minutesUp(seconds: number): number {
  return Math.ceil(seconds / 60);
}

export function number(value: number, lang: Lang, digits = 0): string {
  return value.toLocaleString(locale[lang], { maximumFractionDigits: digits });
}

export function metres(value: number, lang: Lang): string {
  return number(Math.round(value), lang);
}

export function hectaresOrKm2(area: number, lang: Lang): { value: string; unit: 'ha' | 'km2' } {
  return area < 100_000
    ? { value: number(area / 10_000, lang, 1), unit: 'ha' }
    : { value: number(area / 1_000_000, lang, 2), unit: 'km2' };
}

export function day(date: string | null): string | null {
  return date && /^\d{4}-\d{2}-\d{2}/.test(date) ? date.slice(0, 10) : null;
}

/** Compass octant: 0 is north, then clockwise. */
export function octant(degrees: number): number {
  return Math.round((((degrees % 360) + 360) % 360) / 45) % 8;
}

const chineseDigits = ['零', '一', '两', '三', '四', '五', '六', '七', '八', '九', '十'];

/** A number up to ten before a measure word: 两类, 三类. */
export function chineseCount(value: number): string {
  return chineseDigits[value] ?? ` ${value} `;
}

export function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => `${values[key] ?? whole}`);
}
