import type { FeatureCollection } from 'geojson';
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { apiUrl } from '../api';
import type { Box } from '../geometry';
import type { Theme } from '../look';
import { messages } from '../i18n';
import type { Lang } from '../state';
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

/** All layers, bottom to top. Streets stay white above whatever is filled in beneath them. */
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

/** What the map is of. */
export interface City {
  bounds: Box;
  edition: string | null;
  compounds: FeatureCollection;
}

/** Without the base map's layers: what the page has to say is drawn first, and they are shown then. */
export function buildStyle(
  theme: Theme,
  lang: Lang,
  { bounds, edition, compounds }: City,
): StyleSpecification {
  // The edition keeps caches from mixing tiles of two.
  const tiles = apiUrl('tiles/{z}/{x}/{y}', { edition: edition ?? undefined });
  const later = (layer: LayerSpecification): LayerSpecification => {
    const layout = { ...layer.layout, visibility: 'none' };
    const isBase = 'source' in layer && layer.source === baseSource;
    return isBase ? ({ ...layer, layout } as LayerSpecification) : layer;
  };
  return {
    version: 8,
    sources: {
      [baseSource]: {
        type: 'vector',
        tiles: [tiles.replaceAll('%7B', '{').replaceAll('%7D', '}')],
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
    layers: buildLayers(theme, lang).map(later),
  };
}
