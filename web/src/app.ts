import { Api, ApiError, EditionChanged } from './api';
import type {
  CompoundFeature,
  Compounds,
  Finding,
  Findings,
  Settings,
  UnitFeature,
  Units,
} from './api-types';
import {
  choiceOf,
  findingsTable,
  showsFindings,
  unitLevel,
  withoutUnknown,
  type Choice,
} from './choice';
import { controlsView } from './controls';
import {
  joined,
  summarise,
  type CitySummary,
  type CompoundSummary,
  type LineSummary,
} from './coverage';
import { h, type Child } from './dom';
import { EditionFlow, placeToAskAgain } from './edition-flow';
import { day } from './format';
import { boxOf, coreBox, type Box } from './geometry';
import { messagesOf, type Messages } from './i18n';
import { legendView } from './legend';
import type { Theme } from './look';
import type { listenToPointer, Target, Tip } from './map/pointer';
import type { MapView } from './map/view';
import { cityView } from './panel/city';
import { basisSwitch } from './panel/evidence';
import { facilityId, facilityWords } from './panel/facilities';
import { footLine } from './panel/foot';
import { errorView, loadingView, noticeView, OldLink } from './panel/notice';
import { placeHead, placeView, type PlaceContext } from './panel/place';
import { Panel } from './panel/shell';
import { facilityGroup, isOffNetwork, placeData, standings, type PlaceAnswer } from './place';
import { Drawer, unitsLine, type DrawerContext } from './planner/drawer';
import { describeCompound, describeFinding, describeUnit } from './planner/describe';
import {
  compoundFeatures,
  findingFeatures,
  tableKind,
  unitFeatures,
  type TableKind,
} from './planner/on-map';
import { findingIds } from './planner/rows';
import { SearchBox } from './search/box';
import { syllables } from './search/pinyin';
import { isPhone, Sheet } from './sheet';
import { isFromOlderVersion } from './stand-in';
import { compoundOf, formatHash, parseHash, samePlace, type Place, type ViewState } from './state';
import { applyTheme, onSystemTheme, resolveTheme } from './theme';

/** On its way while the panel already says what it can. */
const mapCode = import('./map');
mapCode.catch(() => {});
/** Making the map keeps the browser busy; so long the panel's words may come first. */
const wordsFirstMilliseconds = 400;
const baseLatestMilliseconds = 1500;

const mark = document.documentElement.dataset;

const element = (id: string): HTMLElement => document.getElementById(id)!;

export class App {
  private state: ViewState = parseHash(location.hash);
  /** All that is shown was asked of it, so all is of one edition. */
  private api = this.newApi();
  private settings: Settings | null = null;
  private outlines: Promise<CompoundFeature[]> | null = null;
  private city: Compounds | null = null;
  private units: Units | null = null;
  /** What they were judged by, and which they are. */
  private unitsBy = '';
  private findings: Findings | null = null;
  private tableError: unknown = null;
  /** What the compounds on the map are coloured by. */
  private cityOnMap: unknown[] = [];
  /** What the table has put on the map. */
  private onMap: unknown[] = [];
  private summary: CitySummary | null = null;
  /** What the summary was judged by. */
  private judgedBy = '';
  private compounds = new Map<string, CompoundSummary>();
  private answer: PlaceAnswer | null = null;
  private cityError: unknown = null;
  private placeError: unknown = null;
  private readonly editions = new EditionFlow();
  private view: MapView | null = null;
  private tip: Tip | null = null;
  private cityRequest = new AbortController();
  private placeRequest = new AbortController();
  private unitsRequest = new AbortController();
  private walkRequest = new AbortController();

  private readonly search = new SearchBox((place) => this.go(place));
  private readonly panel = new Panel(element('panel'), this.search.element);
  private readonly sheet = new Sheet(element('panel'), this.panel.handle);
  private readonly drawer = new Drawer(element('drawer'), {
    table: (table) => this.openTable(table),
    rules: (rules) => this.change({ rules, line: null, mark: null }),
    line: (line) => this.pickLine(line),
    colour: (colour) => {
      this.change({ colour });
      this.renderCityColours();
    },
    findings: (findings) => {
      this.change({ findings });
      void this.loadTable();
    },
    mark: (id) => this.markRow(id, true),
    open: (id) => this.go({ kind: 'compound', id }),
  });

  start(): void {
    this.applyAppearance();
    if (matchMedia('(hover: hover)').matches) this.search.input.focus();
    window.addEventListener('popstate', () => this.onLink());
    onSystemTheme(() => this.applyAppearance());
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.state.place) this.go(null);
    });
    this.search.input.addEventListener('focus', () => {
      if (isPhone()) this.sheet.set('full');
    });
    void this.load();
  }

  private get text(): Messages {
    return messagesOf(this.state.lang, this.state.asMapped);
  }

  private get theme(): Theme {
    return resolveTheme(this.state.theme);
  }

  private get choice(): Choice | null {
    return this.settings && choiceOf(this.state, this.settings);
  }

  /** The line that the city is coloured by, where the rule set has it. */
  private get line(): LineSummary | null {
    const { line } = this.state;
    return this.summary?.lines.find(({ column }) => column.category === line) ?? null;
  }

  private newApi(): Api {
    return new Api(() => this.renew());
  }

  /** The server has another edition: drops all that is of the one before, and asks again for what the reader chose. */
  private renew(): void {
    for (const request of [
      this.cityRequest,
      this.placeRequest,
      this.unitsRequest,
      this.walkRequest,
    ]) {
      request.abort();
    }
    this.api.close();
    this.api = this.newApi();
    const goesOn = this.editions.renew(this.summary !== null || this.answer !== null);
    const place = placeToAskAgain(this.state.place, this.answer?.origin ?? null);
    this.state = { ...this.state, place };
    this.settings = this.outlines = this.city = this.summary = null;
    this.units = this.findings = this.answer = null;
    this.unitsBy = this.judgedBy = '';
    this.compounds = new Map();
    this.cityOnMap = this.onMap = [];
    this.tableError = this.placeError = null;
    this.search.setCompounds([]);
    this.search.setPinyin(new Map());
    delete mark.names;
    delete mark.edition;
    delete mark.walk;
    delete mark.map;
    this.tip?.hide();
    this.tip = null;
    this.view?.remove();
    this.view = null;
    if (!goesOn) {
      this.cityError = new EditionChanged();
      this.render();
      return;
    }
    void this.load();
  }

  private async load(): Promise<void> {
    const { api } = this;
    this.cityError = null;
    this.render();
    // Shapes are on their way at once.
    const settings = api.settings();
    this.outlines = api.compounds(settings);
    this.outlines.catch(() => {});
    try {
      this.settings = await settings;
      this.state = withoutUnknown(this.state, this.settings);
    } catch (error) {
      if (api !== this.api) return;
      this.cityError = error;
      this.render();
      return;
    }
    this.renderControls();
    this.render();
    const fit = !this.state.camera;
    const city = this.loadCity();
    const place = this.state.place ? this.loadPlace(fit) : city;
    await Promise.race([
      place,
      new Promise((resolve) => setTimeout(resolve, wordsFirstMilliseconds)),
    ]);
    if (api !== this.api) return;
    const knew = this.summary !== null;
    await this.createMap();
    void this.drawCity(!knew);
    if (this.answer) void this.drawPlace(fit);
    await city;
    if (api !== this.api) return;
    if (this.state.table) void this.loadTable();
    void this.loadNames();
  }

  /** Search works without; what it needs of pinyin comes after the first view. */
  private async loadNames(): Promise<void> {
    const { api } = this;
    const names = await api.names().catch(() => null);
    if (!names || api !== this.api) return;
    this.search.setPinyin(
      new Map(names.compounds.map(({ id, pinyin }) => [id, syllables(pinyin)])),
    );
    mark.names = 'true';
  }

  /** Says whether it came to its end: another choice may have overtaken it. */
  private async loadCity(): Promise<boolean> {
    const { choice, api } = this;
    if (!choice) return false;
    const { rules, asked } = choice;
    this.cityRequest.abort();
    const { signal } = (this.cityRequest = new AbortController());
    mark.ready = 'false';
    this.panel.setBusy(true);
    try {
      const [outlines, verdicts] = await Promise.all([
        (this.outlines ??= api.compounds(choice.settings)),
        api.verdicts(choice, signal),
      ]);
      if (signal.aborted) return false;
      const compounds = joined(outlines, verdicts);
      if (!compounds) throw api.end();
      const first = this.summary === null;
      this.cityError = null;
      this.editions.settle();
      this.city = compounds;
      this.summary = summarise(compounds, verdicts, rules);
      mark.edition = api.edition ?? '';
      this.judgedBy = asked;
      this.compounds = new Map(this.summary.compounds.map((item) => [item.id, item]));
      this.search.setCompounds(this.summary.compounds);
      this.render();
      await this.drawCity(first);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      this.outlines = this.city ? this.outlines : null;
      this.cityError = error;
      this.render();
      return false;
    } finally {
      if (!signal.aborted) this.panel.setBusy(false);
    }
  }

  private async drawCity(first: boolean): Promise<void> {
    const { view, city, summary, line, state } = this;
    if (!view || !city || !summary) return;
    await view.loaded;
    if (view !== this.view || city !== this.city) return;
    if (summary !== this.summary || line !== this.line) return;
    const shown = [summary, line, state.colour];
    if (shown.some((part, at) => part !== this.cityOnMap[at])) {
      this.cityOnMap = shown;
      mark.map = 'moving';
      view.setCompounds(compoundFeatures(city, summary, line, state.colour));
    }
    this.drawTable();
    if (first && !this.state.camera && !this.state.place) this.fitCity(true);
  }

  /** Colours and words of the city anew, by what is known already. */
  private renderCityColours(): void {
    this.render();
    void this.drawCity(false);
  }

  private async judgeAgain(): Promise<void> {
    this.renderDrawer();
    if (await this.loadCity()) await this.loadTable();
  }

  private async loadTable(): Promise<void> {
    const { api, choice, state, summary, line } = this;
    if (!choice || !summary) return;
    const level = unitLevel(state);
    this.unitsRequest.abort();
    const { signal } = (this.unitsRequest = new AbortController());
    this.tableError = null;
    this.render();
    try {
      if (showsFindings(state) && !this.findings) {
        const findings = await api.findings(signal);
        if (signal.aborted) return;
        this.findings = findings;
      }
      if (level) {
        const { unitsAsked } = this;
        const asked = unitsLine(line, summary);
        const units = await api.units(level, asked, choice, signal);
        if (signal.aborted) return;
        this.units = units;
        this.unitsBy = unitsAsked;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.tableError = error;
      this.units = null;
    }
    this.render();
    await this.view?.loaded;
    this.drawTable();
  }

  /** What units are to be judged by, and which. */
  private get unitsAsked(): string {
    const { choice, summary, line, state } = this;
    return summary ? `${choice?.asked} ${unitLevel(state)} ${unitsLine(line, summary)}` : '';
  }

  /** What the table adds to the map: units, findings, and the ring around what is marked. */
  private drawTable(): void {
    const { view, state, units, findings } = this;
    if (!view?.ready) return;
    const shownUnits = unitLevel(state) && !this.showsPlace ? units : null;
    const shownFindings = showsFindings(state) ? findings : null;
    const shown = [shownUnits, state.colour, shownFindings];
    // Marking a row changes none of the data.
    if (shown.some((part, at) => part !== this.onMap[at])) {
      this.onMap = shown;
      mark.map = 'moving';
      view.setUnits(shownUnits && unitFeatures(shownUnits, state.colour));
      view.setFindings(shownFindings && findingFeatures(shownFindings));
    }
    const kind = this.markKind();
    view.mark(kind, kind ? (state.mark ?? '') : '');
    view.showCompounds(!this.showsPlace && shownUnits === null);
  }

  private markKind(): TableKind | null {
    const { table, mark: id } = this.state;
    return table === null || id === null ? null : tableKind(table);
  }

  /** A place's bands are on the map, not the city's colours. */
  private get showsPlace(): boolean {
    return this.state.place !== null && !this.lost;
  }

  /** The place asked for is off the network, so there is nothing to show of it. */
  private get lost(): boolean {
    return this.answer !== null && isOffNetwork(this.answer.origin);
  }

  private openTable(table: string | null): void {
    const { mark: before, table: last } = this.state;
    const opened = table !== null && last === null;
    this.tip?.hide();
    this.state = { ...this.state, table, mark: table === last ? before : null };
    if (opened && this.state.place) this.go(null);
    this.writeLink(true);
    this.renderControls();
    this.render();
    if (table === null) {
      this.drawTable();
      document.getElementById('planner')?.focus();
      return;
    }
    void this.loadTable();
    if (opened) this.drawer.focus();
    else document.getElementById(`tab-${table}`)?.focus();
  }

  private pickLine(line: string | null): void {
    this.change({ line });
    this.renderCityColours();
    document.getElementById(`bar-${this.line?.column.line ?? ''}`)?.focus({ preventScroll: true });
    if (unitLevel(this.state)) void this.loadTable();
  }

  /** Marks a row of the table and what it stands for on the map. */
  private markRow(id: string, fromTable: boolean): void {
    this.change({ mark: id });
    this.render();
    this.drawTable();
    if (!fromTable) return;
    const kind = this.markKind();
    const target = kind && { kind, id };
    const box = target && this.boxOfTarget(target);
    if (!target || !box || !this.view) return;
    if (kind === 'unit') this.view.fit(box, 14);
    else this.view.show((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, kind === 'finding' ? 15 : 14);
    const words = this.describe(target);
    if (words) this.tip?.show([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], words);
  }

  private boxOfTarget({ kind, id }: Target): [number, number, number, number] | null {
    const compound = kind === 'compound' ? this.compounds.get(id) : undefined;
    if (compound?.centre) {
      const [lon, lat] = compound.centre;
      return [lon, lat, lon, lat];
    }
    const geometry =
      kind === 'unit'
        ? this.unit(id)?.geometry
        : kind === 'finding'
          ? this.finding(id)?.geometry
          : null;
    return geometry ? boxOf([geometry]) : null;
  }

  private unit(id: string): UnitFeature | undefined {
    return this.units?.features.find(({ properties }) => properties.unit_id === id);
  }

  private finding(id: string): Finding | undefined {
    const features = this.findings?.features ?? [];
    return features[findingIds(features).indexOf(id)];
  }

  /** The city without its outskirts. */
  private cityBox(): Box | undefined {
    const centres = (this.summary?.compounds ?? [])
      .map((compound) => compound.centre)
      .filter((centre) => centre !== null);
    return coreBox(centres, 0.06) ?? this.settings?.bounds;
  }

  private fitCity(atOnce: boolean): void {
    const box = this.cityBox();
    if (!box || !this.view) return;
    if (atOnce) this.view.fitAtOnce(box);
    else this.view.fit(box);
  }

  private async loadPlace(fit: boolean): Promise<void> {
    const { api, choice } = this;
    const { place } = this.state;
    if (!choice || !place) return;
    const { profile, bands, minutes } = choice;
    this.placeRequest.abort();
    const { signal } = (this.placeRequest = new AbortController());
    this.answer = null;
    this.placeError = null;
    this.render();
    try {
      if (isFromOlderVersion(place)) throw new OldLink();
      const [discs, rings, reach, coverage] = await Promise.all([
        api.bands(place, 'discs', bands, profile.id, signal),
        api.bands(place, 'rings', bands, profile.id, signal),
        api.reach(place, minutes, profile.id, signal),
        place.kind === 'compound' ? api.compoundCoverage(place.id, choice, signal) : null,
      ]);
      if (signal.aborted) return;
      this.answer = {
        discs,
        rings,
        reach,
        coverage: coverage?.features[0] ?? null,
        origin: discs.origin ?? reach.origin ?? null,
      };
      const present = this.editions.presentOf(place, this.answer.origin);
      this.state = { ...this.state, place: present };
      this.writeLink(false);
    } catch (error) {
      if (signal.aborted) return;
      const outlines = () => (this.outlines ??= api.compounds(choice.settings));
      const other = await this.editions.insteadOf(place, error, api, outlines, signal);
      if (signal.aborted) return;
      if (other) {
        this.state = { ...this.state, place: other };
        this.writeLink(false);
        return this.loadPlace(true);
      }
      this.placeError = error;
    }
    this.render();
    await this.drawPlace(fit);
  }

  private async drawPlace(fit: boolean): Promise<void> {
    const { view, answer, state } = this;
    if (!view) return;
    await view.loaded;
    if (view !== this.view || answer !== this.answer || state.place !== this.state.place) return;
    this.tip?.hide();
    const compound = state.place && compoundOf(state.place);
    view.setPlace(answer && placeData(answer, this.settings?.categories ?? []), compound);
    this.drawTable();
    view.setGroup(this.state.group);
    if (!state.place) return;
    const box = answer && boxOf(answer.discs.features.map((disc) => disc.geometry));
    if (fit && box) view.fit(box);
  }

  private async createMap(): Promise<void> {
    if (!this.settings || this.view) return;
    try {
      const { MapView, Tip, listenToPointer } = await mapCode;
      const { api, city, summary, line } = this;
      // Another edition may have come meanwhile, and brought its own.
      if (!this.settings || this.view) return;
      const { colour } = this.state;
      this.cityOnMap = summary ? [summary, line, colour] : [];
      this.view = new MapView({
        container: element('map'),
        compounds: city && summary ? compoundFeatures(city, summary, line, colour) : null,
        bounds: this.settings.bounds,
        edition: api.edition,
        replaced: () => void api.end(),
        first: this.cityBox() ?? this.settings.bounds,
        camera: this.state.camera,
        theme: this.theme,
        lang: this.state.lang,
        text: this.text,
        padding: () => this.mapPadding(),
      });
      this.listenToMap(this.view, new Tip(this.view.map), listenToPointer);
    } catch {
      element('map').replaceChildren(
        noticeView({ title: this.text.noMap, what: this.text.noMapWhat }),
      );
    }
  }

  private listenToMap(view: MapView, tip: Tip, listen: typeof listenToPointer): void {
    const { map } = view;
    this.tip = tip;
    Object.assign(window, { livingCircle: { map } });
    map.on('moveend', () => this.rememberCamera());
    map.on('movestart', () => (mark.map = 'moving'));
    map.on('idle', () => {
      if (view.baseShown) mark.map = 'idle';
      else view.showBase();
    });
    // A map that is moved at once never becomes idle.
    setTimeout(() => view.showBase(), baseLatestMilliseconds);
    listen(map, tip, {
      pick: (target) => this.pickTarget(target),
      point: (lon, lat) => this.go({ kind: 'point', lon, lat }),
      hoverFacility: (id) => this.highlight(id),
      describe: (target) => this.describe(target),
    });
  }

  private pickTarget({ kind, id }: Target): boolean {
    if (kind === 'facility') return this.pickFacility(id, true);
    const { table, place } = this.state;
    // Beside its table a click marks the row; else it asks for the compound's reach.
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
    const drawer = this.state.table === null ? 0 : element('drawer').offsetHeight;
    return { top: 72, right: 48, bottom: 48 + drawer, left: panel + 40 };
  }

  private describe({ kind, id }: Target): Child[] | null {
    const { text, summary, line } = this;
    const words = { lang: this.state.lang, text };
    if (kind === 'finding') return describeFinding(this.finding(id), words);
    if (kind === 'unit') return describeUnit(this.unit(id), words);
    return summary && describeCompound(this.compounds.get(id), summary, line, words);
  }

  private rememberCamera(): void {
    if (!this.view) return;
    this.state = { ...this.state, camera: this.view.camera() };
    this.writeLink(false);
  }

  private writeLink(push: boolean): void {
    const hash = formatHash(this.state);
    if (hash === location.hash) return;
    if (push) history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
  }

  /** Shows a place, or the whole city. */
  private go(place: Place | null): void {
    if (samePlace(this.state.place, place)) return;
    this.state = { ...this.state, place, group: null };
    this.editions.dropNews();
    this.writeLink(true);
    this.panel.scrollToTop();
    if (isPhone()) {
      this.sheet.set('half');
      this.search.input.blur();
    }
    if (place) {
      void this.loadPlace(true);
      return;
    }
    this.leavePlace();
    this.fitCity(false);
    if (!isPhone()) this.search.input.focus();
  }

  private leavePlace(): void {
    this.placeRequest.abort();
    this.answer = null;
    this.placeError = null;
    this.render();
    void this.drawPlace(false);
  }

  private onLink(): void {
    const before = this.state;
    this.state = parseHash(location.hash);
    if (this.settings) this.state = withoutUnknown(this.state, this.settings);
    const { lang, theme, profile, rules, asMapped, place, group, camera } = this.state;
    if (lang !== before.lang || theme !== before.theme) this.applyAppearance();
    const bandsChanged = `${this.state.minutes}` !== `${before.minutes}`;
    const judgedOtherwise =
      profile !== before.profile ||
      rules !== before.rules ||
      asMapped !== before.asMapped ||
      bandsChanged;
    this.tip?.hide();
    this.renderControls();
    const { table, line, findings } = this.state;
    const listedOtherwise =
      table !== before.table || line !== before.line || findings !== before.findings;
    if (judgedOtherwise) void this.judgeAgain();
    else {
      this.renderCityColours();
      if (listedOtherwise) void this.loadTable();
    }
    if (!samePlace(place, before.place)) this.editions.dropNews();
    const placeChanged = !samePlace(place, before.place) || judgedOtherwise;
    if (place && placeChanged) void this.loadPlace(false);
    else if (!place && before.place) this.leavePlace();
    else if (group !== before.group) this.setGroup(group);
    if (camera) this.view?.map.jumpTo({ center: [camera.lon, camera.lat], zoom: camera.zoom });
  }

  private change(change: Partial<ViewState>): void {
    // What it says may hold no longer.
    this.tip?.hide();
    this.state = { ...this.state, ...change };
    this.writeLink(false);
    if ('lang' in change || 'theme' in change) this.applyAppearance();
    const judges = ['profile', 'rules', 'minutes', 'asMapped'];
    if (judges.some((key) => key in change)) {
      void this.judgeAgain();
      if (this.state.place) void this.loadPlace(false);
    }
  }

  private applyAppearance(): void {
    const { lang } = this.state;
    applyTheme(this.theme);
    document.documentElement.lang = lang === 'en' ? 'en' : 'zh-Hans';
    this.search.speak(lang, this.text);
    this.tip?.hide();
    this.view?.restyle(this.theme, lang, this.text);
    this.renderControls();
    this.render();
    if (this.view) void this.drawPlace(false);
  }

  private setGroup(group: string | null): void {
    this.state = { ...this.state, group };
    this.writeLink(false);
    this.render();
    this.view?.setGroup(group);
    const chip = document.querySelector<HTMLElement>(`[data-chip="${CSS.escape(group ?? 'all')}"]`);
    chip?.focus({ preventScroll: true });
  }

  private highlight(id: string | null): void {
    document.querySelector('.facility.lit')?.classList.remove('lit');
    this.walkRequest.abort();
    delete mark.walk;
    this.view?.highlight(id);
    const facility = this.answer?.reach.features.find((item) => item.properties.id === id);
    if (!id || !facility || !this.settings) {
      this.tip?.hide();
      return;
    }
    document.getElementById(facilityId(id))?.classList.add('lit');
    const { lang } = this.state;
    const [title, walk] = facilityWords(facility, this.settings, lang, this.text);
    const [lon, lat] = facility.geometry.coordinates as [number, number];
    this.tip?.show([lon, lat], [h('b', {}, title), h('p', {}, walk)]);
    void this.drawWalk(id);
  }

  /** The way to the facility that is pointed at; a list that is run through asks only where one stays. */
  private async drawWalk(id: string): Promise<void> {
    const { place } = this.state;
    const { api, choice, view } = this;
    this.walkRequest.abort();
    if (!place || !choice || !view) return;
    const { signal } = (this.walkRequest = new AbortController());
    const walk = await api.walk(place, id, choice.profile.id, signal).catch(() => null);
    if (!walk || signal.aborted) return;
    view.setWalk(walk);
    mark.walk = id;
  }

  private pickFacility(id: string, fromMap: boolean): boolean {
    const facility = this.answer?.reach.features.find((item) => item.properties.id === id);
    if (!facility) return false;
    if (fromMap) {
      const group = facilityGroup(facility);
      if (!document.getElementById(facilityId(id))) {
        document.querySelector<HTMLElement>(`[data-group="${group}"] .more`)?.click();
      }
      document.getElementById(facilityId(id))?.focus();
    } else {
      const [lon, lat] = facility.geometry.coordinates as [number, number];
      this.view?.show(lon, lat);
    }
    this.highlight(id);
    return true;
  }

  private render(): void {
    const { settings, choice, state, text } = this;
    const basis = state.asMapped ? ` · ${text.asMapped}` : '';
    const title = settings?.label ? `${text.title} · ${settings.label}` : text.title;
    this.panel.setTitle(title, basis, day(settings?.data_date ?? null));
    mark.asMapped = String(state.asMapped);
    this.panel.setBasis(
      settings && basisSwitch(state.asMapped, text, (asMapped) => this.change({ asMapped })),
    );
    this.panel.setLabels(text.panel, text.sheet);
    if (choice) this.panel.setFoot(...footLine(choice, state.lang, text));
    this.renderNews();
    this.renderLegend();
    this.renderDrawer();
    if (state.place) this.renderPlace(state.place);
    else this.renderCity();
  }

  private renderNews(): void {
    const { answer, editions, text, compoundOfPlace: compound } = this;
    const { lang, place } = this.state;
    const words = editions.newsWords({ place, answer, compound, lang, text });
    mark.news = editions.newsMark;
    this.panel.setNews(words, text.close, () => {
      this.editions.dropNews();
      this.renderNews();
    });
  }

  private get compoundOfPlace(): CompoundSummary | null {
    const { place } = this.state;
    const id = place && compoundOf(place);
    return (id && this.compounds.get(id)) || null;
  }

  private renderControls(): void {
    const { settings, state, text } = this;
    element('controls').replaceChildren(
      ...controlsView(settings, state, text, {
        profile: (profile) => this.change({ profile }),
        minutes: (minutes) => this.change({ minutes }),
        planner: (open) => this.openTable(open ? 'compound' : null),
        theme: (theme) => this.change({ theme }),
        lang: (lang) => {
          this.change({ lang });
          document.getElementById(`lang-${lang}`)?.focus();
        },
      }),
    );
  }

  private renderLegend(): void {
    const legend = element('legend');
    const { summary, choice, state, line, text } = this;
    legend.hidden = !summary || !choice || summary.compounds.length === 0 || this.showsPlace;
    if (!legend.hidden && summary && choice) {
      const { lang, colour: by } = state;
      const [findings, units] = [showsFindings(state), unitLevel(state) !== null];
      const { rules } = choice;
      legend.replaceChildren(legendView({ summary, rules, line, by, units, findings, lang, text }));
    }
  }

  private renderDrawer(): void {
    const { choice, summary, line, findings, state, text } = this;
    const { table, colour, lang } = state;
    // Never rows of one choice under the name of another.
    const units = this.unitsBy === this.unitsAsked ? this.units : null;
    mark.drawer = String(table !== null);
    if (table === null || !choice || !summary) {
      this.drawer.hide();
      if (table !== null) mark.table = 'loading';
      return;
    }
    const context: DrawerContext = {
      choice,
      summary,
      line,
      colour,
      table,
      units,
      findings,
      findingsShown: state.findings,
      failed: this.tableError !== null || this.cityError !== null,
      stale: this.judgedBy !== choice.asked,
      mark: state.mark,
      lang,
      text,
    };
    this.drawer.show(context);
    const waits =
      context.stale || (unitLevel(state) && !units) || (table === findingsTable && !findings);
    mark.table = waits && !context.failed ? 'loading' : 'ready';
  }

  private renderCity(): void {
    const { summary, choice, cityError: error, text } = this;
    mark.view = error ? 'error' : summary ? 'city' : 'loading';
    mark.ready = String(!!(error || summary));
    if (error) {
      this.panel.show(errorView(error, text, () => void this.load()));
    } else if (summary && choice) {
      const { rules, settings } = choice;
      const pick = (id: string): void => this.go({ kind: 'compound', id });
      const pickLine = (line: string | null): void => this.pickLine(line);
      const { line } = this;
      const { lang } = this.state;
      this.panel.show(cityView({ summary, rules, settings, line, lang, text, pick, pickLine }));
    } else {
      this.panel.show(loadingView(text));
    }
  }

  private renderPlace(place: Place): void {
    const { choice, answer, text, state } = this;
    const error = this.placeError ?? (choice ? null : this.cityError);
    const retry = (): void => void (choice ? this.loadPlace(true) : this.load());
    if (!choice) {
      mark.view = error ? 'error' : 'loading';
      mark.ready = String(!!error);
      this.panel.show(error ? errorView(error, text, retry) : loadingView(text));
      return;
    }
    const { settings, rules, bands, minutes } = choice;
    const context: PlaceContext = {
      place,
      rules,
      settings,
      bands,
      evidence: this.summary?.evidence ?? null,
      compound: this.compoundOfPlace,
      minutes,
      group: state.group,
      lang: state.lang,
      text,
      close: () => this.go(null),
      openCompound: (id) => this.go({ kind: 'compound', id }),
      pickGroup: (group) => this.setGroup(group),
      highlight: (id) => this.highlight(id),
      pick: (id) => this.pickFacility(id, false),
    };
    const list = answer ? standings(answer, rules, bands, this.summary) : [];
    // The server refuses a point that lies beyond its data.
    const outside = place.kind === 'point' && error instanceof ApiError && error.status === 400;
    const content = outside
      ? [noticeView({ title: text.offNetwork, what: text.offNetworkWhat })]
      : error
        ? [errorView(error, text, retry, place.kind)]
        : answer
          ? placeView(answer, list, context)
          : [loadingView(text)];
    const off = outside || (answer !== null && isOffNetwork(answer.origin));
    mark.view = off ? 'off-network' : error ? 'error' : 'place';
    mark.ready = String(!!(error || answer));
    this.panel.show(h('div', { class: 'view' }, placeHead(answer, context), ...content));
    if (document.activeElement === document.body) {
      document.querySelector<HTMLElement>('.place-title')?.focus({ preventScroll: true });
    }
  }
}
