import { Api } from '../api/client';
import type { Explained } from '../api/types';
import { joined, summarise } from '../city/summary';
import { unitsLine } from '../city/units';
import { isFromOlderVersion, OldLink } from '../place/stand-in';
import { syllables, type Syllables } from '../search/pinyin';
import { showsFindings, unitLevel, withoutUnknown } from '../state/choice';
import { writeAddress } from './address';
import { marks } from './marks';
import type { Model } from './model';

/** Events of the loader, fired after it has changed the model. */
export interface LoaderEvents {
  /** The server has another edition. */
  replaced(): void;
  /** Loaded values or errors have changed. */
  changed(): void;
  cityRequested(): void;
  /** The verdicts are loaded; `first` if there were none before. */
  cityLoaded(first: boolean): Promise<void>;
  /** The last request for the city has ended. */
  citySettled(): void;
  tableLoaded(): Promise<void>;
  /** The place is loaded, or failed; `fit` if the map should move to it. */
  placeLoaded(fit: boolean): Promise<void>;
}

/**
 * Requests everything of one edition from the server and writes it into the model. A new request for the city, the
 * table, the place or the walk aborts the earlier one of its kind.
 */
export class Loader {
  private api: Api;
  private city = new AbortController();
  private table = new AbortController();
  private place = new AbortController();
  private walkRequest = new AbortController();

  constructor(
    private readonly model: Model,
    private readonly events: LoaderEvents,
  ) {
    this.api = this.newApi();
  }

  private newApi(): Api {
    return new Api(() => this.events.replaced());
  }

  /** The client of the present edition; it is another object after `renew`. */
  get client(): Api {
    return this.api;
  }

  /** Aborts all requests and continues with a new client. */
  renew(): void {
    for (const request of [this.city, this.table, this.place, this.walkRequest]) request.abort();
    this.api.close();
    this.api = this.newApi();
  }

  abortPlace(): void {
    this.place.abort();
  }

  abortWalk(): void {
    this.walkRequest.abort();
  }

  /** Returns false if it failed or the edition was replaced. Requests the outlines at the same time. */
  async loadSettings(): Promise<boolean> {
    const { api, model } = this;
    const settings = api.settings();
    model.outlines = api.compounds(settings);
    model.outlines.catch(() => {});
    try {
      model.settings = await settings;
    } catch (error) {
      if (api !== this.api) return false;
      model.cityError = error;
      this.events.changed();
      return false;
    }
    model.state = withoutUnknown(model.state, model.settings);
    return true;
  }

  /** The names in pinyin; `null` if they could not be loaded. The search works without them. */
  async names(): Promise<ReadonlyMap<string, Syllables> | null> {
    const { api } = this;
    const names = await api.names().catch(() => null);
    if (!names || api !== this.api) return null;
    return new Map(names.compounds.map(({ id, pinyin }) => [id, syllables(pinyin)]));
  }

  /** Returns whether the city was loaded: another choice may have aborted the request. */
  async loadCity(): Promise<boolean> {
    const { api, model, events } = this;
    const { choice } = model;
    if (!choice) return false;
    this.city.abort();
    const { signal } = (this.city = new AbortController());
    events.cityRequested();
    try {
      const [outlines, verdicts] = await Promise.all([
        (model.outlines ??= api.compounds(choice.settings)),
        api.verdicts(choice, signal),
      ]);
      if (signal.aborted) return false;
      const compounds = joined(outlines, verdicts);
      if (!compounds) throw api.end();
      const first = model.summary === null;
      model.cityError = null;
      model.editions.settle();
      model.city = compounds;
      model.summary = summarise(compounds, verdicts, choice.rules);
      model.summaryKey = choice.key;
      model.compounds = new Map(model.summary.compounds.map((item) => [item.id, item]));
      marks.edition = api.edition ?? '';
      await events.cityLoaded(first);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      model.outlines = model.city ? model.outlines : null;
      model.cityError = error;
      events.changed();
      return false;
    } finally {
      if (!signal.aborted) events.citySettled();
    }
  }

  /** Loads the units or findings that the table and the map show. */
  async loadTable(): Promise<void> {
    const { api, model, events } = this;
    const { choice, state, summary, line } = model;
    if (!choice || !summary) return;
    const level = unitLevel(state);
    this.table.abort();
    const { signal } = (this.table = new AbortController());
    model.tableError = null;
    events.changed();
    try {
      if (showsFindings(state) && !model.findings) {
        const findings = await api.findings(signal);
        if (signal.aborted) return;
        model.findings = findings;
      }
      if (level) {
        const { unitsKey } = model;
        const units = await api.units(level, unitsLine(line, summary), choice, signal);
        if (signal.aborted) return;
        model.units = units;
        model.loadedUnitsKey = unitsKey;
      }
    } catch (error) {
      if (signal.aborted) return;
      model.tableError = error;
      model.units = null;
    }
    events.changed();
    await events.tableLoaded();
  }

  /** Loads the place of the view state, or its replacement if it is gone. */
  async loadPlace(fit: boolean): Promise<void> {
    const { api, model, events } = this;
    const { choice } = model;
    const { place } = model.state;
    if (!choice || !place) return;
    const { profile, bands, minutes } = choice;
    this.place.abort();
    const { signal } = (this.place = new AbortController());
    model.answer = null;
    model.placeError = null;
    events.changed();
    try {
      if (isFromOlderVersion(place)) throw new OldLink();
      const [isochrones, reach, coverage] = await Promise.all([
        api.bands(place, bands, profile.id, signal),
        api.reach(place, minutes, profile.id, signal),
        place.kind === 'compound' ? api.compoundCoverage(place.id, choice, signal) : null,
      ]);
      if (signal.aborted) return;
      model.answer = {
        bands: isochrones,
        reach,
        coverage: coverage?.features[0] ?? null,
        origin: isochrones.origin ?? reach.origin ?? null,
      };
      const present = model.editions.presentOf(place, model.answer.origin);
      model.state = { ...model.state, place: present };
      writeAddress(model.state, false);
    } catch (error) {
      if (signal.aborted) return;
      const outlines = () => (model.outlines ??= api.compounds(choice.settings));
      const other = await model.editions.insteadOf(place, error, api, outlines, signal);
      if (signal.aborted) return;
      if (other) {
        model.state = { ...model.state, place: other };
        writeAddress(model.state, false);
        return this.loadPlace(true);
      }
      model.placeError = error;
    }
    events.changed();
    await events.placeLoaded(fit);
  }

  /** The walk to a facility; `null` if it failed or another one was requested meanwhile. */
  async walk(facility: string): Promise<Explained | null> {
    const { api, model } = this;
    const { choice } = model;
    const { place } = model.state;
    this.walkRequest.abort();
    if (!place || !choice) return null;
    const { signal } = (this.walkRequest = new AbortController());
    const walk = await api.walk(place, facility, choice.profile.id, signal).catch(() => null);
    return signal.aborted ? null : walk;
  }
}
