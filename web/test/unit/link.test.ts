import { describe, expect, it } from 'vitest';
import { parsePoint, samePlace } from '../../src/base/place';
import { formatHash, parseHash, parseMinutes } from '../../src/state/link';
import { initialState, type ViewState } from '../../src/state/view';

describe('link', () => {
  it('is_empty_for_the_first_view', () => {
    expect(formatHash(initialState)).toBe('#');
    expect(parseHash('')).toEqual(initialState);
  });

  it('restores_the_whole_view', () => {
    const state = {
      lang: 'en',
      theme: 'dark',
      profile: 'elder',
      rules: 'board',
      place: { kind: 'compound', id: 'w/1&2' },
      minutes: [10, 20],
      asMapped: true,
      group: 'shi',
      line: '小学',
      colour: 'minutes',
      table: 'subdistrict',
      findings: true,
      mark: 'w12',
      camera: { zoom: 14.25, lat: 45.7512, lon: 126.6301 },
    } satisfies ViewState;
    expect(parseHash(formatHash(state))).toEqual(state);
  });

  it('as_mapped_is_off_unless_given', () => {
    expect(formatHash({ ...initialState, asMapped: true })).toBe('#as_mapped=1');
    expect(parseHash('#as_mapped=1').asMapped).toBe(true);
    expect(parseHash('#as_mapped=0').asMapped).toBe(false);
  });

  it('contains_a_point', () => {
    const place = { kind: 'point', lon: 126.63, lat: 45.76 } as const;
    const hash = formatHash({ ...initialState, place });
    expect(hash).toBe('#at=126.63,45.76');
    expect(parseHash(hash).place).toEqual(place);
  });

  it('contains_a_gate_with_its_compound_or_with_its_location_as_on_a_board', () => {
    const of = (place: ViewState['place']): string => formatHash({ ...initialState, place });
    const ofCompound = { kind: 'gate', id: 'n456', compound: 'w123' } as const;
    expect(of(ofCompound)).toBe('#compound=w123&gate=n456');
    expect(parseHash('#compound=w123&gate=n456').place).toEqual(ofCompound);
    const ofBoard = { kind: 'gate', id: 'w1.w789-2', at: { lon: 126.6433, lat: 45.7579 } } as const;
    expect(of(ofBoard)).toBe('#gate=w1.w789-2&at=126.6433,45.7579');
    expect(parseHash('#gate=w1.w789-2&at=126.6433,45.7579').place).toEqual(ofBoard);
    expect(parseHash('#compound=w1&at=126.6,45.7').place).toEqual({
      kind: 'compound',
      id: 'w1',
      at: { lon: 126.6, lat: 45.7 },
    });
    expect(parseHash('#gate=n1&at=here').place).toEqual({ kind: 'gate', id: 'n1' });
  });

  it('invalid_values_are_ignored', () => {
    expect(parseHash('#at=here&map=1/2&theme=pink&lang=fr')).toEqual(initialState);
    expect(parseHash('#map=12/99/126').camera).toBeNull();
    expect(parseHash('#map=12/45/1e308').camera).toBeNull();
    expect(parsePoint('126.6,')).toBeNull();
    expect(parsePoint('200,45')).toBeNull();
    for (const text of ['', '0', '5,x', '121', '1.5', '1,2,3,4,5,6,7']) {
      expect(parseMinutes(text)).toBeNull();
    }
    expect(parseMinutes('20,10,20')).toEqual([10, 20]);
  });
});

describe('samePlace', () => {
  it('compares_kind_and_key', () => {
    const compound = { kind: 'compound', id: '1' } as const;
    expect(samePlace(null, null)).toBe(true);
    expect(samePlace(compound, { ...compound })).toBe(true);
    expect(samePlace(compound, null)).toBe(false);
    const gate = { kind: 'gate', id: '1', compound: 'w1' } as const;
    expect(samePlace(compound, gate)).toBe(false);
    expect(samePlace(gate, compound)).toBe(false);
    expect(samePlace(gate, { kind: 'gate', id: '1', at: { lon: 1, lat: 2 } })).toBe(true);
    expect(samePlace({ kind: 'point', lon: 1, lat: 2 }, { kind: 'point', lon: 1, lat: 3 })).toBe(
      false,
    );
  });
});
