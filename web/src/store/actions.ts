import { EditionChanged, type Api } from '../api/client';
import { samePlace, type Place } from '../base/place';
import { isPhone } from '../base/screen';
import type { Target } from '../map/pointer';
import { tableKind, unitLevel, withoutUnknown } from '../state/choice';
import { parseHash } from '../state/link';
import type { Camera, ViewState } from '../state/view';
import { writeAddress } from './address';
import { withLocation } from './edition-flow.svelte';
import { Loader } from './loader';
import type { Model } from './model.svelte';

/** Creating the map blocks the browser, so the panel gets up to this time to show its first content. */
const panelFirstMilliseconds = 400;

/** Keys of the view state that verdicts are computed with. */
const judgingKeys = ['profile', 'rules', 'minutes', 'asMapped'] as const;

/** What the reader can do. An action changes the model and requests what the model then lacks; the views follow. */
export class Actions {
  private readonly loader: Loader;

  constructor(private readonly model: Model) {
    this.loader = new Loader(model, () => this.renew());
  }

  /** Loads everything, in the order in which the reader needs it: panel, map, table, names. */
  async load(): Promise<void> {
    const { loader, model } = this;
    const { client } = loader;
    model.cityError = null;
    if (!(await loader.loadSettings())) return;
    const city = loader.loadCity();
    const place = model.state.place ? loader.loadPlace(!model.state.camera) : city;
    await Promise.race([
      place,
      new Promise((resolve) => setTimeout(resolve, panelFirstMilliseconds)),
    ]);
    if (client !== loader.client) return;
    model.mapAllowed = true;
    await city;
    if (client !== loader.client) return;
    if (model.state.table) void loader.loadTable();
    await loader.loadNames();
  }

  /** The client of the present edition. */
  get client(): Api {
    return this.loader.client;
  }

  /** Loads the place again after an error. */
  reloadPlace(): void {
    void this.loader.loadPlace(true);
  }

  /** Another edition: drops everything of the present one and loads the reader's choice again. */
  private renew(): void {
    const { loader, model } = this;
    loader.renew();
    const mayRequest = model.editions.renew(model.summary !== null || model.answer !== null);
    model.state.place = withLocation(model.state.place, model.answer?.origin ?? null);
    model.forget();
    model.mapAllowed = false;
    if (mayRequest) void this.load();
    else model.cityError = new EditionChanged();
  }

  /** Shows a place, or the whole city. */
  go(place: Place | null): void {
    const { model } = this;
    if (samePlace(model.state.place, place)) return;
    Object.assign(model.state, { place, group: null });
    model.editions.dropNews();
    writeAddress(model.state, true);
    if (isPhone()) model.sheet = 'half';
    if (place) {
      void this.loader.loadPlace(true);
      return;
    }
    this.leavePlace();
    model.goal = { kind: 'city', atOnce: false };
    if (!isPhone()) model.focus = 'search';
  }

  private leavePlace(): void {
    const { loader, model } = this;
    loader.abortPlace();
    loader.abortWalk();
    model.answer = model.placeError = model.lit = model.walk = model.tip = null;
  }

  change(change: Partial<ViewState>): void {
    const { model } = this;
    // The text of the tooltip may be outdated.
    model.tip = null;
    Object.assign(model.state, change);
    writeAddress(model.state, false);
    if (judgingKeys.some((key) => key in change)) {
      void this.judgeAgain();
      if (model.state.place) void this.loader.loadPlace(false);
    }
  }

  private async judgeAgain(): Promise<void> {
    if (await this.loader.loadCity()) await this.loader.loadTable();
  }

  /** Follows the address after a step in the history or an edit. */
  followAddress(): void {
    const { loader, model } = this;
    const before = { ...model.state };
    let state = parseHash(location.hash);
    if (model.settings) state = withoutUnknown(state, model.settings);
    Object.assign(model.state, state);
    const differs = (...keys: (keyof ViewState)[]): boolean =>
      keys.some((key) => `${state[key]}` !== `${before[key]}`);
    model.tip = null;
    const judgedAgain = differs(...judgingKeys);
    if (judgedAgain) void this.judgeAgain();
    else if (differs('table', 'line', 'findings')) void loader.loadTable();
    const isOther = !samePlace(state.place, before.place);
    if (isOther) model.editions.dropNews();
    if (state.place && (isOther || judgedAgain)) void loader.loadPlace(false);
    else if (!state.place && before.place) this.leavePlace();
    if (state.camera) model.goal = { kind: 'camera', camera: state.camera };
  }

  /** The reader moved the map. */
  moved(camera: Camera): void {
    this.model.state.camera = camera;
    writeAddress(this.model.state, false);
  }

  openTable(table: string | null): void {
    const { model } = this;
    const { mark, table: last, place } = model.state;
    model.tip = null;
    Object.assign(model.state, { table, mark: table === last ? mark : null });
    if (table !== null && last === null && place) this.go(null);
    writeAddress(model.state, true);
    if (table === null) {
      model.focus = 'planner';
      return;
    }
    void this.loader.loadTable();
    if (last === null) model.focus = 'table';
  }

  pickRules(rules: string): void {
    this.change({ rules, line: null, mark: null });
  }

  pickLine(line: string | null): void {
    this.change({ line });
    if (unitLevel(this.model.state)) void this.loader.loadTable();
  }

  showFindings(findings: boolean): void {
    this.change({ findings });
    void this.loader.loadTable();
  }

  /** Marks a row of the table and its target on the map; `show` moves the map to it. */
  markRow(id: string, show: boolean): void {
    const { model } = this;
    this.change({ mark: id });
    const kind = model.markKind;
    if (show && kind) model.goal = { kind: 'target', target: { kind, id } };
  }

  setGroup(group: string | null): void {
    this.model.state.group = group;
    writeAddress(this.model.state, false);
  }

  /** Highlights a facility in the list and on the map, with its tooltip and the walk to it. */
  highlight(id: string | null): void {
    const { loader, model } = this;
    loader.abortWalk();
    model.walk = null;
    const facility = model.facility(id);
    model.lit = facility ? id : null;
    if (!facility || !id) {
      model.tip = null;
      return;
    }
    const [lon, lat] = facility.geometry.coordinates as [number, number];
    model.tip = { target: { kind: 'facility', id }, at: [lon, lat] };
    if (model.mapExists) void loader.loadWalk(id);
  }

  /** Highlights a facility, and shows it on the map or, if it was picked there, in the list. */
  pickFacility(id: string, fromMap: boolean): boolean {
    const { model } = this;
    const facility = model.facility(id);
    if (!facility) return false;
    const [lon, lat] = facility.geometry.coordinates as [number, number];
    if (fromMap) model.reveal = id;
    else model.goal = { kind: 'location', lon, lat };
    this.highlight(id);
    return true;
  }

  /** Returns whether the click on the map is handled; else it asks about the location. */
  pickTarget({ kind, id }: Target): boolean {
    if (kind === 'facility') return this.pickFacility(id, true);
    const { table, place } = this.model.state;
    // With the table open a click marks the row; else it shows the compound's reach.
    if (place === null && table !== null && kind === tableKind(table)) {
      this.markRow(id, false);
      return true;
    }
    if (kind !== 'compound') return kind === 'finding';
    this.go({ kind: 'compound', id });
    return true;
  }

  dropNews(): void {
    this.model.editions.dropNews();
  }
}
