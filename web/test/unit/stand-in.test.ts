import { describe, expect, it, vi } from 'vitest';
import { ApiError, type Api } from '../../src/api/client';
import type { CompoundFeature, GateFeature, Origin } from '../../src/api/types';
import {
  boxAround,
  metresBetween,
  metresToBox,
  metresToShape,
  squareMetres,
} from '../../src/base/geometry';
import {
  compoundAt,
  isFromOlderVersion,
  isKey,
  isRenamed,
  presentPlace,
  standIn,
} from '../../src/place/stand-in';
import type { Place } from '../../src/base/place';

const at = { lon: 126.6, lat: 45.75 };
/** The longitude `metres` east of `at`. */
const east = (metres: number): number =>
  at.lon + metres / (111_320 * Math.cos((at.lat * Math.PI) / 180));

const gate = (id: string, metres: number, of = `w${id}`, locked = false): GateFeature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [east(metres), at.lat] },
  properties: { id, name: null, compound_id: of, locked } as GateFeature['properties'],
});

type Ring = [number, number][];

/** A rectangle from `from` to `to` metres east of `at`, vertically centred on it. */
const strip = (from: number, to: number, height = 20): Ring => {
  const half = height / 2 / 111_320;
  const [south, north] = [at.lat - half, at.lat + half];
  return [
    [east(from), south],
    [east(to), south],
    [east(to), north],
    [east(from), north],
    [east(from), south],
  ];
};

const compound = (id: string, ...rings: Ring[]): CompoundFeature =>
  ({
    type: 'Feature',
    geometry: { type: 'MultiPolygon', coordinates: [rings] },
    properties: { id },
  }) as unknown as CompoundFeature;

const gone = (nearest?: { id: string }): ApiError =>
  new ApiError(nearest ? 410 : 404, nearest ? { nearest } : {});

function replacementOf(
  place: Place,
  error: unknown,
  gates: GateFeature[] = [],
  compounds: CompoundFeature[] = [],
): ReturnType<typeof standIn> {
  const api = { gatesNear: async () => gates } as unknown as Api;
  return standIn(place, error, api, async () => compounds, new AbortController().signal);
}

describe('the replacement of a gate that is gone', () => {
  const board: Place = { kind: 'gate', id: 'n1', at };

  const spot = { place: { kind: 'point', ...at }, relation: 'spot' };
  const gateOf = (id: string, of: string): unknown => ({
    place: { kind: 'gate', id, compound: of },
    relation: 'near',
  });
  const itself = (id: string): unknown => ({ place: { kind: 'compound', id }, relation: 'near' });

  it('is_the_nearest_unlocked_gate_of_the_compound_there', async () => {
    const compounds = [compound('w1', strip(-5, 200)), compound('w2', strip(-300, -25))];
    const gates = [gate('n2', 55, 'w1'), gate('n3', 40, 'w1'), gate('n4', 10, 'w1', true)];
    for (const error of [gone(), gone({ id: 'n9' })]) {
      expect(await replacementOf(board, error, gates, compounds)).toEqual(gateOf('n3', 'w1'));
    }
  });

  it('is_not_the_gate_of_another_compound_across_the_street', async () => {
    const compounds = [compound('w1', strip(0, 200)), compound('w2', strip(-40, -15))];
    const across = gate('n2', -15, 'w2');
    const far = gate('n3', 61, 'w1');
    expect(await replacementOf(board, gone(), [across, far], compounds)).toEqual(itself('w1'));
    const own = gate('n4', 59, 'w1');
    expect(await replacementOf(board, gone(), [across, far, own], compounds)).toEqual(
      gateOf('n4', 'w1'),
    );
    // A board rounds its location: here 6 m outside its own compound and 9 m from the other.
    const rounded = [compound('w1', strip(6, 200)), compound('w2', strip(-40, -9))];
    expect(await replacementOf(board, gone(), [across], rounded)).toEqual(itself('w1'));
  });

  it('is_the_compound_with_the_nearest_outline_if_none_contains_the_location', async () => {
    const compounds = [compound('w1', strip(50, 60)), compound('w2', strip(-400, -30))];
    expect(await replacementOf(board, gone(), [], compounds)).toEqual(itself('w2'));
    expect(await replacementOf(board, gone(), [], compounds.slice(0, 1))).toEqual(itself('w1'));
  });

  it('is_a_gate_close_by_or_the_bare_location_in_open_ground', async () => {
    const compounds = [compound('w1', strip(61, 900)), compound('w2', strip(-900, -300))];
    const [close, far] = [gate('n2', 29), gate('n3', 31)];
    expect(await replacementOf(board, gone(), [far, close], compounds)).toEqual(
      gateOf('n2', 'wn2'),
    );
    expect(await replacementOf(board, gone(), [far], compounds)).toEqual(spot);
    expect(await replacementOf(board, gone(), [gate('n2', 29, 'w1', true)], compounds)).toEqual(
      spot,
    );
    expect(await replacementOf(board, gone())).toEqual(spot);
  });

  it('is_the_smaller_of_two_compounds_by_its_own_gate', async () => {
    const compounds = [
      compound('w1', strip(-300, 300, 200)),
      compound('w2', strip(-20, 30)),
      compound('w3', strip(-40, 400, 100)),
    ];
    const outer = gate('n1', 5, 'w1');
    const inner = gate('n2', 30, 'w2');
    expect(await replacementOf(board, gone(), [outer, inner], compounds)).toEqual(
      gateOf('n2', 'w2'),
    );
    expect(await replacementOf(board, gone(), [outer], compounds)).toEqual(itself('w2'));
  });

  it('is_its_compound_if_the_link_has_no_location_then_the_servers_suggestion', async () => {
    const of = { kind: 'gate', id: 'n1', compound: 'w7' } as const;
    const own = { place: { kind: 'compound', id: 'w7' }, relation: 'own' };
    expect(await replacementOf(of, gone({ id: 'n9' }))).toEqual(own);
    const near = { place: { kind: 'gate', id: 'n9' }, relation: 'near' };
    expect(await replacementOf({ kind: 'gate', id: 'n1' }, gone({ id: 'n9' }))).toEqual(near);
    expect(await replacementOf({ kind: 'gate', id: 'n1' }, gone())).toBeNull();
  });

  it('is_null_after_any_other_error', async () => {
    for (const error of [new ApiError(503, {}), new ApiError(400, {}), new Error()]) {
      expect(await replacementOf(board, error, [gate('n2', 1)])).toBeNull();
    }
    expect(await replacementOf({ kind: 'point', ...at }, gone())).toBeNull();
  });
});

it('a_courtyard_or_a_bounding_box_is_not_the_compound', () => {
  const court = compound('w1', strip(-100, 100, 200), strip(-30, 30, 60));
  const around = compound('w2', strip(-500, 500, 400));
  expect(metresToShape(at, court.geometry)).toBeCloseTo(30, 3);
  expect(compoundAt([court], at)).toBe('w1');
  expect(compoundAt([court, around], at)).toBe('w2');
  const wide = compound('w3', strip(-200, 200, 400), strip(-100, 100, 200));
  expect(compoundAt([wide], at)).toBeNull();
  expect(compoundAt([], at)).toBeNull();
});

it('a_compound_that_is_a_point_counts_if_no_outline_is_nearer', () => {
  const point = (id: string, metres: number): CompoundFeature =>
    ({ ...gate(id, metres), properties: { id } }) as unknown as CompoundFeature;
  expect(compoundAt([point('w1', 59), point('w2', -40)], at)).toBe('w2');
  expect(compoundAt([point('w2', -40), compound('w3', strip(-5, 50))], at)).toBe('w3');
  expect(compoundAt([point('w1', 61)], at)).toBeNull();
});

it('the_compound_there_replaces_a_compound_that_is_gone', async () => {
  const asked: Place = { kind: 'compound', id: 'w9', at };
  const there = { place: { kind: 'compound', id: 'w1' }, relation: 'near' };
  const gates = [gate('n2', 5, 'w1')];
  expect(await replacementOf(asked, gone(), gates, [compound('w1', strip(-5, 50))])).toEqual(there);
  const spot = { place: { kind: 'point', ...at }, relation: 'spot' };
  expect(await replacementOf(asked, gone({ id: 'w2' }), gates)).toEqual(spot);
});

it('areas_exclude_holes', () => {
  const { geometry } = compound('w1', strip(0, 100, 50), strip(10, 20, 10));
  expect(squareMetres(geometry) / 4900).toBeCloseTo(1, 5);
});

it('links_of_older_versions_have_row_numbers', () => {
  expect(isFromOlderVersion({ kind: 'compound', id: '12' })).toBe(true);
  expect(isFromOlderVersion({ kind: 'gate', id: '34', compound: '12' })).toBe(true);
  expect(isFromOlderVersion({ kind: 'gate', id: '34', at })).toBe(false);
  expect(isFromOlderVersion({ kind: 'compound', id: 'w12' })).toBe(false);
  expect(isFromOlderVersion({ kind: 'compound', id: '荣耀世纪小区' })).toBe(false);
});

it('keys_differ_from_names', () => {
  for (const key of ['w123', 'n-5', 'w123.w789-2', 'w123.ne', 'xabcdefghij27', 'w1-ab2c']) {
    expect([key, isKey(key)]).toEqual([key, true]);
  }
  for (const name of ['荣耀世纪小区', 'west', 'xanadu', '12', 'w', 'W12']) {
    expect([name, isKey(name)]).toEqual([name, false]);
  }
});

describe('the place with its present keys', () => {
  const origin: Origin = {
    lon: 0,
    lat: 0,
    status: 'ok',
    through_buildings: false,
    compound_id: 'w2',
    gates: [{ id: 'n2', lon: 0, lat: 0, name: null, provenance: 'mapped' }],
  };
  const of = (place: Place): Place => presentPlace(place, origin);

  it('has_the_keys_of_the_answer_and_no_location', () => {
    expect(of({ kind: 'gate', id: 'n1', at })).toEqual({ kind: 'gate', id: 'n2', compound: 'w2' });
    expect(of({ kind: 'compound', id: '甲', at })).toEqual({ kind: 'compound', id: 'w2' });
    const point = { kind: 'point', ...at } as const;
    expect(of(point)).toBe(point);
  });

  it('is_renamed_if_the_link_had_another_key_not_if_it_had_a_name', () => {
    const renamed = (place: Place): boolean => isRenamed(place, of(place));
    expect(renamed({ kind: 'gate', id: 'n1' })).toBe(true);
    expect(renamed({ kind: 'gate', id: 'n2' })).toBe(false);
    expect(renamed({ kind: 'compound', id: 'w1' })).toBe(true);
    expect(renamed({ kind: 'compound', id: '荣耀世纪小区' })).toBe(false);
  });
});

it('distances_are_in_metres', () => {
  expect(metresBetween(at, { lon: east(100), lat: at.lat })).toBeCloseTo(100, 3);
  const box = boxAround(at, 500);
  expect(metresToBox(at, box)).toBe(0);
  expect(metresToBox({ lon: east(600), lat: at.lat }, box)).toBeCloseTo(100, 3);
  expect(metresToBox({ lon: at.lon, lat: at.lat + 600 / 111_320 }, box)).toBeCloseTo(100, 3);
});

it('gates_are_requested_only_if_the_link_gives_a_location', async () => {
  const gatesNear = vi.fn(async () => []);
  const api = { gatesNear } as unknown as Api;
  const { signal } = new AbortController();
  await standIn({ kind: 'gate', id: 'n1' }, gone({ id: 'n9' }), api, async () => [], signal);
  await standIn({ kind: 'compound', id: 'w1', at }, gone(), api, async () => [], signal);
  expect(gatesNear).not.toHaveBeenCalled();
});
