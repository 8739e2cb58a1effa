import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/api/types';
import { choiceOf, showsFindings, unitLevel, withoutUnknown } from '../../src/state/choice';
import { parseHash } from '../../src/state/link';

const settings = {
  profiles: [{ id: 'adult' }, { id: 'elderly' }],
  default_profile: 'adult',
  rule_sets: [{ id: 'board' }, { id: 'mofcom' }],
  default_rules: 'board',
  bands: [5, 10, 15],
  groups: [{ id: 'shop' }],
  levels: [{ id: 'compound' }, { id: 'district' }],
} as unknown as Settings;

describe('choice', () => {
  it('is_taken_from_the_link_if_the_city_has_it', () => {
    const choice = choiceOf(parseHash('#profile=elderly&rules=mofcom&minutes=8,20'), settings)!;
    expect(choice.profile.id).toBe('elderly');
    expect(choice.rules.id).toBe('mofcom');
    expect([choice.bands, choice.minutes]).toEqual([[8, 20], 20]);
  });

  it('is_the_default_of_the_server_if_the_link_has_none_or_an_unknown_one', () => {
    for (const hash of ['', '#profile=jogger&rules=none']) {
      const choice = choiceOf(parseHash(hash), settings)!;
      expect(choice.key).toBe('board adult 5,10,15');
      expect(choice.minutes).toBe(15);
    }
  });

  it('as_mapped_is_another_choice', () => {
    const choice = choiceOf(parseHash('#as_mapped=1'), settings)!;
    expect([choice.asMapped, choice.key]).toEqual([true, 'board adult 5,10,15 as mapped']);
  });

  it('is_null_without_profiles', () => {
    expect(choiceOf(parseHash(''), { ...settings, profiles: [] })).toBeNull();
  });

  it('values_unknown_to_the_city_are_dropped', () => {
    const state = parseHash('#profile=jogger&rules=mofcom&group=harbour&table=grid');
    const { profile, rules, group, table } = withoutUnknown(state, settings);
    expect([profile, rules, group, table]).toEqual([null, 'mofcom', null, null]);
    expect(withoutUnknown(parseHash('#table=district'), settings).table).toBe('district');
  });

  it('units_are_shown_for_levels_and_findings_beside_any_table', () => {
    const of = (hash: string): unknown[] => {
      const state = parseHash(hash);
      return [unitLevel(state), showsFindings(state)];
    };
    expect(of('')).toEqual([null, false]);
    expect(of('#findings=true')).toEqual([null, false]);
    expect(of('#table=compound&findings=true')).toEqual([null, true]);
    expect(of('#table=district')).toEqual(['district', false]);
    expect(of('#table=findings')).toEqual([null, true]);
  });
});
