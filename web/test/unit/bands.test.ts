import type { Feature, Polygon, MultiPolygon } from 'geojson';
import { describe, expect, it } from 'vitest';
import { metresToShape, squareMetres, type Ring } from '../../src/base/geometry';
import { ringFeatures } from '../../src/place/bands';

/** Degrees of one cell of the grid that shapes are drawn on. */
const cell = 1e-4;
/** Degrees with seven decimals, as the server writes them. */
const degrees = (base: number, cells: number): number => Number((base + cells * cell).toFixed(7));
const at = (x: number, y: number): [number, number] => [degrees(126.6, x), degrees(45.75, y)];

/** A rectangle in cells, counter-clockwise. */
const box = (west: number, south: number, east: number, north: number): Ring => [
  at(west, south),
  at(east, south),
  at(east, north),
  at(west, north),
  at(west, south),
];
const hole = (ring: Ring): Ring => [...ring].reverse();

const disc = (...polygons: Ring[][]): Feature<MultiPolygon, null> => ({
  type: 'Feature',
  geometry: { type: 'MultiPolygon', coordinates: polygons },
  properties: null,
});

const isInside = (x: number, y: number, geometry: MultiPolygon | Polygon): boolean => {
  const [lon, lat] = at(x + 0.5, y + 0.5);
  return metresToShape({ lon, lat }, geometry) === 0;
};

/** Compares every cell of a grid with the definition: within the disc and not within the one before. */
function expectRings(...discs: Feature<MultiPolygon, null>[]): MultiPolygon[] {
  const rings = ringFeatures(discs).map(({ geometry }) => geometry);
  rings.forEach((ring, index) => {
    const wrong: string[] = [];
    for (let x = -2; x < 32; x += 1) {
      for (let y = -2; y < 32; y += 1) {
        const inner = discs[index - 1];
        const expected =
          isInside(x, y, discs[index]!.geometry) && !(inner && isInside(x, y, inner.geometry));
        // The map fills each polygon separately, so each is tested separately.
        const filled = ring.coordinates.filter((polygon) =>
          isInside(x, y, { type: 'Polygon', coordinates: polygon }),
        ).length;
        if (filled !== (expected ? 1 : 0)) wrong.push(`${index}: ${x},${y}`);
      }
    }
    expect(wrong).toEqual([]);
  });
  const areas = rings.map(squareMetres);
  discs.forEach(({ geometry }, index) => {
    const sum = areas.slice(0, index + 1).reduce((all, area) => all + area, 0);
    expect(sum / squareMetres(geometry)).toBeCloseTo(1, 6);
  });
  return rings;
}

describe('the rings of discs', () => {
  it('are_each_disc_without_the_one_before', () => {
    expectRings(disc([box(10, 10, 20, 20)]), disc([box(5, 5, 25, 25)]), disc([box(0, 0, 30, 30)]));
  });

  it('fill_holes_of_the_inner_disc_and_have_the_holes_of_the_outer', () => {
    expectRings(
      disc([box(5, 5, 25, 25), hole(box(8, 8, 18, 18)), hole(box(20, 20, 23, 23))]),
      disc([box(0, 0, 30, 30), hole(box(10, 10, 12, 12)), hole(box(1, 1, 3, 3))]),
    );
  });

  it('have_no_part_where_both_discs_have_the_same_hole', () => {
    // Another first corner, and a corner on a straight side: contours of one wall.
    const [first, ...rest] = box(10, 10, 14, 14).slice(1);
    const turned = [...rest, first!, rest[0]!];
    const [, ring] = expectRings(
      disc([box(5, 5, 25, 25), hole(turned)]),
      disc([
        box(0, 0, 30, 30),
        hole([...box(10, 10, 14, 14).slice(0, 1), at(12, 10), ...box(10, 10, 14, 14).slice(1)]),
      ]),
    );
    expect(ring!.coordinates).toHaveLength(1);
    expect(ring!.coordinates[0]).toHaveLength(2);
  });

  it('are_empty_where_the_longer_band_adds_no_area', () => {
    const island = [box(2, 2, 6, 6)];
    const [, ring] = expectRings(
      disc([box(10, 10, 20, 20)], island),
      disc([box(8, 8, 22, 22)], island),
    );
    expect(ring!.coordinates).toHaveLength(1);
    const [, nothing] = expectRings(disc(island), disc(island));
    expect(nothing!.coordinates).toEqual([]);
  });

  it('may_share_a_side', () => {
    expectRings(disc([box(0, 0, 10, 30)]), disc([box(0, 0, 30, 30)]));
    expectRings(
      disc([box(0, 0, 20, 20), hole(box(4, 4, 10, 10))]),
      disc([box(0, 0, 30, 30), hole(box(4, 4, 10, 7))]),
    );
  });

  it('nest_islands_in_holes_in_islands', () => {
    expectRings(
      disc(
        [box(4, 4, 26, 26), hole(box(8, 8, 22, 22))],
        [box(12, 12, 18, 18), hole(box(14, 14, 16, 16))],
      ),
      disc([box(0, 0, 30, 30), hole(box(9, 9, 21, 21))], [box(11, 11, 19, 19)]),
    );
  });
});
