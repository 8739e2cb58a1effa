/** The rings between bands, from the discs of an isochrone answer. */
import type { Feature, Geometry, MultiPolygon, Position } from 'geojson';
import { multiPolygon, polygonsOf, ringSquareMetres, type Ring } from '../base/geometry';

/** Discs, ascending, as rings: each disc without the one before, which it contains. */
export function ringFeatures<P>(discs: Feature<Geometry, P>[]): Feature<MultiPolygon, P>[] {
  return discs.map((disc, index) => {
    const inner = discs[index - 1];
    const geometry = inner
      ? difference(disc.geometry, inner.geometry)
      : multiPolygon(polygonsOf(disc.geometry));
    return { ...disc, geometry };
  });
}

/**
 * `disc` without `inner`, which lies within it. Their boundaries never cross, because both are contours of one time
 * field. So the boundaries of the difference are those of both, with the shells and holes of `inner` exchanged, and no
 * new corners arise. The two may share boundaries, for example along a wall: equal ones cancel.
 */
function difference(disc: Geometry, inner: Geometry): MultiPolygon {
  const [shells, holes] = boundariesOf(disc);
  const [innerShells, innerHoles] = boundariesOf(inner).map((list) => list.map(reversed)) as Pair;
  const [outers, cuts] = [
    [...shells, ...innerHoles],
    [...holes, ...innerShells],
  ];
  const polygons = withoutEqual(outers, cuts)
    .sort((a, b) => a.area - b.area)
    .map((outer) => ({ outer, holes: [] as Ring[] }));
  for (const cut of withoutEqual(cuts, outers)) {
    const point = pointInside(cut.ring);
    // The smallest outer ring that contains it; the tolerance covers rounding of equal areas.
    const least = cut.area * (1 - 1e-6);
    const around = polygons.find(
      ({ outer }) => outer.area >= least && point !== null && contains(outer.ring, point),
    );
    around?.holes.push(cut.ring);
  }
  return multiPolygon(polygons.map(({ outer, holes: own }) => [outer.ring, ...own]));
}

interface Boundary {
  ring: Ring;
  area: number;
  /** Equal for rings of the same shape, whatever their first corner and direction. */
  shape: string;
}

type Pair = [shells: Boundary[], holes: Boundary[]];

function boundariesOf(geometry: Geometry): Pair {
  const [shells, holes]: Pair = [[], []];
  for (const rings of polygonsOf(geometry)) {
    rings.forEach((ring, index) =>
      (index === 0 ? shells : holes).push({
        ring,
        area: ringSquareMetres(ring),
        shape: shapeOf(ring),
      }),
    );
  }
  return [shells, holes];
}

const reversed = (boundary: Boundary): Boundary => ({
  ...boundary,
  ring: [...boundary.ring].reverse(),
});

/** The server writes degrees with seven decimals; whole numbers make the test for collinear corners exact. */
const perDegree = 1e7;

function shapeOf(ring: Ring): string {
  const points = ring
    .slice(1)
    .map(([lon, lat]) => [lon! * perDegree, lat! * perDegree].map(Math.round));
  const at = (index: number): number[] => points[(index + points.length) % points.length]!;
  return points
    .filter(([x, y], index) => {
      const [before, after] = [at(index - 1), at(index + 1)];
      return (x! - before[0]!) * (after[1]! - y!) !== (y! - before[1]!) * (after[0]! - x!);
    })
    .map(([x, y]) => `${x},${y}`)
    .sort()
    .join(' ');
}

/** The boundaries that have no equal in `others`. */
function withoutEqual(boundaries: Boundary[], others: Boundary[]): Boundary[] {
  const counts = new Map<string, number>();
  for (const { shape } of others) counts.set(shape, (counts.get(shape) ?? 0) + 1);
  return boundaries.filter(({ shape }) => {
    const count = counts.get(shape) ?? 0;
    counts.set(shape, count - 1);
    return count <= 0;
  });
}

/** A point strictly inside a ring, at a latitude without a corner; `null` if the ring has no area. */
function pointInside(ring: Ring): Position | null {
  const latitudes = [...new Set(ring.map(([, lat]) => lat!))].sort((a, b) => a - b);
  const middle = latitudes.length >> 1;
  const [south, north] = [latitudes[middle - 1], latitudes[middle]];
  if (south === undefined || north === undefined) return null;
  const lat = (south + north) / 2;
  const crossings = crossingsAt(ring, lat).sort((a, b) => a - b);
  let [lon, width] = [0, 0];
  for (let at = 0; at + 1 < crossings.length; at += 2) {
    const [west, east] = [crossings[at]!, crossings[at + 1]!];
    if (east - west > width) [lon, width] = [(west + east) / 2, east - west];
  }
  return width > 0 ? [lon, lat] : null;
}

function contains(ring: Ring, [lon, lat]: Position): boolean {
  return crossingsAt(ring, lat!).filter((crossing) => crossing > lon!).length % 2 === 1;
}

/** Longitudes at which a ring crosses a latitude. */
function crossingsAt(ring: Ring, lat: number): number[] {
  const crossings: number[] = [];
  for (let at = 1; at < ring.length; at += 1) {
    const [from, to] = [ring[at - 1]!, ring[at]!];
    if (from[1]! > lat === to[1]! > lat) continue;
    crossings.push(from[0]! + ((lat - from[1]!) / (to[1]! - from[1]!)) * (to[0]! - from[0]!));
  }
  return crossings;
}
