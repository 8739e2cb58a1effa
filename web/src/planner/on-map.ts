import type { FeatureCollection } from 'geojson';
import type { Findings, Units } from '../api-types';
import { unitStep, type ColourBy } from '../colour';
import { findingsTable } from './drawer';
import { unitLine } from './rows';

export type TableKind = 'compound' | 'unit' | 'finding';

/** What the rows of a table are. */
export function tableKind(table: string): TableKind {
  if (table === 'compound') return 'compound';
  return table === findingsTable ? 'finding' : 'unit';
}

export function unitFeatures({ features }: Units, by: ColourBy): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: features.flatMap((unit) => {
      const { geometry, properties } = unit;
      if (!geometry) return [];
      const label = properties.level === 'h3' ? '' : properties.unit_name;
      const step = unitStep(unitLine(unit), by);
      return [
        { type: 'Feature', geometry, properties: { unit_id: properties.unit_id, step, label } },
      ];
    }),
  };
}

export function findingFeatures({ features }: Findings): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: features.flatMap(({ geometry, properties }, row) =>
      geometry
        ? [{ type: 'Feature', geometry, properties: { row, severity: properties.severity } }]
        : [],
    ),
  };
}
