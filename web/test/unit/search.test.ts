import { expect, it } from 'vitest';
import type { CompoundSummary } from '../../src/city/summary';
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

it('the_best_match_comes_first', () => {
  expect(found('荣耀')).toEqual(['荣耀', '荣耀世纪小区', '新荣耀花园']);
});

it('english_and_full_width_letters_match', () => {
  expect(found('century')).toEqual(['荣耀世纪小区']);
  expect(found('RONGYAO c')).toEqual(['荣耀世纪小区']);
});

it('blank_queries_and_generated_names_never_match', () => {
  expect(found('  ')).toEqual([]);
  expect(found('住宅')).toEqual([]);
});

it('results_are_limited', () => {
  expect(matchCompounds(compounds, '荣', 2)).toHaveLength(2);
});

it('pinyin_matches_in_full_by_initials_and_mixed_from_any_character', () => {
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

it('a_name_of_one_repeated_syllable_takes_no_exponential_time', () => {
  const name = syllables(Array.from({ length: 40 }, () => 'a/an/ang').join(' '));
  expect(spelledAt(name, `${'an'.repeat(19)}z`)).toBe(-1);
});

it('a_match_in_the_name_comes_before_one_in_pinyin', () => {
  const pinyin = new Map([
    ['荣耀', syllables('rong yao')],
    ['荣耀世纪小区', syllables('rong yao shi ji xiao qu')],
    ['新荣耀花园', syllables('xin rong yao hua yuan')],
  ]);
  const spelled = matchCompounds(compounds, "Rong'yao", 8, pinyin).map(({ id }) => id);
  expect(spelled).toEqual(['荣耀', '荣耀世纪小区', '新荣耀花园']);
  expect(matchCompounds(compounds, 'rongyao', 8, pinyin)[0]!.id).toBe('荣耀世纪小区');
});
