import type { LayerSpecification } from 'maplibre-gl';
import type { Lang } from '../i18n/lang';
import type { Theme } from '../look/look';
import { stepColour } from './city-layers';
import { bold, themeTokens } from './tokens';

/** Coloured units of a level, in place of the compounds. */
export function unitFillLayers(theme: Theme): LayerSpecification[] {
  const { scale } = themeTokens(theme);
  return [
    {
      id: 'units',
      type: 'fill',
      source: 'units',
      paint: { 'fill-color': stepColour(theme), 'fill-opacity': scale.opacity * 0.8 },
    },
    {
      id: 'units-hatch',
      type: 'fill',
      source: 'units',
      filter: ['to-boolean', ['get', 'hatch']],
      paint: { 'fill-pattern': `${theme}/hatch`, 'fill-opacity': 0.7 },
    },
  ];
}

export function unitTopLayers(theme: Theme, lang: Lang): LayerSpecification[] {
  const { page, map } = themeTokens(theme);
  return [
    {
      id: 'unit-edges',
      type: 'line',
      source: 'units',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': map.ground, 'line-width': 1.6 },
    },
    {
      id: 'unit-hover',
      type: 'line',
      source: 'units',
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': page.text,
        'line-width': ['case', ['boolean', ['feature-state', 'hover'], false], 2, 0],
      },
    },
    {
      id: 'unit-marked',
      type: 'line',
      source: 'units',
      filter: ['==', ['get', 'unit_id'], ''],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': page.text, 'line-width': 3.5 },
    },
    {
      id: 'unit-names',
      type: 'symbol',
      source: 'units',
      layout: {
        'text-field': ['get', 'label'],
        'text-font': bold,
        'text-size': 12,
        'text-max-width': lang === 'zh' ? 6 : 9,
        'text-padding': 8,
      },
      paint: { 'text-color': page.text, 'text-halo-color': map.halo, 'text-halo-width': 1.8 },
    },
  ];
}
