import { describe, expect, it } from 'vitest';
import { judgedQuery } from '../../src/api';
import {
  aboutPeople,
  areaNear,
  carries,
  holdsWords,
  rangeWords,
  shareWords,
  sharesOf,
} from '../../src/evidence';
import { messages, messagesOf } from '../../src/i18n';
import { summarise } from '../../src/coverage';
import { city, compound, rules } from './fixtures';

const source = (completeness: number | null, known = 3): Parameters<typeof holdsWords>[0] => ({
  completeness,
  known,
  expected: null,
});

describe('evidence', () => {
  it('carries a gap from half of what is expected on', () => {
    const least = { least: 0.5, asMapped: false };
    const carried = [0.5, 1, 0.499, 0, null].map((share) => carries(source(share), least));
    expect(carried).toEqual([true, true, false, false, false]);
    expect(carries(undefined, least)).toBe(false);
  });

  it('says how much the map holds', () => {
    const { zh } = messages;
    expect(holdsWords(source(0.02), zh)).toBe('地图约含 2%');
    expect(holdsWords(source(0.004), zh)).toBe('地图含不到 1%');
    // None of an area may be, and the nearest lie beyond it.
    expect(holdsWords(source(0, 0), zh)).toBe('地图约含 0%');
    expect(holdsWords(source(null), zh)).toBe('地图含多少不详');
    expect(shareWords(source(0.004), zh)).toBe('不到 1%');
    expect(shareWords(source(0, 0), zh)).toBe('0%');
  });

  it('says people with three digits at most', () => {
    const { zh, en } = messages;
    expect(aboutPeople(1_033_871, 'zh', zh)).toBe('约 103 万人');
    expect(aboutPeople(12_345, 'zh', zh)).toBe('约 1.23 万人');
    expect(aboutPeople(8_347, 'zh', zh)).toBe('约 8,350 人');
    expect(aboutPeople(1_033_871, 'en', en)).toBe('about 1,030,000 people');
  });

  it('gives a share as a range, and as one figure only where hardly anything is unknown', () => {
    expect(sharesOf(35, 20, 45)).toEqual({ proven: 0.35, possible: 0.8, exact: null });
    expect(sharesOf(57, 38, 5)!.exact).toBeNull();
    expect(sharesOf(72, 24, 4)!.exact).toBe(0.75);
    expect(sharesOf(0, 0, 0)).toBeNull();
    expect(rangeWords(0.35, 0.8, null)).toBe('35–80%');
    expect(rangeWords(0.72, 0.76, 0.75)).toBe('75%');
    // Neither end is rounded towards the other.
    expect(rangeWords(0.359, 0.801, null)).toBe('35–81%');
  });

  it('takes the area of the nearest compound', () => {
    const [compounds, verdicts] = city(
      compound('甲', ['covered', 'gap', 'unknown']),
      compound('乙', ['covered', 'gap', 'unknown']),
    );
    compounds.features[1]!.geometry = { type: 'Point', coordinates: [126.9, 45.7] };
    const summary = summarise(compounds, { ...verdicts, area_of: [2, 1] }, rules);
    expect(areaNear(summary, 126.62, 45.7)).toBe(2);
    expect(areaNear(summary, 126.88, 45.7)).toBe(1);
    expect(areaNear({ ...summary, compounds: [] }, 126.9, 45.7)).toBe(0);
  });

  it('asks for the map as it is only where it is told to', () => {
    const judged = { rules: { id: 'board' }, profile: { id: 'adult' }, bands: [5, 15] };
    const query = { rules: 'board', profile: 'adult', minutes: '5,15' };
    expect(judgedQuery({ ...judged, asMapped: true })).toEqual({ ...query, as_mapped: 'true' });
    expect(judgedQuery({ ...judged, asMapped: false })).toEqual(query);
  });

  it('claims no proof where the map counts as complete', () => {
    for (const lang of ['zh', 'en'] as const) {
      const text = messagesOf(lang, true);
      const said = [text.lacking, text.worst, text.legend, text.placeLacks, text.lineSentence];
      for (const words of said) expect(words).not.toMatch(/确定|proven/);
      expect(messagesOf(lang, false)).toBe(messages[lang]);
    }
  });
});
