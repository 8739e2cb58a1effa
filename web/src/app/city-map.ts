import type { Api } from '../api/client';
import type { Child } from '../base/dom';
import { boxOf } from '../base/geometry';
import { compoundOf } from '../base/place';
import { compoundFeatures, findingFeatures, unitFeatures } from '../map/city-data';
import { placeData } from '../map/place-data';
import type { PointerHandlers, Target, Tip } from '../map/pointer';
import type { MapOptions, MapView } from '../map/view';
import { noticeView } from '../panel/notice';
import { describeCompound, describeFinding, describeUnit } from '../planner/describe';
import { showsFindings, unitLevel } from '../state/choice';
import type { Camera } from '../state/view';
import { element, marks } from './marks';
import type { Model } from './model';

/** The map library is loaded while the panel already shows its first content. */
const mapCode = import('../map');
mapCode.catch(() => {});

/** MapLibre fires `idle` late if the reader pans at once, so the base map is shown after this time at the latest. */
const baseLatestMilliseconds = 1500;

export interface MapEvents extends Omit<PointerHandlers, 'describe'> {
  /** The reader moved the map. */
  moved(camera: Camera): void;
  /** The client of the present edition. */
  client(): Api;
  /** Pixels of the map that panel, sheet and drawer cover. */
  padding: MapOptions['padding'];
}

/** Draws the model on the map, once the map exists. */
export class CityMap {
  private view: MapView | null = null;
  private tip: Tip | null = null;
  /** Inputs of the compounds' colours on the map. */
  private drawnCity: unknown[] = [];
  /** The units and findings on the map. */
  private drawnTable: unknown[] = [];

  constructor(
    private readonly model: Model,
    private readonly events: MapEvents,
  ) {}

  /** Creates the map, or shows a notice if the browser cannot draw it. */
  async create(): Promise<void> {
    const { model } = this;
    if (!model.settings || this.view) return;
    try {
      const { MapView, Tip, listenToPointer } = await mapCode;
      const { settings, city, summary, line, state } = model;
      // A change of edition meanwhile may have created another map.
      if (!settings || this.view) return;
      // The map keeps this client, even if the edition changes while a tile is loading.
      const client = this.events.client();
      this.drawnCity = summary ? [summary, line, state.colour] : [];
      this.view = new MapView({
        container: element('map'),
        compounds: city && summary ? compoundFeatures(city, summary, line, state.colour) : null,
        bounds: settings.bounds,
        edition: client.edition,
        replaced: () => void client.end(),
        first: model.cityBox ?? settings.bounds,
        camera: state.camera,
        theme: model.theme,
        lang: state.lang,
        text: model.text,
        padding: this.events.padding,
      });
      this.tip = new Tip(this.view.map);
      this.listen(this.view);
      const describe = (target: Target): Child[] | null => this.describe(target);
      listenToPointer(this.view.map, this.tip, { ...this.events, describe });
    } catch {
      const { noMap: title, noMapWhat: what } = model.text;
      element('map').replaceChildren(noticeView({ title, what }));
    }
  }

  private listen(view: MapView): void {
    const { map } = view;
    Object.assign(window, { livingCircle: { map } });
    map.on('moveend', () => this.events.moved(view.camera()));
    map.on('movestart', () => (marks.map = 'moving'));
    map.on('idle', () => {
      if (view.baseShown) marks.map = 'idle';
      else view.showBase();
    });
    setTimeout(() => view.showBase(), baseLatestMilliseconds);
  }

  /** Removes the map: another edition needs a new one. */
  remove(): void {
    this.tip?.hide();
    this.tip = null;
    this.view?.remove();
    this.view = null;
    this.drawnCity = this.drawnTable = [];
  }

  /** Colours the compounds; `first` moves the map to the city, unless the link has a place or a camera. */
  async drawCity(first: boolean): Promise<void> {
    const { view, model } = this;
    const { city, summary, line, state } = model;
    if (!view || !city || !summary) return;
    await view.loaded;
    if (view !== this.view || city !== model.city) return;
    if (summary !== model.summary || line !== model.line) return;
    const drawn = [summary, line, state.colour];
    if (drawn.some((part, at) => part !== this.drawnCity[at])) {
      this.drawnCity = drawn;
      marks.map = 'moving';
      view.setCompounds(compoundFeatures(city, summary, line, state.colour));
    }
    this.drawTable();
    if (first && !model.state.camera && !model.state.place) this.fitCity(true);
  }

  async drawTableWhenReady(): Promise<void> {
    await this.view?.loaded;
    this.drawTable();
  }

  /** Draws what the table adds: units, findings and the outline of the marked row. */
  drawTable(): void {
    const { view, model } = this;
    if (!view?.ready) return;
    const { state, showsPlace } = model;
    const units = unitLevel(state) && !showsPlace ? model.units : null;
    const findings = showsFindings(state) ? model.findings : null;
    const drawn = [units, state.colour, findings];
    // Marking a row changes none of the data.
    if (drawn.some((part, at) => part !== this.drawnTable[at])) {
      this.drawnTable = drawn;
      marks.map = 'moving';
      view.setUnits(units && unitFeatures(units, state.colour));
      view.setFindings(findings && findingFeatures(findings));
    }
    const kind = model.markKind;
    view.mark(kind, kind ? (state.mark ?? '') : '');
    view.showCompounds(!showsPlace && units === null);
  }

  /** Draws the reach of the place, or removes it; `fit` moves the map to its bands. */
  async drawPlace(fit: boolean): Promise<void> {
    const { view, model } = this;
    const { answer, state } = model;
    if (!view) return;
    await view.loaded;
    if (view !== this.view || answer !== model.answer || state.place !== model.state.place) return;
    this.tip?.hide();
    const compound = state.place && compoundOf(state.place);
    view.setPlace(answer && placeData(answer, model.settings?.categories ?? []), compound);
    this.drawTable();
    view.setGroup(model.state.group);
    if (!state.place) return;
    const box = answer && boxOf(answer.bands.features.map((disc) => disc.geometry));
    if (fit && box) view.fit(box);
  }

  setGroup(group: string | null): void {
    this.view?.setGroup(group);
  }

  /** Highlights a facility; `words` is its tooltip. */
  highlight(id: string | null, at?: [number, number], words?: Child[]): void {
    this.view?.highlight(id);
    if (at && words) this.tip?.show(at, words);
    else this.tip?.hide();
  }

  setWalk(walk: Parameters<MapView['setWalk']>[0]): void {
    this.view?.setWalk(walk);
  }

  /** Whether there is a map to draw on. */
  get exists(): boolean {
    return this.view !== null;
  }

  hideTip(): void {
    this.tip?.hide();
  }

  restyle(): void {
    const { theme, state, text } = this.model;
    if (this.view?.ready) marks.map = 'moving';
    this.view?.restyle(theme, state.lang, text);
  }

  jumpTo({ lon, lat, zoom }: Camera): void {
    this.view?.map.jumpTo({ center: [lon, lat], zoom });
  }

  /** Moves the map only if the location is hidden. */
  showLocation(lon: number, lat: number): void {
    this.view?.show(lon, lat);
  }

  fitCity(atOnce: boolean): void {
    const box = this.model.cityBox;
    if (!box || !this.view) return;
    if (atOnce) this.view.fitAtOnce(box);
    else this.view.fit(box);
  }

  /** Moves the map to the marked row, with its tooltip. */
  showMarked(id: string): void {
    const kind = this.model.markKind;
    const target = kind && { kind, id };
    const box = target && this.boxOfTarget(target);
    if (!target || !box || !this.view) return;
    const [lon, lat] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    if (kind === 'unit') this.view.fit(box, 14);
    else this.view.show(lon, lat, kind === 'finding' ? 15 : 14);
    const words = this.describe(target);
    if (words) this.tip?.show([lon, lat], words);
  }

  private boxOfTarget({ kind, id }: Target): [number, number, number, number] | null {
    const { model } = this;
    const compound = kind === 'compound' ? model.compounds.get(id) : undefined;
    if (compound?.centre) {
      const [lon, lat] = compound.centre;
      return [lon, lat, lon, lat];
    }
    const geometry =
      kind === 'unit'
        ? model.unit(id)?.geometry
        : kind === 'finding'
          ? model.finding(id)?.geometry
          : null;
    return geometry ? boxOf([geometry]) : null;
  }

  /** The tooltip of a target of the city; `null` if it is not loaded. */
  private describe({ kind, id }: Target): Child[] | null {
    const { text, summary, line, state, compounds } = this.model;
    const words = { lang: state.lang, text };
    if (kind === 'finding') return describeFinding(this.model.finding(id), words);
    if (kind === 'unit') return describeUnit(this.model.unit(id), words);
    return summary && describeCompound(compounds.get(id), summary, line, words);
  }
}
