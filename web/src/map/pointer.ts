import { Popup, type Map as MapLibre, type PointLike } from 'maplibre-gl';
import type { Child } from '../dom';
import { h } from '../dom';

export interface PointerHandlers {
  /** Says whether it knows the facility. */
  facility: (id: string) => boolean;
  compound: (id: string) => void;
  point: (lon: number, lat: number) => void;
  hoverFacility: (id: string | null) => void;
  describeCompound: (id: string) => Child[] | null;
}

const compoundLayers = ['compounds-hit', 'compound-points'];
const facilityLayers = ['facility-icons', 'facility-dots'];

/** A small label beside a place on the map. */
export class Tip {
  private readonly popup = new Popup({
    closeButton: false,
    closeOnClick: false,
    focusAfterOpen: false,
    className: 'tip',
    maxWidth: '260px',
    offset: 14,
  });

  constructor(private readonly map: MapLibre) {}

  show(at: [number, number], content: Child[]): void {
    this.popup
      .setLngLat(at)
      .setDOMContent(h('div', {}, ...content))
      .addTo(this.map);
  }

  hide(): void {
    this.popup.remove();
  }
}

export function listenToPointer(map: MapLibre, tip: Tip, handlers: PointerHandlers): void {
  let hoveredCompound: string | null = null;
  let hoveredFacility: string | null = null;

  const compoundAt = (point: PointLike): string | null => {
    const feature = map.queryRenderedFeatures(point, { layers: compoundLayers })[0];
    return feature ? String(feature.properties.compound_id) : null;
  };

  const facilityAt = (x: number, y: number): string | null => {
    const near: [PointLike, PointLike] = [
      [x - 4, y - 4],
      [x + 4, y + 4],
    ];
    const feature = map.queryRenderedFeatures(near, { layers: facilityLayers })[0];
    return feature ? String(feature.properties.id) : null;
  };

  const hoverCompound = (id: string | null): void => {
    if (hoveredCompound) map.removeFeatureState({ source: 'compounds', id: hoveredCompound });
    hoveredCompound = id;
    if (id) map.setFeatureState({ source: 'compounds', id }, { hover: true });
  };

  map.on('click', (event) => {
    const facility = facilityAt(event.point.x, event.point.y);
    if (facility && handlers.facility(facility)) return;
    const compound = compoundAt(event.point);
    if (compound) return handlers.compound(compound);
    handlers.point(event.lngLat.lng, event.lngLat.lat);
  });

  map.on('mousemove', (event) => {
    const facility = facilityAt(event.point.x, event.point.y);
    if (facility !== hoveredFacility) {
      hoveredFacility = facility;
      handlers.hoverFacility(facility);
    }
    const compound = facility ? null : compoundAt(event.point);
    map.getCanvas().style.cursor = facility || compound ? 'pointer' : '';
    if (compound !== hoveredCompound) hoverCompound(compound);
    if (facility) return;
    const words = compound && handlers.describeCompound(compound);
    if (words) tip.show([event.lngLat.lng, event.lngLat.lat], words);
    else tip.hide();
  });

  map.on('mouseout', () => {
    hoverCompound(null);
    if (hoveredFacility) handlers.hoverFacility(null);
    hoveredFacility = null;
    tip.hide();
  });

  map.getCanvas().addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    const { lng, lat } = map.getCenter();
    handlers.point(lng, lat);
  });
}
