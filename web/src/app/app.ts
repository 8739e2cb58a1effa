import { EditionChanged } from '../api/client';
import { h } from '../base/dom';
import { samePlace, type Place } from '../base/place';
import { isPhone } from '../base/screen';
import { applyTheme, onSystemTheme } from '../look/theme';
import type { Target } from '../map/pointer';
import { facilityId, facilityWords } from '../panel/facilities';
import { Panel } from '../panel/shell';
import { Sheet } from '../panel/sheet';
import { facilityGroup } from '../place/answer';
import { Drawer } from '../planner/drawer';
import { SearchBox } from '../search/box';
import { tableKind, unitLevel, withoutUnknown } from '../state/choice';
import { parseHash } from '../state/link';
import type { ViewState } from '../state/view';
import { writeAddress } from './address';
import { CityMap } from './city-map';
import { withLocation } from './edition-flow';
import { Loader } from './loader';
import { element, marks } from './marks';
import { Model } from './model';
import { Screen } from './screen';

/** Creating the map blocks the browser, so the panel gets up to this time to show its first content. */
const panelFirstMilliseconds = 400;

/** Connects model, loader, screen and map: an action changes the model, then the views follow. */
export class App {
  private readonly model = new Model(parseHash(location.hash));
  private readonly loader = new Loader(this.model, {
    replaced: () => this.renew(),
    changed: () => this.screen.render(),
    cityRequested: () => {
      marks.ready = 'false';
      this.panel.setBusy(true);
    },
    cityLoaded: (first) => {
      this.search.setCompounds(this.model.summary?.compounds ?? []);
      this.screen.render();
      return this.map.drawCity(first);
    },
    citySettled: () => this.panel.setBusy(false),
    tableLoaded: () => this.map.drawTableWhenReady(),
    placeLoaded: (fit) => this.map.drawPlace(fit),
  });
  private readonly map = new CityMap(this.model, {
    client: () => this.loader.client,
    padding: () => this.mapPadding(),
    moved: (camera) => {
      this.model.state = { ...this.model.state, camera };
      writeAddress(this.model.state, false);
    },
    pick: (target) => this.pickTarget(target),
    point: (lon, lat) => this.go({ kind: 'point', lon, lat }),
    hoverFacility: (id) => this.highlight(id),
  });
  private readonly search = new SearchBox((place) => this.go(place));
  private readonly panel = new Panel(element('panel'), this.search.element);
  private readonly sheet = new Sheet(element('panel'), this.panel.handle);
  private readonly drawer = new Drawer(element('drawer'), {
    table: (table) => this.openTable(table),
    rules: (rules) => this.change({ rules, line: null, mark: null }),
    line: (line) => this.pickLine(line),
    colour: (colour) => {
      this.change({ colour });
      this.recolour();
    },
    findings: (findings) => {
      this.change({ findings });
      void this.loader.loadTable();
    },
    mark: (id) => this.markRow(id, true),
    open: (id) => this.go({ kind: 'compound', id }),
  });
  private readonly screen = new Screen(this.model, this.panel, this.drawer, {
    load: () => void this.load(),
    loadPlace: () => void this.loader.loadPlace(true),
    go: (place) => this.go(place),
    change: (change) => this.change(change),
    openTable: (table) => this.openTable(table),
    pickLine: (category) => this.pickLine(category),
    setGroup: (group) => this.setGroup(group),
    highlight: (facility) => this.highlight(facility),
    pickFacility: (facility) => void this.pickFacility(facility, false),
  });

  start(): void {
    this.applyAppearance();
    if (matchMedia('(hover: hover)').matches) this.search.input.focus();
    window.addEventListener('popstate', () => this.onAddress());
    onSystemTheme(() => this.applyAppearance());
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.model.state.place) this.go(null);
    });
    this.search.input.addEventListener('focus', () => {
      if (isPhone()) this.sheet.set('full');
    });
    void this.load();
  }

  /** Loads everything, in the order in which the reader needs it: panel, map, table, names. */
  private async load(): Promise<void> {
    const { loader, map, model } = this;
    const { client } = loader;
    model.cityError = null;
    this.screen.render();
    if (!(await loader.loadSettings())) return;
    this.screen.renderControls();
    this.screen.render();
    const fit = !model.state.camera;
    const city = loader.loadCity();
    const place = model.state.place ? loader.loadPlace(fit) : city;
    await Promise.race([
      place,
      new Promise((resolve) => setTimeout(resolve, panelFirstMilliseconds)),
    ]);
    if (client !== loader.client) return;
    const hadCity = model.summary !== null;
    await map.create();
    void map.drawCity(!hadCity);
    if (model.answer) void map.drawPlace(fit);
    await city;
    if (client !== loader.client) return;
    if (model.state.table) void loader.loadTable();
    const names = await loader.names();
    if (!names) return;
    this.search.setPinyin(names);
    marks.names = 'true';
  }

  /** Another edition: drops everything of the present one and loads the reader's choice again. */
  private renew(): void {
    const { loader, map, model, search } = this;
    loader.renew();
    const mayRequest = model.editions.renew(model.summary !== null || model.answer !== null);
    const place = withLocation(model.state.place, model.answer?.origin ?? null);
    model.state = { ...model.state, place };
    model.forget();
    search.setCompounds([]);
    search.setPinyin(new Map());
    for (const mark of ['names', 'edition', 'walk', 'map']) delete marks[mark];
    map.remove();
    if (!mayRequest) {
      model.cityError = new EditionChanged();
      this.screen.render();
      return;
    }
    void this.load();
  }

  /** Shows a place, or the whole city. */
  private go(place: Place | null): void {
    const { model } = this;
    if (samePlace(model.state.place, place)) return;
    model.state = { ...model.state, place, group: null };
    model.editions.dropNews();
    writeAddress(model.state, true);
    this.panel.scrollToTop();
    if (isPhone()) {
      this.sheet.set('half');
      this.search.input.blur();
    }
    if (place) {
      void this.loader.loadPlace(true);
      return;
    }
    this.leavePlace();
    this.map.fitCity(false);
    if (!isPhone()) this.search.input.focus();
  }

  private leavePlace(): void {
    this.loader.abortPlace();
    this.model.answer = null;
    this.model.placeError = null;
    this.screen.render();
    void this.map.drawPlace(false);
  }

  private change(change: Partial<ViewState>): void {
    const { model } = this;
    // The text of the tooltip may be outdated.
    this.map.hideTip();
    model.state = { ...model.state, ...change };
    writeAddress(model.state, false);
    if ('lang' in change || 'theme' in change) this.applyAppearance();
    if (change.lang) document.getElementById(`lang-${change.lang}`)?.focus();
    const judges = ['profile', 'rules', 'minutes', 'asMapped'];
    if (judges.some((key) => key in change)) {
      void this.judgeAgain();
      if (model.state.place) void this.loader.loadPlace(false);
    }
  }

  /** Follows the address after a step in the history or an edit. */
  private onAddress(): void {
    const { loader, map, model } = this;
    const before = model.state;
    model.state = parseHash(location.hash);
    if (model.settings) model.state = withoutUnknown(model.state, model.settings);
    const { state } = model;
    const differs = (...keys: (keyof ViewState)[]): boolean =>
      keys.some((key) => `${state[key]}` !== `${before[key]}`);
    if (differs('lang', 'theme')) this.applyAppearance();
    map.hideTip();
    this.screen.renderControls();
    const judgedAgain = differs('profile', 'rules', 'asMapped', 'minutes');
    if (judgedAgain) void this.judgeAgain();
    else {
      this.recolour();
      if (differs('table', 'line', 'findings')) void loader.loadTable();
    }
    const isOther = !samePlace(state.place, before.place);
    if (isOther) model.editions.dropNews();
    if (state.place && (isOther || judgedAgain)) void loader.loadPlace(false);
    else if (!state.place && before.place) this.leavePlace();
    else if (state.group !== before.group) this.setGroup(state.group);
    if (state.camera) map.jumpTo(state.camera);
  }

  /** Redraws colours and texts of the city from the loaded data. */
  private recolour(): void {
    this.screen.render();
    void this.map.drawCity(false);
  }

  private async judgeAgain(): Promise<void> {
    this.screen.renderDrawer();
    if (await this.loader.loadCity()) await this.loader.loadTable();
  }

  private applyAppearance(): void {
    const { map, model } = this;
    const { lang } = model.state;
    applyTheme(model.theme);
    document.documentElement.lang = lang === 'en' ? 'en' : 'zh-Hans';
    this.search.setLanguage(lang, model.text);
    map.hideTip();
    map.restyle();
    this.screen.renderControls();
    this.screen.render();
    if (map.exists) void map.drawPlace(false);
  }

  private openTable(table: string | null): void {
    const { model } = this;
    const { mark, table: last } = model.state;
    const opened = table !== null && last === null;
    this.map.hideTip();
    model.state = { ...model.state, table, mark: table === last ? mark : null };
    if (opened && model.state.place) this.go(null);
    writeAddress(model.state, true);
    this.screen.renderControls();
    this.screen.render();
    if (table === null) {
      this.map.drawTable();
      document.getElementById('planner')?.focus();
      return;
    }
    void this.loader.loadTable();
    if (opened) this.drawer.focus();
    else document.getElementById(`tab-${table}`)?.focus();
  }

  private pickLine(line: string | null): void {
    const { model } = this;
    this.change({ line });
    this.recolour();
    document.getElementById(`bar-${model.line?.column.line ?? ''}`)?.focus({ preventScroll: true });
    if (unitLevel(model.state)) void this.loader.loadTable();
  }

  /** Marks a row of the table and its target on the map. */
  private markRow(id: string, fromTable: boolean): void {
    this.change({ mark: id });
    this.screen.render();
    this.map.drawTable();
    if (fromTable) this.map.showMarked(id);
  }

  private setGroup(group: string | null): void {
    const { model } = this;
    model.state = { ...model.state, group };
    writeAddress(model.state, false);
    this.screen.render();
    this.map.setGroup(group);
    const chip = document.querySelector<HTMLElement>(`[data-chip="${CSS.escape(group ?? 'all')}"]`);
    chip?.focus({ preventScroll: true });
  }

  /** Highlights a facility in the list and on the map, with its tooltip and the walk to it. */
  private highlight(id: string | null): void {
    const { map, model } = this;
    document.querySelector('.facility.lit')?.classList.remove('lit');
    this.loader.abortWalk();
    delete marks.walk;
    const facility = model.facility(id);
    if (!id || !facility || !model.settings) {
      map.highlight(id);
      return;
    }
    document.getElementById(facilityId(id))?.classList.add('lit');
    const [title, walk] = facilityWords(facility, model.settings, model.state.lang, model.text);
    const [lon, lat] = facility.geometry.coordinates as [number, number];
    map.highlight(id, [lon, lat], [h('b', {}, title), h('p', {}, walk)]);
    if (map.exists) void this.drawWalk(id);
  }

  private async drawWalk(id: string): Promise<void> {
    const walk = await this.loader.walk(id);
    if (!walk) return;
    this.map.setWalk(walk);
    marks.walk = id;
  }

  private pickFacility(id: string, fromMap: boolean): boolean {
    const facility = this.model.facility(id);
    if (!facility) return false;
    if (fromMap) {
      const group = facilityGroup(facility);
      if (!document.getElementById(facilityId(id))) {
        document.querySelector<HTMLElement>(`[data-group="${group}"] .more`)?.click();
      }
      document.getElementById(facilityId(id))?.focus();
    } else {
      const [lon, lat] = facility.geometry.coordinates as [number, number];
      this.map.showLocation(lon, lat);
    }
    this.highlight(id);
    return true;
  }

  private pickTarget({ kind, id }: Target): boolean {
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

  private mapPadding(): { top: number; right: number; bottom: number; left: number } {
    if (isPhone()) return { top: 72, right: 24, bottom: this.sheet.height() + 16, left: 24 };
    const panel = element('panel').getBoundingClientRect().right;
    const drawer = this.model.state.table === null ? 0 : element('drawer').offsetHeight;
    return { top: 72, right: 48, bottom: 48 + drawer, left: panel + 40 };
  }
}
