import type { Geometry, MultiPolygon, Polygon, Position } from 'geojson';
import type { LonLat } from './place';

export type Box = [west: number, south: number, east: number, north: number];

/** A closed ring. */
export type Ring = Position[];

const metresPerDegree = 111_320;
/** Length of a degree of longitude relative to one of latitude. */
const eastScale = ({ lat }: LonLat): number => Math.cos((lat * Math.PI) / 180);

function eachPosition(geometry: Geometry, visit: (position: Position) => void): void {
  const walk = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates)) return;
    if (typeof coordinates[0] === 'number') visit(coordinates as Position);
    else coordinates.forEach(walk);
  };
  if (geometry.type === 'GeometryCollection') {
    geometry.geometries.forEach((part) => eachPosition(part, visit));
  } else {
    walk(geometry.coordinates);
  }
}

export function polygonsOf(geometry: Geometry): Polygon['coordinates'][] {
  if (geometry.type === 'Polygon') return [geometry.coordinates];
  return geometry.type === 'MultiPolygon' ? geometry.coordinates : [];
}

export function multiPolygon(coordinates: MultiPolygon['coordinates']): MultiPolygon {
  return { type: 'MultiPolygon', coordinates };
}

/** Straight-line distance in metres. Planar: accurate only within a city. */
export function metresBetween(a: LonLat, b: LonLat): number {
  return metresPerDegree * Math.hypot((b.lon - a.lon) * eastScale(a), b.lat - a.lat);
}

/** Metres to the box; 0 inside. */
export function metresToBox(place: LonLat, [west, south, east, north]: Box): number {
  const clamp = (value: number, low: number, high: number): number =>
    Math.min(Math.max(value, low), high);
  const lon = clamp(place.lon, west, east);
  return metresBetween(place, { lon, lat: clamp(place.lat, south, north) });
}

/** The box that contains everything within `metres` of a place. */
export function boxAround({ lon, lat }: LonLat, metres: number): Box {
  const north = metres / metresPerDegree;
  const east = north / Math.max(0.01, eastScale({ lon, lat }));
  return [lon - east, lat - north, lon + east, lat + north];
}

interface Metres {
  x: number;
  y: number;
}

function metresToLine(from: Metres, to: Metres): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = -(from.x * dx + from.y * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(Math.max(along, 0), 1);
  return Math.hypot(from.x + share * dx, from.y + share * dy);
}

/** Metres to a polygon (0 inside) or a point; `Infinity` for other geometries. */
export function metresToShape(place: LonLat, geometry: Geometry): number {
  const scale = eastScale(place);
  const fromPlace = ([lon, lat]: Position): Metres => ({
    x: (lon! - place.lon) * metresPerDegree * scale,
    y: (lat! - place.lat) * metresPerDegree,
  });
  if (geometry.type === 'Point') {
    const { x, y } = fromPlace(geometry.coordinates);
    return Math.hypot(x, y);
  }
  let least = Infinity;
  for (const rings of polygonsOf(geometry)) {
    // Even–odd rule over all rings, so that a hole is outside.
    let inside = false;
    for (const ring of rings) {
      const corners = ring.map(fromPlace);
      corners.slice(1).forEach((to, before) => {
        const from = corners[before]!;
        least = Math.min(least, metresToLine(from, to));
        if (from.y > 0 === to.y > 0) return;
        if (from.x - (from.y * (to.x - from.x)) / (to.y - from.y) > 0) inside = !inside;
      });
    }
    if (inside) return 0;
  }
  return least;
}

/** Square metres that a ring encloses, whatever its direction. */
export function ringSquareMetres(ring: Ring): number {
  const [lon, lat] = ring[0] ?? [0, 0];
  let twice = 0;
  ring.slice(1).forEach((to, before) => {
    const from = ring[before]!;
    twice += (from[0]! - lon!) * (to[1]! - lat!) - (to[0]! - lon!) * (from[1]! - lat!);
  });
  return (Math.abs(twice) / 2) * metresPerDegree ** 2 * eastScale({ lon: lon!, lat: lat! });
}

/** Square metres of a geometry without its holes; 0 if it is not a polygon. */
export function squareMetres(geometry: Geometry): number {
  let sum = 0;
  for (const rings of polygonsOf(geometry)) {
    rings.forEach((ring, hole) => {
      const area = ringSquareMetres(ring);
      sum += hole === 0 ? area : -area;
    });
  }
  return sum;
}

export function boxOf(geometries: Geometry[]): Box | null {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries) {
    eachPosition(geometry, ([lon, lat]) => {
      box[0] = Math.min(box[0], lon!);
      box[1] = Math.min(box[1], lat!);
      box[2] = Math.max(box[2], lon!);
      box[3] = Math.max(box[3], lat!);
    });
  }
  return Number.isFinite(box[0]) ? box : null;
}

export function centreOf(geometry: Geometry | null): [number, number] | null {
  const box = geometry && boxOf([geometry]);
  return box && [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

/** The box of the points without the outermost share `outside` on each side. */
export function coreBox(points: [number, number][], outside: number): Box | null {
  if (points.length === 0) return null;
  const at = (axis: 0 | 1, share: number): number => {
    const sorted = points.map((point) => point[axis]).sort((a, b) => a - b);
    return sorted[Math.round(share * (sorted.length - 1))]!;
  };
  return [at(0, outside), at(1, outside), at(0, 1 - outside), at(1, 1 - outside)];
}
