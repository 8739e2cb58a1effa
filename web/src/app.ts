import { api } from './api';
import type { Coverage, Profile, RuleLine, RuleSet, Settings } from './api-types';
import { controlsView } from './controls';
import { scaleStep, summarise, type CitySummary, type CompoundSummary } from './coverage';
import { h, type Child } from './dom';
import { day } from './format';
import { boxOf, coreBox } from './geometry';
import { messages, type Messages } from './i18n';
import { legendView } from './legend';
import type { Theme } from './look';
import { unknownStep } from './map/city-layers';
import { listenToPointer, Tip } from './map/pointer';
import { MapView } from './map/view';
import { cityView, compoundWords } from './panel/city';
import { facilityId, facilityWords } from './panel/facilities';
import { footLine } from './panel/foot';
import { errorView, loadingView, noticeView } from './panel/notice';
import { placeHead, placeView, type PlaceContext } from './panel/place';
import { Panel } from './panel/shell';
import { facilityGroup, isOffNetwork, placeData, standings, type PlaceAnswer } from './place';
import { SearchBox } from './search/box';
import { isPhone, Sheet } from './sheet';
import { formatHash, parseHash, samePlace, type Place, type ViewState } from './state';
import { applyTheme, onSystemTheme, resolveTheme } from './theme';

const scaleSteps = 6;
const mark = document.documentElement.dataset;

const element = (id: string): HTMLElement => document.getElementById(id)!;

function stepOf(compound: CompoundSummary | undefined, summary: CitySummary): number {
  if (!compound || compound.unknown) return unknownStep;
  return scaleStep(compound.reached, summary.known, scaleSteps);
}

/**
 * Rule sets that the page can judge a place by: every line within the set's own minutes. Others are in tables alone.
 */
function withKnownRules(settings: Settings): Settings {
  const known = (line: RuleLine): boolean =>
    line.minutes === undefined &&
    line.radius_metres === undefined &&
    line.one_per === undefined &&
    line.smallest_square_metres === undefined &&
    line.smallest_hectares === undefined &&
    line.measurable !== false;
  return { ...settings, rule_sets: settings.rule_sets.filter((set) => set.lines.every(known)) };
}

export class App {
  private state: ViewState = parseHash(location.hash);
  private settings: Settings | null = null;
  private coverage: Coverage | null = null;
  private summary: CitySummary | null = null;
  private compounds = new Map<string, CompoundSummary>();
  private answer: PlaceAnswer | null = null;
  private cityError: unknown = null;
  private placeError: unknown = null;
  private view: MapView | null = null;
  private tip: Tip | null = null;
  private cityRequest = new AbortController();
  private placeRequest = new AbortController();

  private readonly search = new SearchBox((place) => this.go(place));
  private readonly panel = new Panel(element('panel'), this.search.element);
  private readonly sheet = new Sheet(element('panel'), this.panel.handle);

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
    return messages[this.state.lang];
  }

  private get theme(): Theme {
    return resolveTheme(this.state.theme);
  }

  private get rules(): RuleSet | undefined {
    const sets = this.settings?.rule_sets ?? [];
    const wanted = this.state.rules ?? this.settings?.default_rules;
    return (
      sets.find((set) => set.id === wanted) ??
      sets.find((set) => set.id === this.settings?.default_rules)
    );
  }

  private get profile(): Profile | undefined {
    const profiles = this.settings?.profiles ?? [];
    const wanted = this.state.profile ?? this.settings?.default_profile;
    return (
      profiles.find((profile) => profile.id === wanted) ??
      profiles.find((profile) => profile.id === this.settings?.default_profile)
    );
  }

  private get minutes(): number {
    return Math.max(...(this.settings?.bands ?? [15]));
  }

  /** What a link names and this city does not have falls back to what is shown without it. */
  private dropUnknown({ profiles, rule_sets: sets, groups }: Settings): void {
    const { profile, rules, group } = this.state;
    this.state = {
      ...this.state,
      profile: profiles.some(({ id }) => id === profile) ? profile : null,
      rules: sets.some(({ id }) => id === rules) ? rules : null,
      group: groups.some(({ id }) => id === group) ? group : null,
    };
  }

  private async load(): Promise<void> {
    this.cityError = null;
    this.render();
    try {
      this.settings = withKnownRules(await api.settings());
      this.dropUnknown(this.settings);
    } catch (error) {
      this.cityError = error;
      this.render();
      return;
    }
    this.renderControls();
    this.render();
    const city = this.loadCity();
    this.createMap();
    if (this.state.place) void this.loadPlace(!this.state.camera);
    await city;
  }

  private async loadCity(): Promise<void> {
    const { settings, rules, profile } = this;
    if (!settings || !rules || !profile) return;
    this.cityRequest.abort();
    const { signal } = (this.cityRequest = new AbortController());
    mark.ready = 'false';
    this.panel.setBusy(true);
    try {
      const coverage = await api.coverage(rules.id, profile.id, settings.bands, signal);
      const first = this.summary === null;
      this.cityError = null;
      this.coverage = coverage;
      this.summary = summarise(coverage, rules);
      this.compounds = new Map(this.summary.compounds.map((item) => [item.id, item]));
      this.search.setCompounds(this.summary.compounds);
      this.render();
      await this.drawCity(first);
    } catch (error) {
      if (signal.aborted) return;
      this.cityError = error;
      this.render();
    } finally {
      if (!signal.aborted) this.panel.setBusy(false);
    }
  }

  private async drawCity(first: boolean): Promise<void> {
    const { view, coverage, summary } = this;
    if (!view || !coverage || !summary) return;
    await view.loaded;
    const features = coverage.features.map(({ geometry, properties }, index) => ({
      type: 'Feature' as const,
      geometry,
      properties: {
        compound_id: properties.compound_id,
        step: stepOf(summary.compounds[index], summary),
      },
    }));
    view.setCompounds({ type: 'FeatureCollection', features });
    if (first && !this.state.camera && !this.state.place) this.fitCity(true);
  }

  private fitCity(atOnce: boolean): void {
    const centres = (this.summary?.compounds ?? [])
      .map((compound) => compound.centre)
      .filter((centre) => centre !== null);
    const box = coreBox(centres, 0.06) ?? this.settings?.bounds;
    if (!box || !this.view) return;
    if (atOnce) this.view.fitAtOnce(box);
    else this.view.fit(box);
  }

  private async loadPlace(fit: boolean): Promise<void> {
    const { settings, rules, profile, state } = this;
    const { place } = state;
    if (!settings || !rules || !profile || !place) return;
    this.placeRequest.abort();
    const { signal } = (this.placeRequest = new AbortController());
    this.answer = null;
    this.placeError = null;
    this.render();
    const { bands } = settings;
    try {
      const [discs, rings, reach, coverage] = await Promise.all([
        api.bands(place, 'discs', bands, profile.id, signal),
        api.bands(place, 'rings', bands, profile.id, signal),
        api.reach(place, this.minutes, profile.id, signal),
        place.kind === 'compound'
          ? api.compoundCoverage(place.id, rules.id, profile.id, bands, signal)
          : null,
      ]);
      this.answer = {
        discs,
        rings,
        reach,
        coverage: coverage?.features[0] ?? null,
        origin: discs.origin ?? reach.origin ?? null,
      };
      // A link may name a compound; from here on its id stands for it.
      const id = discs.origin?.compound_id;
      if (place.kind === 'compound' && id && id !== place.id) {
        this.state = { ...this.state, place: { kind: 'compound', id } };
        this.writeLink(false);
      }
    } catch (error) {
      if (signal.aborted) return;
      this.placeError = error;
    }
    this.render();
    await this.drawPlace(fit);
  }

  private async drawPlace(fit: boolean): Promise<void> {
    const { view, answer, state } = this;
    if (!view) return;
    await view.loaded;
    if (answer !== this.answer || state.place !== this.state.place) return;
    this.tip?.hide();
    const compound = state.place?.kind === 'compound' ? state.place.id : null;
    const lost = answer !== null && isOffNetwork(answer.origin);
    view.setPlace(
      answer && placeData(answer, this.settings?.categories ?? []),
      compound,
      !state.place || lost,
    );
    view.setGroup(this.state.group);
    if (!state.place) return;
    const box = answer && boxOf(answer.discs.features.map((disc) => disc.geometry));
    if (fit && box) view.fit(box);
  }

  private createMap(): void {
    if (!this.settings || this.view) return;
    try {
      this.view = new MapView({
        container: element('map'),
        bounds: this.settings.bounds,
        camera: this.state.camera,
        theme: this.theme,
        lang: this.state.lang,
        text: this.text,
        padding: () => this.mapPadding(),
      });
    } catch {
      element('map').replaceChildren(
        noticeView({ title: this.text.noMap, what: this.text.noMapWhat }),
      );
      return;
    }
    const { map } = this.view;
    this.tip = new Tip(map);
    Object.assign(window, { livingCircle: { map } });
    map.on('moveend', () => this.rememberCamera());
    map.on('movestart', () => (mark.map = 'moving'));
    map.on('idle', () => (mark.map = 'idle'));
    listenToPointer(map, this.tip, {
      facility: (id) => this.pickFacility(id, true),
      compound: (id) => this.go({ kind: 'compound', id }),
      point: (lon, lat) => this.go({ kind: 'point', lon, lat }),
      hoverFacility: (id) => this.highlight(id),
      describeCompound: (id) => this.describeCompound(id),
    });
  }

  private mapPadding(): { top: number; right: number; bottom: number; left: number } {
    if (isPhone()) return { top: 72, right: 24, bottom: this.sheet.height() + 16, left: 24 };
    const panel = element('panel').getBoundingClientRect().right;
    return { top: 72, right: 48, bottom: 48, left: panel + 40 };
  }

  private describeCompound(id: string): Child[] | null {
    const compound = this.compounds.get(id);
    if (!compound || !this.summary) return null;
    const [name, standing] = compoundWords(compound, this.summary, this.state.lang, this.text);
    return [h('b', {}, name), h('p', {}, standing)];
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
    if (this.settings) this.dropUnknown(this.settings);
    const { lang, theme, profile, rules, place, group, camera } = this.state;
    if (lang !== before.lang || theme !== before.theme) this.applyAppearance();
    if (profile !== before.profile || rules !== before.rules) {
      this.renderControls();
      void this.loadCity();
    }
    const placeChanged =
      !samePlace(place, before.place) || profile !== before.profile || rules !== before.rules;
    if (place && placeChanged) void this.loadPlace(false);
    else if (!place && before.place) this.leavePlace();
    else if (group !== before.group) this.setGroup(group);
    if (camera) this.view?.map.jumpTo({ center: [camera.lon, camera.lat], zoom: camera.zoom });
  }

  private change(change: Partial<ViewState>): void {
    this.state = { ...this.state, ...change };
    this.writeLink(false);
    if ('lang' in change || 'theme' in change) this.applyAppearance();
    if ('profile' in change || 'rules' in change) {
      void this.loadCity();
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
    const { settings, state, text, rules } = this;
    this.panel.setTitle(text.title, day(settings?.data_date ?? null));
    this.panel.setLabels(text.panel, text.sheet);
    if (settings) {
      this.panel.setFoot(...footLine(settings, this.profile, rules, state.lang, text));
    }
    this.renderLegend();
    if (state.place) this.renderPlace(state.place);
    else this.renderCity();
  }

  private renderControls(): void {
    const { settings, state, text } = this;
    element('controls').replaceChildren(
      ...controlsView(settings, state, text, {
        profile: (profile) => this.change({ profile }),
        rules: (id) => this.change({ rules: id }),
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
    const { summary, rules } = this;
    legend.hidden = !summary || !rules || summary.known === 0 || this.state.place !== null;
    if (!legend.hidden && summary && rules) {
      legend.replaceChildren(legendView(summary, rules, this.text));
    }
  }

  private renderCity(): void {
    const { summary, rules, cityError: error, text } = this;
    mark.view = error ? 'error' : summary ? 'city' : 'loading';
    mark.ready = String(!!(error || summary));
    if (error) {
      this.panel.show(errorView(error, text, () => void this.load()));
    } else if (summary && rules) {
      const pick = (id: string): void => this.go({ kind: 'compound', id });
      this.panel.show(cityView({ summary, rules, lang: this.state.lang, text, pick }));
    } else {
      this.panel.show(loadingView(text));
    }
  }

  private renderPlace(place: Place): void {
    const { settings, rules, answer, text, state } = this;
    const error = this.placeError ?? (settings ? null : this.cityError);
    const retry = (): void => void (settings ? this.loadPlace(true) : this.load());
    if (!settings || !rules) {
      mark.view = error ? 'error' : 'loading';
      mark.ready = String(!!error);
      this.panel.show(error ? errorView(error, text, retry) : loadingView(text));
      return;
    }
    const context: PlaceContext = {
      place,
      rules,
      settings,
      minutes: this.minutes,
      group: state.group,
      lang: state.lang,
      text,
      close: () => this.go(null),
      pickGroup: (group) => this.setGroup(group),
      highlight: (id) => this.highlight(id),
      pick: (id) => this.pickFacility(id, false),
    };
    const list = answer ? standings(answer, rules, settings.bands, this.summary) : [];
    const content = error
      ? [errorView(error, text, retry)]
      : answer
        ? placeView(answer, list, context)
        : [loadingView(text)];
    mark.view = error ? 'error' : answer && isOffNetwork(answer.origin) ? 'off-network' : 'place';
    mark.ready = String(!!(error || answer));
    this.panel.show(h('div', { class: 'view' }, placeHead(answer, context), ...content));
    if (document.activeElement === document.body) {
      document.querySelector<HTMLElement>('.place-title')?.focus({ preventScroll: true });
    }
  }
}
