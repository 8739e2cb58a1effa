import type { CompoundSummary } from '../city/summary';
import { spelledAt, type Syllables } from './pinyin';

export interface Match {
  compound: CompoundSummary;
  /** Smaller is better. */
  rank: number;
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

function rankIn(text: string | null, query: string): number {
  const folded = fold(text ?? '');
  if (!folded) return Infinity;
  if (folded === query) return 0;
  if (folded.startsWith(query)) return 1;
  return folded.includes(query) ? 2 : Infinity;
}

function rankInPinyin(name: Syllables | undefined, query: string): number {
  const at = name ? spelledAt(name, query.replace(/['’]/g, '')) : -1;
  return at < 0 ? Infinity : at === 0 ? 3 : 4;
}

/** Named compounds whose Chinese, English or pinyin name contains the query, the best match first. */
export function matchCompounds(
  compounds: CompoundSummary[],
  text: string,
  limit: number,
  pinyin: ReadonlyMap<string, Syllables> = new Map(),
): CompoundSummary[] {
  const query = fold(text);
  if (!query) return [];
  const matches: Match[] = [];
  for (const compound of compounds) {
    if (compound.generatedName) continue;
    const rank = Math.min(
      rankIn(compound.name, query),
      rankIn(compound.nameEn, query),
      rankInPinyin(pinyin.get(compound.id), query),
    );
    if (rank < Infinity) matches.push({ compound, rank });
  }
  return matches
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        a.compound.name.length - b.compound.name.length ||
        a.compound.name.localeCompare(b.compound.name, 'zh'),
    )
    .slice(0, limit)
    .map((match) => match.compound);
}
