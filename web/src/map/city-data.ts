import type { FeatureCollection } from 'geojson';
import type { Compounds, Findings, Units } from '../api/types';
import { compoundShade, unitShade } from '../city/colour';
import { findingIds } from '../city/findings';
import type { CitySummary, LineSummary } from '../city/summary';
import { unitLine } from '../city/units';
import type { ColourBy } from '../state/view';

/** Every compound with its colour. */
export function compoundFeatures(
  city: Compounds,
  summary: CitySummary,
  line: LineSummary | null,
  by: ColourBy,
): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: city.features.map(({ geometry, properties }, row) => ({
      type: 'Feature',
      geometry,
      properties: {
        compound_id: properties.id,
        ...compoundShade(summary.compounds[row]!, summary, line, by),
      },
    })),
  };
}

export function unitFeatures({ features }: Units, by: ColourBy): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: features.flatMap((unit) => {
      const { geometry, properties } = unit;
      if (!geometry) return [];
      const label = properties.level === 'h3' ? '' : properties.unit_name;
      const shade = unitShade(unitLine(unit), by);
      return [
        { type: 'Feature', geometry, properties: { unit_id: properties.unit_id, label, ...shade } },
      ];
    }),
  };
}

export function findingFeatures({ features }: Findings): FeatureCollection {
  const ids = findingIds(features);
  return {
    type: 'FeatureCollection',
    features: features.flatMap(({ geometry, properties }, at) =>
      geometry
        ? [
            {
              type: 'Feature',
              geometry,
              properties: { id: ids[at], severity: properties.severity },
            },
          ]
        : [],
    ),
  };
}
