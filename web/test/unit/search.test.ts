import { expect, it } from 'vitest';
import type { CompoundSummary } from '../../src/coverage';
import { matchCompounds } from '../../src/search/match';

function named(name: string, nameEn: string | null = null, generatedName = false): CompoundSummary {
  return {
    id: name,
    name,
    nameEn,
    generatedName,
    centre: null,
    reached: 0,
    missing: [],
    unknown: false,
    cutOff: false,
    distance: 0,
  };
}

const compounds = [
  named('新荣耀花园'),
  named('荣耀世纪小区', 'Rongyao Century'),
  named('荣耀'),
  named('住宅 12', null, true),
];
const found = (query: string): string[] => matchCompounds(compounds, query, 8).map(({ id }) => id);

it('puts the closest name first', () => {
  expect(found('荣耀')).toEqual(['荣耀', '荣耀世纪小区', '新荣耀花园']);
});

it('reads English and full-width letters', () => {
  expect(found('century')).toEqual(['荣耀世纪小区']);
  expect(found('RONGYAO c')).toEqual(['荣耀世纪小区']);
});

it('finds nothing for nothing, nor what has no name of its own', () => {
  expect(found('  ')).toEqual([]);
  expect(found('住宅')).toEqual([]);
});

it('stops at the limit', () => {
  expect(matchCompounds(compounds, '荣', 2)).toHaveLength(2);
});
