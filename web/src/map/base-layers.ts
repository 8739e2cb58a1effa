import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Theme } from '../look/look';
import { themeTokens } from './tokens';

type Stops = [zoom: number, width: number][];

const tiles = 'base';

const byZoom = (stops: Stops): ExpressionSpecification =>
  ['interpolate', ['exponential', 1.6], ['zoom'], ...stops.flat()] as ExpressionSpecification;

const classIn = (...classes: string[]): FilterSpecification => [
  'in',
  ['get', 'class'],
  ['literal', classes],
];

interface StreetClass {
  id: string;
  classes: string[];
  minzoom: number;
  width: Stops;
}

/** Least important first, so that major streets are on top. */
const streets: StreetClass[] = [
  {
    id: 'service',
    classes: ['service', 'track'],
    minzoom: 14,
    width: [
      [14, 0.8],
      [16, 3],
      [19, 12],
    ],
  },
  {
    id: 'minor',
    classes: ['residential', 'unclassified', 'living_street', 'pedestrian', 'road'],
    minzoom: 11.5,
    width: [
      [11.5, 0.5],
      [13, 1.2],
      [15, 4],
      [18, 16],
    ],
  },
  {
    id: 'tertiary',
    classes: ['tertiary', 'tertiary_link'],
    minzoom: 10,
    width: [
      [10, 0.5],
      [13, 2],
      [15, 6],
      [18, 22],
    ],
  },
  {
    id: 'secondary',
    classes: ['secondary', 'secondary_link', 'trunk_link', 'primary_link', 'motorway_link'],
    minzoom: 9,
    width: [
      [9, 0.6],
      [13, 2.6],
      [15, 7],
      [18, 26],
    ],
  },
  {
    id: 'primary',
    classes: ['primary', 'trunk', 'motorway'],
    minzoom: 8,
    width: [
      [8, 0.7],
      [13, 3.4],
      [15, 8.5],
      [18, 32],
    ],
  },
];

function casingWidth(width: Stops): Stops {
  return width.map(([zoom, px]) => [zoom, px + (zoom < 13 ? 0.6 : 1.6)]);
}

/** Land and water, below the city's colours. */
export function groundLayers(theme: Theme): LayerSpecification[] {
  const { map } = themeTokens(theme);
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': map.ground } },
    {
      id: 'landuse',
      type: 'fill',
      source: tiles,
      'source-layer': 'landuse',
      paint: {
        'fill-color': [
          'match',
          ['get', 'class'],
          ['industrial', 'railway', 'commercial', 'retail'],
          map.block_work,
          ['education', 'medical'],
          map.block_school,
          map.block,
        ],
      },
    },
    {
      id: 'green',
      type: 'fill',
      source: tiles,
      'source-layer': 'green',
      paint: {
        'fill-color': [
          'match',
          ['get', 'class'],
          'wood',
          map.wood,
          'farmland',
          map.farmland,
          map.green,
        ],
      },
    },
    {
      id: 'waterways',
      type: 'line',
      source: tiles,
      'source-layer': 'waterways',
      paint: {
        'line-color': map.water,
        'line-width': byZoom([
          [10, 0.8],
          [14, 2.4],
          [18, 8],
        ]),
      },
    },
    {
      id: 'water',
      type: 'fill',
      source: tiles,
      'source-layer': 'water',
      paint: { 'fill-color': map.water },
    },
  ];
}

export function buildingLayers(theme: Theme): LayerSpecification[] {
  const { map } = themeTokens(theme);
  return [
    {
      id: 'buildings',
      type: 'fill',
      source: tiles,
      'source-layer': 'buildings',
      minzoom: 14,
      paint: {
        'fill-color': map.building,
        'fill-outline-color': map.building_line,
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 14, 0, 15, 1],
      },
    },
  ];
}

function streetLayers(theme: Theme): LayerSpecification[] {
  const { map } = themeTokens(theme);
  const casings = streets.map(({ id, classes, minzoom, width }): LayerSpecification => ({
    id: `street-${id}-casing`,
    type: 'line',
    source: tiles,
    'source-layer': 'ways',
    minzoom: Math.max(minzoom, 12.5),
    filter: classIn(...classes),
    layout: { 'line-cap': 'butt', 'line-join': 'round' },
    paint: {
      'line-color': map.casing,
      'line-width': byZoom(casingWidth(width)),
      'line-opacity': ['case', ['to-boolean', ['get', 'tunnel']], 0.4, 0.8],
    },
  }));
  const fills = streets.map(({ id, classes, minzoom, width }): LayerSpecification => ({
    id: `street-${id}`,
    type: 'line',
    source: tiles,
    'source-layer': 'ways',
    minzoom,
    filter: classIn(...classes),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': map.street,
      'line-width': byZoom(width),
      'line-opacity': ['case', ['to-boolean', ['get', 'tunnel']], 0.4, 1],
    },
  }));
  return [...casings, ...fills];
}

export function lineLayers(theme: Theme): LayerSpecification[] {
  const { map } = themeTokens(theme);
  return [
    {
      id: 'paths',
      type: 'line',
      source: tiles,
      'source-layer': 'ways',
      minzoom: 14.5,
      filter: classIn('footway', 'path', 'steps', 'cycleway', 'bridleway'),
      paint: {
        'line-color': map.path,
        'line-width': byZoom([
          [14.5, 0.6],
          [18, 2],
        ]),
        'line-dasharray': [3, 1.5],
      },
    },
    ...streetLayers(theme),
    {
      id: 'railways',
      type: 'line',
      source: tiles,
      'source-layer': 'railways',
      minzoom: 9,
      filter: ['!', ['to-boolean', ['get', 'tunnel']]],
      paint: {
        'line-color': map.railway,
        'line-width': byZoom([
          [10, 0.5],
          [14, 1.1],
          [18, 3],
        ]),
        'line-dasharray': [4, 2],
      },
    },
  ];
}
