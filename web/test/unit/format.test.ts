import { describe, expect, it } from 'vitest';
import * as format from '../../src/i18n/format';

describe('format', () => {
  it('minutes_are_rounded_up', () => {
    expect([0, 1, 60, 60.001, 359.9].map(format.minutesUp)).toEqual([0, 1, 1, 2, 6]);
  });

  it('metres_are_rounded_to_the_metre', () => {
    expect(format.metres(1230.4, 'zh')).toBe('1,230');
  });

  it('small_areas_are_in_hectares', () => {
    expect(format.hectaresOrKm2(43_200, 'zh')).toEqual({ value: '4.3', unit: 'ha' });
    expect(format.hectaresOrKm2(2_354_000, 'en')).toEqual({ value: '2.35', unit: 'km2' });
  });

  it('directions_are_rounded_to_octants', () => {
    expect([0, 22, 23, 90, 180, 359, -90].map(format.octant)).toEqual([0, 0, 1, 2, 4, 0, 6]);
  });

  it('only_valid_dates_are_shown', () => {
    expect(format.day('2024-04-09T17:37:50Z')).toBe('2024-04-09');
    expect(format.day(null)).toBeNull();
    expect(format.day('soon')).toBeNull();
  });

  it('templates_are_filled', () => {
    expect(format.fill('{n} / {m} {x}', { n: 1, m: 2 })).toBe('1 / 2 {x}');
    expect(format.chineseCount(2)).toBe('两');
  });
});
