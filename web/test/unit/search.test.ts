import { expect, it } from 'vitest';
import type { CompoundSummary } from '../../src/coverage';
import { matchCompounds } from '../../src/search/match';
import { spelledAt, syllables } from '../../src/search/pinyin';

function named(name: string, nameEn: string | null = null, generatedName = false): CompoundSummary {
  return {
    row: 0,
    district: null,
    subdistrict: null,
    residents: null,
    residentsRange: null,
    residentsEstimated: false,
    id: name,
    name,
    nameEn,
    generatedName,
    centre: null,
    reached: 0,
    missing: [],
    open: [],
    unknown: false,
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

it('reads pinyin, in full, by first letters and mixed, from any character on', () => {
  const name = syllables('rong yao shi ji xiao qu/ou');
  for (const letters of [
    'rongyao',
    'ryxj',
    'rysj',
    'rysjxq',
    'rongysji',
    'rongyaoshijixiaoou',
    'r',
  ]) {
    expect([letters, spelledAt(name, letters)]).toEqual([letters, letters === 'ryxj' ? -1 : 0]);
  }
  expect(spelledAt(name, 'shiji')).toBe(2);
  expect(spelledAt(name, 'rongyaoshijixiaoqux')).toBe(-1);
  expect(spelledAt(name, '荣')).toBe(-1);
});

it('finds nothing slowly in a name of one syllable', () => {
  const name = syllables(Array.from({ length: 40 }, () => 'a/an/ang').join(' '));
  expect(spelledAt(name, `${'an'.repeat(19)}z`)).toBe(-1);
});

it('puts names before their spelling', () => {
  const pinyin = new Map([
    ['荣耀', syllables('rong yao')],
    ['荣耀世纪小区', syllables('rong yao shi ji xiao qu')],
    ['新荣耀花园', syllables('xin rong yao hua yuan')],
  ]);
  const spelled = matchCompounds(compounds, "Rong'yao", 8, pinyin).map(({ id }) => id);
  expect(spelled).toEqual(['荣耀', '荣耀世纪小区', '新荣耀花园']);
  expect(matchCompounds(compounds, 'rongyao', 8, pinyin)[0]!.id).toBe('荣耀世纪小区');
});
