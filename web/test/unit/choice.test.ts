import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/api-types';
import { choiceOf, showsFindings, unitLevel, withoutUnknown } from '../../src/choice';
import { parseHash } from '../../src/state';

const settings = {
  profiles: [{ id: 'adult' }, { id: 'elderly' }],
  default_profile: 'adult',
  rule_sets: [{ id: 'board' }, { id: 'mofcom' }],
  default_rules: 'board',
  bands: [5, 10, 15],
  groups: [{ id: 'shop' }],
  levels: [{ id: 'compound' }, { id: 'district' }],
} as unknown as Settings;

describe('the choice', () => {
  it('is the link’s where the city has it', () => {
    const choice = choiceOf(parseHash('#profile=elderly&rules=mofcom&minutes=8,20'), settings)!;
    expect(choice.profile.id).toBe('elderly');
    expect(choice.rules.id).toBe('mofcom');
    expect([choice.bands, choice.minutes]).toEqual([[8, 20], 20]);
  });

  it('is the server’s where the link has none, or one that is not there', () => {
    for (const hash of ['', '#profile=jogger&rules=none']) {
      const choice = choiceOf(parseHash(hash), settings)!;
      expect(choice.asked).toBe('board adult 5,10,15');
      expect(choice.minutes).toBe(15);
    }
  });

  it('is another judgement where the map counts as complete', () => {
    const choice = choiceOf(parseHash('#as_mapped=1'), settings)!;
    expect([choice.asMapped, choice.asked]).toEqual([true, 'board adult 5,10,15 as mapped']);
  });

  it('is none where the server has none', () => {
    expect(choiceOf(parseHash(''), { ...settings, profiles: [] })).toBeNull();
  });

  it('forgets what this city does not have', () => {
    const state = parseHash('#profile=jogger&rules=mofcom&group=harbour&table=grid');
    const { profile, rules, group, table } = withoutUnknown(state, settings);
    expect([profile, rules, group, table]).toEqual([null, 'mofcom', null, null]);
    expect(withoutUnknown(parseHash('#table=district'), settings).table).toBe('district');
  });

  it('shows units for their levels alone, and findings beside any table', () => {
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
