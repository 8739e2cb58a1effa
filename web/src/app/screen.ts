import { ApiError } from '../api/client';
import { h } from '../base/dom';
import type { Place } from '../base/place';
import { day } from '../i18n/format';
import { cityView } from '../panel/city';
import { controlsView } from '../panel/controls';
import { basisSwitch } from '../panel/evidence';
import { footLine } from '../panel/foot';
import { legendView } from '../panel/legend';
import { newsWords } from '../panel/news';
import { errorView, loadingView, noticeView } from '../panel/notice';
import { placeHead, placeView, type PlaceContext } from '../panel/place';
import type { Panel } from '../panel/shell';
import { isOffNetwork } from '../place/answer';
import { standings } from '../place/standing';
import type { DrawerContext } from '../planner/context';
import type { Drawer } from '../planner/drawer';
import { findingsTable, showsFindings, unitLevel } from '../state/choice';
import type { ViewState } from '../state/view';
import { element, marks } from './marks';
import type { Model } from './model';

/** What the reader can do. */
export interface Actions {
  /** Loads everything again, from the settings on. */
  load: () => void;
  loadPlace: () => void;
  /** Shows a place, or the whole city. */
  go: (place: Place | null) => void;
  change: (change: Partial<ViewState>) => void;
  openTable: (table: string | null) => void;
  pickLine: (category: string | null) => void;
  setGroup: (group: string | null) => void;
  highlight: (facility: string | null) => void;
  pickFacility: (facility: string) => void;
}

/** Renders the model in the panel, the drawer, the legend and the controls. */
export class Screen {
  constructor(
    private readonly model: Model,
    private readonly panel: Panel,
    private readonly drawer: Drawer,
    private readonly actions: Actions,
  ) {}

  render(): void {
    const { choice, settings, state, text } = this.model;
    const basis = state.asMapped ? ` · ${text.asMapped}` : '';
    const title = settings?.label ? `${text.title} · ${settings.label}` : text.title;
    this.panel.setTitle(title, basis, day(settings?.data_date ?? null));
    marks.asMapped = String(state.asMapped);
    this.panel.setBasis(
      settings &&
        basisSwitch(state.asMapped, text, (asMapped) => this.actions.change({ asMapped })),
    );
    this.panel.setLabels(text.panel, text.sheet);
    if (choice) this.panel.setFoot(...footLine(choice, state.lang, text));
    this.renderNews();
    this.renderLegend();
    this.renderDrawer();
    if (state.place) this.renderPlace(state.place);
    else this.renderCity();
  }

  renderControls(): void {
    const { settings, state, text } = this.model;
    const { change, openTable } = this.actions;
    element('controls').replaceChildren(
      ...controlsView(settings, state, text, {
        profile: (profile) => change({ profile }),
        minutes: (minutes) => change({ minutes }),
        planner: (open) => openTable(open ? 'compound' : null),
        theme: (theme) => change({ theme }),
        lang: (lang) => change({ lang }),
      }),
    );
  }

  renderDrawer(): void {
    const { choice, summary, line, findings, state, text } = this.model;
    const { table, colour, lang } = state;
    // Rows of one choice are never shown under the name of another.
    const units = this.model.loadedUnitsKey === this.model.unitsKey ? this.model.units : null;
    marks.drawer = String(table !== null);
    if (table === null || !choice || !summary) {
      this.drawer.hide();
      if (table !== null) marks.table = 'loading';
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
      failed: this.model.tableError !== null || this.model.cityError !== null,
      stale: this.model.summaryKey !== choice.key,
      mark: state.mark,
      lang,
      text,
    };
    this.drawer.show(context);
    const waits =
      context.stale || (unitLevel(state) && !units) || (table === findingsTable && !findings);
    marks.table = waits && !context.failed ? 'loading' : 'ready';
  }

  private renderNews(): void {
    const { answer, editions, text, compoundOfPlace: compound, state } = this.model;
    const { lang, place } = state;
    const context = { place, answer, compound, lang, text };
    marks.news = editions.newsMark;
    this.panel.setNews(
      newsWords(editions.isNewEdition, editions.linkNews, context),
      text.close,
      () => {
        editions.dropNews();
        this.renderNews();
      },
    );
  }

  private renderLegend(): void {
    const legend = element('legend');
    const { summary, choice, state, line, text, showsPlace } = this.model;
    legend.hidden = !summary || !choice || summary.compounds.length === 0 || showsPlace;
    if (legend.hidden || !summary || !choice) return;
    legend.replaceChildren(
      legendView({
        summary,
        rules: choice.rules,
        line,
        by: state.colour,
        units: unitLevel(state) !== null,
        findings: showsFindings(state),
        lang: state.lang,
        text,
      }),
    );
  }

  private renderCity(): void {
    const { summary, choice, cityError: error, line, state, text } = this.model;
    marks.view = error ? 'error' : summary ? 'city' : 'loading';
    marks.ready = String(!!(error || summary));
    if (error) {
      this.panel.show(errorView(error, text, () => this.actions.load()));
    } else if (summary && choice) {
      const { rules, settings } = choice;
      const { lang } = state;
      const pick = (id: string): void => this.actions.go({ kind: 'compound', id });
      const { pickLine } = this.actions;
      this.panel.show(cityView({ summary, rules, settings, line, lang, text, pick, pickLine }));
    } else {
      this.panel.show(loadingView(text));
    }
  }

  private renderPlace(place: Place): void {
    const { choice, answer, text, summary } = this.model;
    const error = this.model.placeError ?? (choice ? null : this.model.cityError);
    const retry = (): void => (choice ? this.actions.loadPlace() : this.actions.load());
    if (!choice) {
      marks.view = error ? 'error' : 'loading';
      marks.ready = String(!!error);
      this.panel.show(error ? errorView(error, text, retry) : loadingView(text));
      return;
    }
    const { rules, bands } = choice;
    const context = this.placeContext(place, choice);
    const list = answer ? standings(answer, rules, bands, summary) : [];
    // The server rejects a point outside its data.
    const outside = place.kind === 'point' && error instanceof ApiError && error.status === 400;
    const content = outside
      ? [noticeView({ title: text.offNetwork, what: text.offNetworkWhat })]
      : error
        ? [errorView(error, text, retry, place.kind)]
        : answer
          ? placeView(answer, list, context)
          : [loadingView(text)];
    const off = outside || (answer !== null && isOffNetwork(answer.origin));
    marks.view = off ? 'off-network' : error ? 'error' : 'place';
    marks.ready = String(!!(error || answer));
    this.panel.show(h('div', { class: 'view' }, placeHead(answer, context), ...content));
    if (document.activeElement === document.body) {
      document.querySelector<HTMLElement>('.place-title')?.focus({ preventScroll: true });
    }
  }

  private placeContext(
    place: Place,
    { settings, rules, bands, minutes }: NonNullable<Model['choice']>,
  ): PlaceContext {
    const { state, summary, compoundOfPlace: compound, text } = this.model;
    const { go, setGroup, highlight, pickFacility } = this.actions;
    return {
      place,
      rules,
      settings,
      bands,
      evidence: summary?.evidence ?? null,
      compound,
      minutes,
      group: state.group,
      lang: state.lang,
      text,
      close: () => go(null),
      openCompound: (id) => go({ kind: 'compound', id }),
      pickGroup: setGroup,
      highlight,
      pick: pickFacility,
    };
  }
}
