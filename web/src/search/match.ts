import type { CompoundSummary } from '../coverage';

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

/** Named compounds whose Chinese or English name holds the query, the closest first. */
export function matchCompounds(
  compounds: CompoundSummary[],
  text: string,
  limit: number,
): CompoundSummary[] {
  const query = fold(text);
  if (!query) return [];
  const matches: Match[] = [];
  for (const compound of compounds) {
    if (compound.generatedName) continue;
    const rank = Math.min(rankIn(compound.name, query), rankIn(compound.nameEn, query));
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
