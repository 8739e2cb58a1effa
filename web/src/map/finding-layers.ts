import type { LayerSpecification } from 'maplibre-gl';
import type { Theme } from '../look/look';
import { themeTokens } from './tokens';

/** Findings of the data-quality report; errors are on top and largest. */
export function findingLayers(theme: Theme): LayerSpecification[] {
  const { page, map, verdict } = themeTokens(theme);
  return [
    {
      id: 'findings',
      type: 'circle',
      source: 'findings',
      layout: {
        'circle-sort-key': ['match', ['get', 'severity'], 'error', 2, 'warning', 1, 0],
      },
      paint: {
        'circle-color': [
          'match',
          ['get', 'severity'],
          'error',
          verdict.gap,
          'warning',
          page.warning,
          page.muted,
        ],
        'circle-radius': [
          'interpolate',
          ['linear'],
          ['zoom'],
          11,
          ['match', ['get', 'severity'], 'error', 4.5, 'warning', 1.8, 1.2],
          16,
          ['match', ['get', 'severity'], 'error', 9, 'warning', 7, 5],
        ],
        'circle-stroke-color': map.halo,
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11, 0.4, 14, 1.2],
      },
    },
    {
      id: 'finding-marked',
      type: 'circle',
      source: 'findings',
      filter: ['==', ['get', 'id'], ''],
      paint: {
        'circle-radius': 13,
        'circle-color': 'rgba(0,0,0,0)',
        'circle-stroke-color': page.text,
        'circle-stroke-width': 2.5,
      },
    },
  ];
}
