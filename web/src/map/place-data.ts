import type { Feature, FeatureCollection, Geometry, Point, Position } from 'geojson';
import type { BandProperties, Category, Origin } from '../api/types';
import { polygonsOf } from '../base/geometry';
import { iconOf } from '../look/icons';
import { facilityGroup, type PlaceAnswer } from '../place/answer';
import { ringFeatures } from '../place/bands';

/** Sources of the map that show one place. */
export const placeSources = ['bands', 'discs', 'band-labels', 'facilities', 'origin'] as const;

export type PlaceData = Record<(typeof placeSources)[number], FeatureCollection>;

/** What the map draws of a place: fills, rims and labels of the bands come from one answer. */
export function placeData(
  { bands, reach, origin }: PlaceAnswer,
  categories: Category[],
): PlaceData {
  const discs = [...bands.features]
    .sort((a, b) => a.properties.minutes - b.properties.minutes)
    .map((disc, index) => ({ ...disc, properties: { ...disc.properties, index } }));
  const labels = discs.map(rimLabel).filter((label) => label !== null);
  const facilities = reach.features.map((facility) => ({
    ...facility,
    properties: {
      ...facility.properties,
      group: facilityGroup(facility),
      icon: iconOf(categories.find(({ id }) => id === facility.properties.category)),
    },
  }));
  return {
    // The widest first, so that shorter bands are drawn on top.
    bands: collection(ringFeatures(discs).reverse()),
    discs: collection([...discs].reverse()),
    'band-labels': collection(labels),
    facilities: collection(facilities),
    origin: collection(originFeatures(origin)),
  };
}

const collection = (features: Feature[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features,
});

/** `index` is the band's rank, 0 for the shortest. */
type Ranked = Feature<Geometry, BandProperties & { index: number }>;

/** At the rim's northernmost point, or southernmost for every other band, so that labels do not collide. */
export function rimLabel({
  geometry,
  properties: { minutes, index },
}: Ranked): Feature<Point, { minutes: number; index: number }> | null {
  const sign = index % 2 === 1 ? -1 : 1;
  let best: Position | null = null;
  for (const [shell] of polygonsOf(geometry)) {
    for (const position of shell ?? []) {
      if (!best || position[1]! * sign > best[1]! * sign) best = position;
    }
  }
  return (
    best && {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: best },
      properties: { minutes, index },
    }
  );
}

function originFeatures(origin: Origin | null): Feature[] {
  if (!origin) return [];
  const point = (lon: number, lat: number, kind: string): Feature => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties: { kind },
  });
  if (origin.gates.length === 0) return [point(origin.lon, origin.lat, 'origin')];
  return origin.gates.map((gate) => point(gate.lon, gate.lat, 'gate'));
}
