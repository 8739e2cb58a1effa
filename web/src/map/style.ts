import type { FeatureCollection } from 'geojson';
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { tilesUrl } from '../api/address';
import type { Box } from '../base/geometry';
import { messages } from '../i18n';
import type { Lang } from '../i18n/lang';
import type { Theme } from '../look/look';
import { buildingLayers, groundLayers, lineLayers } from './base-layers';
import { cityFillLayers, cityTopLayers } from './city-layers';
import { findingLayers } from './finding-layers';
import { labelLayers } from './label-layers';
import { bandLayers, placeLayers, rimLayers, walkLayers } from './place-layers';
import { unitFillLayers, unitTopLayers } from './unit-layers';

const empty = (promoteId?: string): SourceSpecification => ({
  type: 'geojson',
  data: { type: 'FeatureCollection', features: [] },
  ...(promoteId && { promoteId }),
});

/** All layers, bottom to top. Streets are above every fill, so that they stay white. */
export function buildLayers(theme: Theme, lang: Lang): LayerSpecification[] {
  return [
    ...groundLayers(theme),
    ...cityFillLayers(theme),
    ...unitFillLayers(theme),
    ...buildingLayers(theme),
    ...bandLayers(theme),
    ...lineLayers(theme),
    ...rimLayers(theme),
    ...cityTopLayers(theme),
    ...findingLayers(theme),
    ...labelLayers(theme, lang),
    ...unitTopLayers(theme, lang),
    ...walkLayers(theme),
    ...placeLayers(theme, lang, messages[lang].minutes),
  ];
}

export const baseSource = 'base';

/** The city that the map shows. */
export interface City {
  bounds: Box;
  edition: string | null;
  compounds: FeatureCollection;
}

/** The style with hidden base map layers: the city's colours are drawn first, then `showBase` shows them. */
export function buildStyle(
  theme: Theme,
  lang: Lang,
  { bounds, edition, compounds }: City,
): StyleSpecification {
  const hidden = (layer: LayerSpecification): LayerSpecification => {
    const layout = { ...layer.layout, visibility: 'none' };
    const isBase = 'source' in layer && layer.source === baseSource;
    return isBase ? ({ ...layer, layout } as LayerSpecification) : layer;
  };
  return {
    version: 8,
    sources: {
      [baseSource]: {
        type: 'vector',
        // The edition is part of the address, so that no cache mixes tiles of two editions.
        tiles: [tilesUrl(edition)],
        minzoom: 8,
        maxzoom: 15,
        bounds,
        promoteId: 'id',
      },
      compounds: { type: 'geojson', data: compounds, promoteId: 'compound_id' },
      units: empty('unit_id'),
      findings: empty('id'),
      walk: empty(),
      bands: empty(),
      discs: empty(),
      'band-labels': empty(),
      facilities: empty('id'),
      origin: empty(),
    },
    layers: buildLayers(theme, lang).map(hidden),
  };
}
