import { describe, expect, it } from 'vitest';
import { judgedQuery } from '../../src/api/address';
import {
  aboutPeople,
  completenessWords,
  isComplete,
  rangeWords,
  shareWords,
  sharesOf,
} from '../../src/city/evidence';
import { messages, messagesOf } from '../../src/i18n';

const source = (
  completeness: number | null,
  known = 3,
): Parameters<typeof completenessWords>[0] => ({
  completeness,
  known,
  expected: null,
});

describe('evidence', () => {
  it('data_is_complete_from_the_least_completeness_on', () => {
    const least = { least: 0.5, asMapped: false };
    const complete = [0.5, 1, 0.499, 0, null].map((share) => isComplete(source(share), least));
    expect(complete).toEqual([true, true, false, false, false]);
    expect(isComplete(undefined, least)).toBe(false);
  });

  it('completeness_is_given_in_whole_percent', () => {
    const { zh } = messages;
    expect(completenessWords(source(0.02), zh)).toBe('地图约含 2%');
    expect(completenessWords(source(0.004), zh)).toBe('地图含不到 1%');
    // An area may have none at all.
    expect(completenessWords(source(0, 0), zh)).toBe('地图约含 0%');
    expect(completenessWords(source(null), zh)).toBe('地图含多少不详');
    expect(shareWords(source(0.004), zh)).toBe('不到 1%');
    expect(shareWords(source(0, 0), zh)).toBe('0%');
  });

  it('people_are_given_with_three_significant_digits', () => {
    const { zh, en } = messages;
    expect(aboutPeople(1_033_871, 'zh', zh)).toBe('约 103 万人');
    expect(aboutPeople(12_345, 'zh', zh)).toBe('约 1.23 万人');
    expect(aboutPeople(8_347, 'zh', zh)).toBe('约 8,350 人');
    expect(aboutPeople(1_033_871, 'en', en)).toBe('about 1,030,000 people');
  });

  it('a_share_is_a_range_unless_under_5_percent_is_unknown', () => {
    expect(sharesOf(35, 20, 45)).toEqual({ proven: 0.35, possible: 0.8, exact: null });
    expect(sharesOf(57, 38, 5)!.exact).toBeNull();
    expect(sharesOf(72, 24, 4)!.exact).toBe(0.75);
    expect(sharesOf(0, 0, 0)).toBeNull();
    expect(rangeWords(0.35, 0.8, null)).toBe('35–80%');
    expect(rangeWords(0.72, 0.76, 0.75)).toBe('75%');
    // Rounded outwards.
    expect(rangeWords(0.359, 0.801, null)).toBe('35–81%');
  });

  it('as_mapped_is_in_the_query_only_if_chosen', () => {
    const judged = { rules: { id: 'board' }, profile: { id: 'adult' }, bands: [5, 15] };
    const query = { rules: 'board', profile: 'adult', minutes: '5,15' };
    expect(judgedQuery({ ...judged, asMapped: true })).toEqual({ ...query, as_mapped: 'true' });
    expect(judgedQuery({ ...judged, asMapped: false })).toEqual(query);
  });

  it('as_mapped_texts_claim_no_proof', () => {
    for (const lang of ['zh', 'en'] as const) {
      const text = messagesOf(lang, true);
      const texts = [text.lacking, text.worst, text.legend, text.placeLacks, text.lineSentence];
      for (const words of texts) expect(words).not.toMatch(/确定|proven/);
      expect(messagesOf(lang, false)).toBe(messages[lang]);
    }
  });
});
