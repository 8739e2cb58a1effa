import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  LayerSpecification,
} from 'maplibre-gl';
import type { Lang } from '../i18n/lang';
import type { Theme, ThemeTokens } from '../look/look';
import { nameField } from './label-layers';
import { bold, regular, themeTokens } from './tokens';

const byGroup = (tokens: ThemeTokens): ExpressionSpecification => {
  const { glyph: _glyph, ring: _ring, ...groups } = tokens.group;
  const pairs = Object.entries(groups).flat();
  return [
    'match',
    ['get', 'group'],
    ...pairs,
    tokens.page.muted,
  ] as unknown as ExpressionSpecification;
};

/** The colour by the band's rank, 0 for the shortest. */
const byBand = (colours: string[]): DataDrivenPropertyValueSpecification<string> => {
  const pairs = colours.slice(0, -1).flatMap((colour, index) => [index, colour]);
  return [
    'match',
    ['get', 'index'],
    ...pairs,
    colours.at(-1)!,
  ] as unknown as ExpressionSpecification;
};

export function bandLayers(theme: Theme): LayerSpecification[] {
  const { band } = themeTokens(theme);
  return [
    {
      id: 'bands',
      type: 'fill',
      source: 'bands',
      paint: {
        'fill-color': byBand(band.colours),
        'fill-opacity': band.opacity,
        'fill-antialias': false,
      },
    },
  ];
}

/** The walk to the highlighted facility; legs over open ground are dotted. */
export function walkLayers(theme: Theme): LayerSpecification[] {
  const { page, map } = themeTokens(theme);
  const round = { 'line-join': 'round', 'line-cap': 'round' } as const;
  return [
    {
      id: 'walk-casing',
      type: 'line',
      source: 'walk',
      layout: round,
      paint: { 'line-color': map.halo, 'line-width': 7, 'line-opacity': 0.9 },
    },
    {
      id: 'walk',
      type: 'line',
      source: 'walk',
      filter: ['==', ['get', 'kind'], 'way'],
      layout: round,
      paint: { 'line-color': page.text, 'line-width': 3 },
    },
    {
      id: 'walk-legs',
      type: 'line',
      source: 'walk',
      filter: ['!=', ['get', 'kind'], 'way'],
      layout: round,
      paint: { 'line-color': page.text, 'line-width': 3, 'line-dasharray': [0.1, 2] },
    },
  ];
}

export function rimLayers(theme: Theme): LayerSpecification[] {
  const { band } = themeTokens(theme);
  return [
    {
      id: 'band-rims',
      type: 'line',
      source: 'discs',
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': byBand(band.colours),
        'line-width': ['match', ['get', 'index'], 0, 2, 1.6],
      },
    },
  ];
}

const highlighted: ExpressionSpecification = ['boolean', ['feature-state', 'highlight'], false];

export function placeLayers(theme: Theme, lang: Lang, minutesLabel: string): LayerSpecification[] {
  const tokens = themeTokens(theme);
  const { band, map, page, group } = tokens;
  const facilityNames: LayerSpecification = {
    id: 'facility-names',
    type: 'symbol',
    source: 'facilities',
    minzoom: 15.2,
    layout: {
      'text-field': nameField(lang),
      'text-font': regular,
      'text-size': 11.5,
      'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
      'text-radial-offset': 1.15,
      'text-max-width': 9,
      'text-justify': 'auto',
      'symbol-sort-key': ['get', 'walk_seconds'],
    },
    paint: { 'text-color': page.text, 'text-halo-color': map.halo, 'text-halo-width': 1.8 },
  };
  return [
    {
      id: 'facility-dots',
      type: 'circle',
      source: 'facilities',
      paint: {
        'circle-color': byGroup(tokens),
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 12, 2.2, 16, 5],
        'circle-stroke-color': group.ring!,
        'circle-stroke-width': 1.2,
      },
    },
    facilityNames,
    {
      id: 'facility-icons',
      type: 'symbol',
      source: 'facilities',
      minzoom: 12.5,
      layout: {
        'icon-image': ['concat', theme, '/', ['get', 'group'], '/', ['get', 'icon']],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 13, 0.72, 16, 1],
        'icon-padding': 1,
        'symbol-sort-key': ['get', 'walk_seconds'],
      },
    },
    {
      id: 'facility-highlight',
      type: 'circle',
      source: 'facilities',
      paint: {
        'circle-color': 'rgba(0,0,0,0)',
        'circle-radius': 15,
        'circle-stroke-color': page.text,
        'circle-stroke-width': ['case', highlighted, 2.5, 0],
      },
    },
    {
      id: 'band-labels',
      type: 'symbol',
      source: 'band-labels',
      layout: {
        'text-field': ['concat', ['to-string', ['get', 'minutes']], ` ${minutesLabel}`],
        'text-font': bold,
        'text-size': 12.5,
        'text-allow-overlap': true,
        'text-ignore-placement': false,
      },
      paint: {
        'text-color': byBand(band.labels),
        'text-halo-color': map.halo,
        'text-halo-width': 2.5,
      },
    },
    {
      id: 'gates',
      type: 'circle',
      source: 'origin',
      filter: ['==', ['get', 'kind'], 'gate'],
      paint: {
        'circle-color': page.text,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 12, 3, 16, 6],
        'circle-stroke-color': map.halo,
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'origin-halo',
      type: 'circle',
      source: 'origin',
      filter: ['==', ['get', 'kind'], 'origin'],
      paint: {
        'circle-color': page.text,
        'circle-radius': 7,
        'circle-stroke-color': map.halo,
        'circle-stroke-width': 3,
      },
    },
    {
      id: 'origin-dot',
      type: 'circle',
      source: 'origin',
      filter: ['==', ['get', 'kind'], 'origin'],
      paint: { 'circle-color': map.halo, 'circle-radius': 2.5 },
    },
  ];
}
