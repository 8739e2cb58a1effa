import {
  AJAXError,
  Map as MapLibre,
  NavigationControl,
  ScaleControl,
  type GeoJSONSource,
  type PaddingOptions,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { FeatureCollection } from 'geojson';
import type { Box } from '../base/geometry';
import type { Messages } from '../i18n';
import type { Lang } from '../i18n/lang';
import type { Theme } from '../look/look';
import type { Camera } from '../state/view';
import { imageFor } from './images';
import { placeSources, type PlaceData } from './place-data';
import { baseSource, buildLayers, buildStyle } from './style';
import { fontFamily } from './tokens';

export interface MapOptions {
  container: HTMLElement;
  bounds: Box;
  /** The city's edition; the server rejects requests for tiles of another one. */
  edition: string | null;
  /** Called when the server rejected a tile because it has another edition. */
  replaced: () => void;
  /** `null` before the city is loaded. */
  compounds: FeatureCollection | null;
  /** The first view, if there is no camera. */
  first: Box;
  camera: Camera | null;
  theme: Theme;
  lang: Lang;
  text: Messages;
  padding: () => PaddingOptions;
}

const none: FeatureCollection = { type: 'FeatureCollection', features: [] };
const compoundLayers = ['compounds', 'compounds-hatch', 'compounds-edge', 'compound-points'];

const conflict = 409;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

function roomAround([west, south, east, north]: Box): Box {
  const [width, height] = [east - west, north - south];
  return [west - width, Math.max(-85, south - height), east + width, Math.min(85, north + height)];
}

export class MapView {
  readonly map: MapLibre;
  readonly loaded: Promise<void>;
  private readonly padding: () => PaddingOptions;
  private highlighted: string | null = null;
  /** The style is loaded, so data can be set. */
  ready = false;
  baseShown = false;

  constructor(options: MapOptions) {
    const { container, bounds, edition, compounds, first, camera, theme, lang, text } = options;
    this.padding = options.padding;
    this.map = new MapLibre({
      container,
      style: buildStyle(theme, lang, { bounds, edition, compounds: compounds ?? none }),
      ...(camera
        ? { center: [camera.lon, camera.lat], zoom: camera.zoom }
        : { bounds: first, fitBoundsOptions: { padding: this.padding() } }),
      maxBounds: roomAround(bounds),
      minZoom: 8,
      maxZoom: 19,
      attributionControl: false,
      localIdeographFontFamily: fontFamily,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: calm.matches ? 0 : 150,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right');
    this.map.addControl(new ScaleControl({ maxWidth: 90 }), 'bottom-right');
    this.label(text);
    this.map.setMissingStyleImageResolver((id) => {
      const image = imageFor(id);
      if (image && !this.map.hasImage(id)) {
        this.map.addImage(id, image.data, { pixelRatio: image.pixelRatio });
      }
    });
    this.map.on('error', ({ error }) => {
      // Deferred: `replaced` removes the map, which is in the middle of its own work here.
      if (error instanceof AJAXError && error.status === conflict) setTimeout(options.replaced);
      else console.error(error);
    });
    this.loaded = new Promise((resolve) => {
      this.map.once('style.load', () => {
        this.ready = true;
        resolve();
      });
    });
  }

  /** Removes the map from the page. */
  remove(): void {
    this.ready = false;
    this.map.remove();
  }

  private source(id: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(id);
  }

  /** Shows ground, streets and labels, which are hidden until the city's colours are drawn. */
  showBase(): void {
    if (this.baseShown || !this.ready) return;
    this.baseShown = true;
    for (const id of this.map.getLayersOrder()) {
      if (this.map.getLayer(id)?.source === baseSource) {
        this.map.setLayoutProperty(id, 'visibility', 'visible');
      }
    }
  }

  setCompounds(data: FeatureCollection): void {
    void this.source('compounds')?.setData(data);
  }

  /** Shows units instead of compounds, or compounds again. */
  setUnits(data: FeatureCollection | null): void {
    void this.source('units')?.setData(data ?? none);
    for (const id of ['compounds-hit', 'compound-points']) {
      this.map.setLayoutProperty(id, 'visibility', data ? 'none' : 'visible');
    }
  }

  setFindings(data: FeatureCollection | null): void {
    void this.source('findings')?.setData(data ?? none);
  }

  setWalk(data: FeatureCollection | null): void {
    void this.source('walk')?.setData(data ?? none);
  }

  /** Shows the reach of a place, or none. */
  setPlace(place: PlaceData | null, compound: string | null): void {
    this.highlight(null);
    for (const id of placeSources) void this.source(id)?.setData(place?.[id] ?? none);
    for (const id of ['compound-selected', 'compound-selected-fill']) {
      this.map.setFilter(id, ['==', ['get', 'compound_id'], compound ?? '']);
    }
  }

  /** Shows or hides the colours of compounds. */
  showCompounds(show: boolean): void {
    for (const id of compoundLayers) {
      this.map.setLayoutProperty(id, 'visibility', show ? 'visible' : 'none');
    }
  }

  /** Outlines a compound, a unit or a finding. */
  mark(kind: 'compound' | 'unit' | 'finding' | null, id: string): void {
    const of = (layer: typeof kind): string => (kind === layer ? id : '');
    const isPoint = ['==', ['geometry-type'], 'Point'] as const;
    const isCompound = ['==', ['get', 'compound_id'], of('compound')] as const;
    this.map.setFilter('compound-marked', ['all', ['!', isPoint], isCompound] as never);
    this.map.setFilter('compound-marked-point', ['all', isPoint, isCompound] as never);
    this.map.setFilter('unit-marked', ['==', ['get', 'unit_id'], of('unit')]);
    this.map.setFilter('finding-marked', ['==', ['get', 'id'], of('finding')]);
  }

  setGroup(group: string | null): void {
    for (const id of ['facility-dots', 'facility-names', 'facility-icons']) {
      this.map.setFilter(id, group ? ['==', ['get', 'group'], group] : null);
    }
  }

  highlight(id: string | null): void {
    if (this.highlighted) {
      this.map.removeFeatureState({ source: 'facilities', id: this.highlighted });
    }
    this.highlighted = id;
    if (!id) this.setWalk(null);
    if (id) this.map.setFeatureState({ source: 'facilities', id }, { highlight: true });
  }

  /** Repaints in another theme or language; the data stays. */
  restyle(theme: Theme, lang: Lang, text: Messages): void {
    this.label(text);
    if (!this.ready) return;
    for (const layer of buildLayers(theme, lang)) {
      for (const [key, value] of Object.entries(layer.paint ?? {})) {
        this.map.setPaintProperty(layer.id, key as never, value as never);
      }
      for (const [key, value] of Object.entries(layer.layout ?? {})) {
        this.map.setLayoutProperty(layer.id, key as never, value as never);
      }
    }
    // The map becomes idle again, even if nothing has changed.
    this.map.triggerRepaint();
  }

  private label(text: Messages): void {
    const set = (selector: string, words: string): void => {
      const element = this.map.getContainer().querySelector(selector);
      element?.setAttribute('aria-label', words);
      if (element instanceof HTMLButtonElement) element.title = words;
    };
    set('.maplibregl-canvas', text.map);
    set('.maplibregl-ctrl-zoom-in', text.zoomIn);
    set('.maplibregl-ctrl-zoom-out', text.zoomOut);
  }

  /** Moves the map only if the location is hidden or the zoom too small. */
  show(lon: number, lat: number, leastZoom = 0): void {
    const { x, y } = this.map.project([lon, lat]);
    const { clientWidth, clientHeight } = this.map.getContainer();
    const { top = 0, right = 0, bottom = 0, left = 0 } = this.padding();
    const inside = x > left && x < clientWidth - right && y > top && y < clientHeight - bottom;
    const zoom = Math.max(this.map.getZoom(), leastZoom);
    if (!inside || zoom !== this.map.getZoom()) {
      this.map.easeTo({
        center: [lon, lat],
        zoom,
        offset: [(left - right) / 2, (top - bottom) / 2],
        duration: calm.matches ? 0 : 300,
      });
    }
  }

  fit(box: Box, maxZoom = 16): void {
    this.map.fitBounds(box, {
      padding: this.padding(),
      maxZoom,
      duration: calm.matches ? 0 : 500,
    });
  }

  fitAtOnce(box: Box): void {
    this.map.fitBounds(box, { padding: this.padding(), duration: 0 });
  }

  camera(): Camera {
    const { lng, lat } = this.map.getCenter();
    return { zoom: this.map.getZoom(), lat, lon: lng };
  }
}
