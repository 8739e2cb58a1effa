import { Popup, type Map as MapLibre, type MapGeoJSONFeature, type PointLike } from 'maplibre-gl';

/** A thing on the map that the pointer can hit. */
export interface Target {
  kind: 'facility' | 'finding' | 'compound' | 'unit';
  id: string;
}

/** The text of a tooltip. */
export interface TipWords {
  title: string;
  body: string;
}

export interface PointerHandlers {
  /** Returns whether the click is handled; else it asks about the location. */
  pick: (target: Target) => boolean;
  point: (lon: number, lat: number) => void;
  hoverFacility: (id: string | null) => void;
  /** Shows the tooltip of a target, or hides it. */
  showTip: (target: Target | null, at: [lon: number, lat: number]) => void;
}

interface Hit {
  kind: Target['kind'];
  source: string;
  layers: string[];
  key: string;
  /** Tolerance around the pointer in pixels. */
  reach: number;
}

/** Smallest things first. */
const hits: Hit[] = [
  {
    kind: 'facility',
    source: 'facilities',
    layers: ['facility-icons', 'facility-dots'],
    key: 'id',
    reach: 4,
  },
  { kind: 'finding', source: 'findings', layers: ['findings'], key: 'id', reach: 3 },
  {
    kind: 'compound',
    source: 'compounds',
    layers: ['compounds-hit', 'compound-points'],
    key: 'compound_id',
    reach: 0,
  },
  { kind: 'unit', source: 'units', layers: ['units'], key: 'unit_id', reach: 0 },
];

/** A tooltip at a location of the map. */
export class Tip {
  private readonly popup = new Popup({
    closeButton: false,
    closeOnClick: false,
    focusAfterOpen: false,
    className: 'tip',
    maxWidth: '280px',
    offset: 14,
  });

  constructor(private readonly map: MapLibre) {}

  show(at: [number, number], { title, body }: TipWords): void {
    // Text nodes only, so data cannot become markup.
    const content = document.createElement('div');
    content.append(document.createElement('b'), document.createElement('p'));
    content.children[0]!.textContent = title;
    content.children[1]!.textContent = body;
    this.popup.setLngLat(at).setDOMContent(content).addTo(this.map);
  }

  hide(): void {
    this.popup.remove();
  }
}

export function listenToPointer(map: MapLibre, handlers: PointerHandlers): void {
  let hovered: Target | null = null;

  /** The topmost target at a screen position; hidden layers are never hit. */
  const targetAt = (x: number, y: number): Target | null => {
    for (const { kind, layers, key, reach } of hits) {
      const area: PointLike | [PointLike, PointLike] = reach
        ? [
            [x - reach, y - reach],
            [x + reach, y + reach],
          ]
        : [x, y];
      const feature: MapGeoJSONFeature | undefined = map.queryRenderedFeatures(area, { layers })[0];
      const id = feature?.properties[key] as unknown;
      if (id !== undefined && id !== null && id !== '') return { kind, id: String(id) };
    }
    return null;
  };

  const sourceOf = (target: Target): string =>
    hits.find(({ kind }) => kind === target.kind)!.source;

  const hover = (target: Target | null): void => {
    const before = hovered;
    hovered = target;
    for (const [one, on] of [
      [before, false],
      [target, true],
    ] as const) {
      if (!one || (one.kind !== 'compound' && one.kind !== 'unit')) continue;
      const feature = { source: sourceOf(one), id: one.id };
      if (on) map.setFeatureState(feature, { hover: true });
      else map.removeFeatureState(feature);
    }
    if (before?.kind === 'facility' && target?.kind !== 'facility') handlers.hoverFacility(null);
    if (target?.kind === 'facility') handlers.hoverFacility(target.id);
  };

  map.on('click', (event) => {
    const target = targetAt(event.point.x, event.point.y);
    if (target && handlers.pick(target)) return;
    handlers.point(event.lngLat.lng, event.lngLat.lat);
  });

  map.on('mousemove', (event) => {
    const target = targetAt(event.point.x, event.point.y);
    map.getCanvas().style.cursor = target ? 'pointer' : '';
    if (target?.kind !== hovered?.kind || target?.id !== hovered?.id) hover(target);
    if (target?.kind === 'facility') return;
    handlers.showTip(target, [event.lngLat.lng, event.lngLat.lat]);
  });

  map.on('mouseout', () => {
    hover(null);
    handlers.showTip(null, [0, 0]);
  });

  map.getCanvas().addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    const { lng, lat } = map.getCenter();
    handlers.point(lng, lat);
  });
}
