import type { Feature, Geometry, Point, Polygon, Position } from 'geojson';
import type { BandProperties } from './api-types';
import type { LonLat } from './state';

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

export type Box = [west: number, south: number, east: number, north: number];

const metresPerDegree = 111_320;
const eastShrinks = ({ lat }: LonLat): number => Math.cos((lat * Math.PI) / 180);

/** Straight-line distance; for places of one city. */
export function metresBetween(a: LonLat, b: LonLat): number {
  return metresPerDegree * Math.hypot((b.lon - a.lon) * eastShrinks(a), b.lat - a.lat);
}

/** 0 inside. */
export function metresToBox(place: LonLat, [west, south, east, north]: Box): number {
  const clamp = (value: number, low: number, high: number): number =>
    Math.min(Math.max(value, low), high);
  const lon = clamp(place.lon, west, east);
  return metresBetween(place, { lon, lat: clamp(place.lat, south, north) });
}

/** The box that holds everything within so many metres of a place. */
export function boxAround({ lon, lat }: LonLat, metres: number): Box {
  const north = metres / metresPerDegree;
  const east = north / Math.max(0.01, eastShrinks({ lon, lat }));
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

function polygonsOf(geometry: Geometry): Polygon['coordinates'][] {
  if (geometry.type === 'Polygon') return [geometry.coordinates];
  return geometry.type === 'MultiPolygon' ? geometry.coordinates : [];
}

/** 0 inside, else how far the outline is, or the point where there is none; Infinity for other shapes. */
export function metresToShape(place: LonLat, geometry: Geometry): number {
  const shrinks = eastShrinks(place);
  const fromPlace = ([lon, lat]: Position): Metres => ({
    x: (lon! - place.lon) * metresPerDegree * shrinks,
    y: (lat! - place.lat) * metresPerDegree,
  });
  if (geometry.type === 'Point') {
    const { x, y } = fromPlace(geometry.coordinates);
    return Math.hypot(x, y);
  }
  let least = Infinity;
  for (const rings of polygonsOf(geometry)) {
    // What is inside of a hole is outside.
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

/** 0 where it has no area. */
export function squareMetres(geometry: Geometry): number {
  let sum = 0;
  for (const rings of polygonsOf(geometry)) {
    rings.forEach((ring, hole) => {
      const [lon, lat] = ring[0] ?? [0, 0];
      const shrinks = eastShrinks({ lon: lon!, lat: lat! });
      let twice = 0;
      ring.slice(1).forEach((to, before) => {
        const from = ring[before]!;
        twice += (from[0]! - lon!) * (to[1]! - lat!) - (to[0]! - lon!) * (from[1]! - lat!);
      });
      const area = (Math.abs(twice) / 2) * metresPerDegree ** 2 * shrinks;
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

/** The box that holds all but the outermost share of the points on each side. */
export function coreBox(points: [number, number][], outside: number): Box | null {
  if (points.length === 0) return null;
  const at = (axis: 0 | 1, share: number): number => {
    const sorted = points.map((point) => point[axis]).sort((a, b) => a - b);
    return sorted[Math.round(share * (sorted.length - 1))]!;
  };
  return [at(0, outside), at(1, outside), at(0, 1 - outside), at(1, 1 - outside)];
}

/** The rim's northernmost point, or southernmost for every other band, so that labels keep apart. */
export function rimLabel(
  band: Feature<Geometry, BandProperties>,
  south: boolean,
): Feature<Point, { minutes: number; index: number }> | null {
  let best: Position | null = null;
  for (const [shell] of polygonsOf(band.geometry)) {
    for (const position of shell ?? []) {
      if (!best || (south ? position[1]! < best[1]! : position[1]! > best[1]!)) best = position;
    }
  }
  return (
    best && {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: best },
      properties: { minutes: band.properties.minutes, index: 0 },
    }
  );
}
