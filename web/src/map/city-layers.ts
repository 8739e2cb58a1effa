import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { coveredStep, gapStep, provenStep } from '../city/colour';
import type { Theme } from '../look/look';
import { themeTokens } from './tokens';

/** The colour of a feature's `step`: `city/colour.ts` has the numbers, `data/look.toml` the colours. */
export const stepColour = (theme: Theme): ExpressionSpecification => {
  const { scale, verdict } = themeTokens(theme);
  const pairs = [
    ...scale.steps.flatMap((colour, step) => [step, colour]),
    ...scale.proven.flatMap((colour, step) => [provenStep + step, colour]),
  ];
  return [
    'match',
    ['get', 'step'],
    ...pairs,
    coveredStep,
    verdict.covered,
    gapStep,
    verdict.gap,
    verdict.unknown,
  ] as unknown as ExpressionSpecification;
};

export function cityFillLayers(theme: Theme): LayerSpecification[] {
  const { scale, map } = themeTokens(theme);
  return [
    {
      id: 'compounds-hit',
      type: 'fill',
      source: 'compounds',
      filter: ['!=', ['geometry-type'], 'Point'],
      paint: { 'fill-opacity': 0 },
    },
    {
      id: 'compounds',
      type: 'fill',
      source: 'compounds',
      filter: ['!=', ['geometry-type'], 'Point'],
      paint: { 'fill-color': stepColour(theme), 'fill-opacity': scale.opacity },
    },
    {
      id: 'compounds-hatch',
      type: 'fill',
      source: 'compounds',
      filter: ['all', ['!=', ['geometry-type'], 'Point'], ['to-boolean', ['get', 'hatch']]],
      paint: { 'fill-pattern': `${theme}/hatch` },
    },
    {
      id: 'compounds-edge',
      type: 'line',
      source: 'compounds',
      paint: {
        'line-color': map.ground,
        'line-width': ['interpolate', ['linear'], ['zoom'], 11, 0.3, 15, 1.2],
      },
    },
  ];
}

export function cityTopLayers(theme: Theme): LayerSpecification[] {
  const { page, map } = themeTokens(theme);
  return [
    {
      id: 'compound-points',
      type: 'circle',
      source: 'compounds',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-color': stepColour(theme),
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 11, 2.5, 15, 6],
        'circle-stroke-color': map.ground,
        'circle-stroke-width': 1,
      },
    },
    {
      id: 'compound-hover',
      type: 'line',
      source: 'compounds',
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': page.text,
        'line-width': ['case', ['boolean', ['feature-state', 'hover'], false], 2, 0],
      },
    },
    {
      id: 'compound-marked',
      type: 'line',
      source: 'compounds',
      filter: ['==', ['get', 'compound_id'], ''],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': page.text, 'line-width': 3.5, 'line-gap-width': 1 },
    },
    {
      id: 'compound-marked-point',
      type: 'circle',
      source: 'compounds',
      filter: ['==', ['get', 'compound_id'], ''],
      paint: {
        'circle-radius': 11,
        'circle-color': 'rgba(0,0,0,0)',
        'circle-stroke-color': page.text,
        'circle-stroke-width': 2.5,
      },
    },
    {
      id: 'compound-selected-fill',
      type: 'fill',
      source: 'compounds',
      filter: ['==', ['get', 'compound_id'], ''],
      paint: { 'fill-color': page.text, 'fill-opacity': 0.22 },
    },
    {
      id: 'compound-selected',
      type: 'line',
      source: 'compounds',
      filter: ['==', ['get', 'compound_id'], ''],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': page.text, 'line-width': 2.6 },
    },
  ];
}
