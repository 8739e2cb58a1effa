import { describe, expect, it, vi } from 'vitest';
import { ApiError, type Api } from '../../src/api';
import type { CompoundFeature, GateFeature, Origin } from '../../src/api-types';
import { boxAround, metresBetween, metresToBox } from '../../src/geometry';
import {
  compoundNear,
  isFromOlderVersion,
  isKey,
  isRenamed,
  presentPlace,
  standIn,
} from '../../src/stand-in';
import type { Place } from '../../src/state';

const at = { lon: 126.6, lat: 45.75 };
/** So many metres east of the place. */
const east = (metres: number): number =>
  at.lon + metres / (111_320 * Math.cos((at.lat * Math.PI) / 180));

const gate = (id: string, metres: number, locked = false): GateFeature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [east(metres), at.lat] },
  properties: { id, name: null, compound_id: `w${id}`, locked },
});

/** A strip, 20 m high, between so many metres east of the place. */
const compound = (id: string, from: number, to: number): CompoundFeature =>
  ({
    type: 'Feature',
    geometry: {
      type: 'LineString',
      coordinates: [
        [east(from), at.lat - 0.0001],
        [east(to), at.lat + 0.0001],
      ],
    },
    properties: { id },
  }) as CompoundFeature;

const gone = (nearest?: { id: string }): ApiError =>
  new ApiError(nearest ? 410 : 404, nearest ? { nearest } : {});

function instead(
  place: Place,
  error: unknown,
  gates: GateFeature[] = [],
  compounds: CompoundFeature[] = [],
): ReturnType<typeof standIn> {
  const api = { gatesNear: async () => gates } as unknown as Api;
  return standIn(place, error, api, async () => compounds, new AbortController().signal);
}

describe('what stands in for a gate that is gone', () => {
  const board: Place = { kind: 'gate', id: 'n1', at };

  it('is the nearest gate that is not locked to where the board hangs', async () => {
    const gates = [gate('n2', 90), gate('n3', 30), gate('n4', 10, true)];
    const place = { kind: 'gate', id: 'n3', compound: 'wn3' };
    for (const error of [gone(), gone({ id: 'n9' })]) {
      expect(await instead(board, error, gates)).toEqual({ place, how: 'near' });
    }
  });

  it('is the nearest compound where no gate is near, and the bare place where nothing is', async () => {
    const compounds = [compound('w1', 700, 900), compound('w2', 600, 1500)];
    const place = { kind: 'compound', id: 'w2' };
    expect(await instead(board, gone(), [], compounds)).toEqual({ place, how: 'near' });
    const spot = { place: { kind: 'point', ...at }, how: 'spot' };
    expect(await instead(board, gone(), [], [compound('w1', 2500, 2600)])).toEqual(spot);
    expect(await instead(board, gone(), [gate('n2', 501)])).toEqual(spot);
  });

  it('is its compound where the link has no place, then what the server names', async () => {
    const of = { kind: 'gate', id: 'n1', compound: 'w7' } as const;
    const own = { place: { kind: 'compound', id: 'w7' }, how: 'own' };
    expect(await instead(of, gone({ id: 'n9' }))).toEqual(own);
    const near = { place: { kind: 'gate', id: 'n9' }, how: 'near' };
    expect(await instead({ kind: 'gate', id: 'n1' }, gone({ id: 'n9' }))).toEqual(near);
    expect(await instead({ kind: 'gate', id: 'n1' }, gone())).toBeNull();
  });

  it('is nothing where the server failed otherwise', async () => {
    for (const error of [new ApiError(503, {}), new ApiError(400, {}), new Error()]) {
      expect(await instead(board, error, [gate('n2', 1)])).toBeNull();
    }
    expect(await instead({ kind: 'point', ...at }, gone())).toBeNull();
  });
});

it('takes the compound whose box holds the place, the middle of several deciding', () => {
  const holding = [compound('w1', -20, 400), compound('w2', -50, 40), compound('w3', 5, 6)];
  expect(compoundNear(holding, at)).toBe('w2');
  expect(compoundNear(holding.slice(2), at)).toBe('w3');
  expect(compoundNear([], at)).toBeNull();
});

it('knows links of older versions by their row numbers', () => {
  expect(isFromOlderVersion({ kind: 'compound', id: '12' })).toBe(true);
  expect(isFromOlderVersion({ kind: 'gate', id: '34', compound: '12' })).toBe(true);
  expect(isFromOlderVersion({ kind: 'gate', id: '34', at })).toBe(false);
  expect(isFromOlderVersion({ kind: 'compound', id: 'w12' })).toBe(false);
  expect(isFromOlderVersion({ kind: 'compound', id: '荣耀世纪小区' })).toBe(false);
});

it('tells keys from names', () => {
  for (const key of ['w123', 'n-5', 'w123.w789-2', 'w123.ne', 'xabcdefghij27', 'w1-ab2c']) {
    expect([key, isKey(key)]).toEqual([key, true]);
  }
  for (const name of ['荣耀世纪小区', 'west', 'xanadu', '12', 'w', 'W12']) {
    expect([name, isKey(name)]).toEqual([name, false]);
  }
});

describe('the place under its present keys', () => {
  const origin: Origin = {
    lon: 0,
    lat: 0,
    status: 'ok',
    compound_id: 'w2',
    gates: [{ id: 'n2', lon: 0, lat: 0, name: null, provenance: 'mapped' }],
  };
  const of = (place: Place): Place => presentPlace(place, origin);

  it('is what the answer says, without what the link knew of where it stood', () => {
    expect(of({ kind: 'gate', id: 'n1', at })).toEqual({ kind: 'gate', id: 'n2', compound: 'w2' });
    expect(of({ kind: 'compound', id: '甲', at })).toEqual({ kind: 'compound', id: 'w2' });
    const point = { kind: 'point', ...at } as const;
    expect(of(point)).toBe(point);
  });

  it('has another number where the link had a key of its own, not where it had a name', () => {
    const renamed = (place: Place): boolean => isRenamed(place, of(place));
    expect(renamed({ kind: 'gate', id: 'n1' })).toBe(true);
    expect(renamed({ kind: 'gate', id: 'n2' })).toBe(false);
    expect(renamed({ kind: 'compound', id: 'w1' })).toBe(true);
    expect(renamed({ kind: 'compound', id: '荣耀世纪小区' })).toBe(false);
  });
});

it('measures metres in a city', () => {
  expect(metresBetween(at, { lon: east(100), lat: at.lat })).toBeCloseTo(100, 3);
  const box = boxAround(at, 500);
  expect(metresToBox(at, box)).toBe(0);
  expect(metresToBox({ lon: east(600), lat: at.lat }, box)).toBeCloseTo(100, 3);
  expect(metresToBox({ lon: at.lon, lat: at.lat + 600 / 111_320 }, box)).toBeCloseTo(100, 3);
});

it('asks the server for gates only where the link says where the gate was', async () => {
  const gatesNear = vi.fn(async () => []);
  const api = { gatesNear } as unknown as Api;
  const { signal } = new AbortController();
  await standIn({ kind: 'gate', id: 'n1' }, gone({ id: 'n9' }), api, async () => [], signal);
  await standIn({ kind: 'compound', id: 'w1', at }, gone(), api, async () => [], signal);
  expect(gatesNear).not.toHaveBeenCalled();
});
