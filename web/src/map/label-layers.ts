import type {
  ExpressionSpecification,
  LayerSpecification,
  SymbolLayerSpecification,
} from 'maplibre-gl';
import type { Lang } from '../i18n/lang';
import type { Theme } from '../look/look';
import { bold, regular, themeTokens } from './tokens';

const tiles = 'base';

export function nameField(lang: Lang): ExpressionSpecification {
  return lang === 'en'
    ? ['coalesce', ['get', 'name_en'], ['get', 'name'], '']
    : ['coalesce', ['get', 'name'], ['get', 'name_en'], ''];
}

function streetNames(
  id: string,
  classes: string[],
  minzoom: number,
  size: number,
  colour: string,
  halo: string,
  lang: Lang,
): SymbolLayerSpecification {
  return {
    id: `names-street-${id}`,
    type: 'symbol',
    source: tiles,
    'source-layer': 'ways',
    minzoom,
    filter: ['in', ['get', 'class'], ['literal', classes]],
    layout: {
      'symbol-placement': 'line',
      'symbol-spacing': 400,
      'text-field': nameField(lang),
      'text-font': regular,
      'text-size': size,
      'text-letter-spacing': lang === 'zh' ? 0.08 : 0,
      'text-max-angle': 30,
      'text-padding': 12,
    },
    paint: { 'text-color': colour, 'text-halo-color': halo, 'text-halo-width': 1.6 },
  };
}

export function labelLayers(theme: Theme, lang: Lang): LayerSpecification[] {
  const { map } = themeTokens(theme);
  const halo = map.halo;
  const point = (
    id: string,
    classes: string[],
    zooms: [number, number],
    size: number,
    font: string[],
    colour: string,
  ): SymbolLayerSpecification => ({
    id: `names-${id}`,
    type: 'symbol',
    source: tiles,
    'source-layer': 'names',
    minzoom: zooms[0],
    maxzoom: zooms[1],
    filter: ['in', ['get', 'class'], ['literal', classes]],
    layout: {
      'text-field': nameField(lang),
      'text-font': font,
      'text-size': size,
      'text-max-width': 8,
      'text-padding': 14,
      'text-letter-spacing': lang === 'zh' ? 0.06 : 0,
    },
    paint: { 'text-color': colour, 'text-halo-color': halo, 'text-halo-width': 1.6 },
  });
  const area = (
    id: string,
    layer: string,
    minzoom: number,
    colour: string,
  ): SymbolLayerSpecification => ({
    id: `names-${id}`,
    type: 'symbol',
    source: tiles,
    'source-layer': layer,
    minzoom,
    layout: {
      'text-field': nameField(lang),
      'text-font': regular,
      'text-size': 11.5,
      'text-max-width': 7,
      'text-padding': 16,
    },
    paint: { 'text-color': colour, 'text-halo-color': halo, 'text-halo-width': 1.4 },
  });
  const minor = map.label_minor;
  return [
    streetNames(
      'minor',
      ['residential', 'unclassified', 'living_street', 'pedestrian'],
      15,
      11,
      minor,
      halo,
      lang,
    ),
    streetNames('middle', ['tertiary', 'secondary'], 13.5, 11.5, minor, halo, lang),
    streetNames('major', ['primary', 'trunk', 'motorway'], 12.5, 11.5, map.label, halo, lang),
    area('green', 'green', 14, map.label_green),
    area('water', 'water', 12, map.label_water),
    point('neighbourhood', ['neighbourhood', 'quarter', 'square'], [14, 17], 11.5, regular, minor),
    point('station', ['station'], [12.5, 24], 11.5, bold, map.label),
    point('suburb', ['suburb', 'village', 'hamlet'], [11.5, 15.5], 12, regular, minor),
    point('town', ['town', 'county', 'district'], [9, 14], 14, bold, map.label),
    point('city', ['city'], [8, 12], 17, bold, map.label),
  ];
}
