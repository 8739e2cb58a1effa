import { describe, expect, it } from 'vitest';
import * as format from '../../src/format';

describe('format', () => {
  it('rounds minutes up', () => {
    expect([0, 1, 60, 60.001, 359.9].map(format.minutesUp)).toEqual([0, 1, 1, 2, 6]);
  });

  it('rounds metres to the metre', () => {
    expect(format.metres(1230.4, 'zh')).toBe('1,230');
  });

  it('takes hectares for small areas', () => {
    expect(format.hectaresOrKm2(43_200, 'zh')).toEqual({ value: '4.3', unit: 'ha' });
    expect(format.hectaresOrKm2(2_354_000, 'en')).toEqual({ value: '2.35', unit: 'km2' });
  });

  it('finds the octant', () => {
    expect([0, 22, 23, 90, 180, 359, -90].map(format.octant)).toEqual([0, 0, 1, 2, 4, 0, 6]);
  });

  it('shows only dates that are dates', () => {
    expect(format.day('2024-04-09T17:37:50Z')).toBe('2024-04-09');
    expect(format.day(null)).toBeNull();
    expect(format.day('soon')).toBeNull();
  });

  it('fills templates', () => {
    expect(format.fill('{n} / {m} {x}', { n: 1, m: 2 })).toBe('1 / 2 {x}');
    expect(format.chineseCount(2)).toBe('两');
  });
});
