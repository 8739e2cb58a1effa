import { Api } from '../api/client';
import { joined, summarise } from '../city/summary';
import { unitsLine } from '../city/units';
import { isFromOlderVersion, OldLink } from '../place/stand-in';
import { syllables } from '../search/pinyin';
import { showsFindings, unitLevel, withoutUnknown } from '../state/choice';
import { writeAddress } from './address';
import type { Model } from './model.svelte';

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

  /** `replaced` is called if the server has another edition. */
  constructor(
    private readonly model: Model,
    private readonly replaced: () => void,
  ) {
    this.api = this.newApi();
  }

  private newApi(): Api {
    return new Api(() => this.replaced());
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
    const request = api.settings();
    model.outlines = api.compounds(request);
    model.outlines.catch(() => {});
    try {
      const settings = await request;
      Object.assign(model.state, withoutUnknown(model.state, settings));
      model.settings = settings;
    } catch (error) {
      if (api === this.api) model.cityError = error;
      return false;
    }
    return true;
  }

  /** The names in pinyin. The search works without them. */
  async loadNames(): Promise<void> {
    const { api, model } = this;
    const names = await api.names().catch(() => null);
    if (!names || api !== this.api) return;
    model.pinyin = new Map(names.compounds.map(({ id, pinyin }) => [id, syllables(pinyin)]));
  }

  /** Returns whether the city was loaded: another choice may have aborted the request. */
  async loadCity(): Promise<boolean> {
    const { api, model } = this;
    const { choice } = model;
    if (!choice) return false;
    this.city.abort();
    const { signal } = (this.city = new AbortController());
    model.cityBusy = true;
    try {
      const [outlines, verdicts] = await Promise.all([
        (model.outlines ??= api.compounds(choice.settings)),
        api.verdicts(choice, signal),
      ]);
      if (signal.aborted) return false;
      const compounds = joined(outlines, verdicts);
      if (!compounds) throw api.end();
      const isFirst = model.summary === null;
      model.cityError = null;
      model.editions.settle();
      model.city = compounds;
      model.summary = summarise(compounds, verdicts, choice.rules);
      model.summaryKey = choice.key;
      model.edition = api.edition ?? '';
      const { camera, place } = model.state;
      if (isFirst && !camera && !place) model.goal = { kind: 'city', atOnce: true };
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      model.outlines = model.city ? model.outlines : null;
      model.cityError = error;
      return false;
    } finally {
      if (!signal.aborted) model.cityBusy = false;
    }
  }

  /** Loads the units or findings that the table and the map show. */
  async loadTable(): Promise<void> {
    const { api, model } = this;
    const { choice, state, summary, line } = model;
    if (!choice || !summary) return;
    const level = unitLevel(state);
    this.table.abort();
    const { signal } = (this.table = new AbortController());
    model.tableError = null;
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
  }

  /** Loads the place of the view state, or its replacement if it is gone; `fit` moves the map to its bands. */
  async loadPlace(fit: boolean): Promise<void> {
    const { api, model } = this;
    const { choice } = model;
    const { place } = model.state;
    if (!choice || !place) return;
    const { profile, bands, minutes } = choice;
    this.place.abort();
    const { signal } = (this.place = new AbortController());
    this.walkRequest.abort();
    model.answer = model.placeError = model.lit = model.walk = model.tip = null;
    if (fit) model.goal = { kind: 'place' };
    try {
      if (isFromOlderVersion(place)) throw new OldLink();
      const [isochrones, reach, coverage] = await Promise.all([
        api.bands(place, bands, profile.id, signal),
        api.reach(place, minutes, profile.id, signal),
        place.kind === 'compound' ? api.compoundCoverage(place.id, choice, signal) : null,
      ]);
      if (signal.aborted) return;
      const origin = isochrones.origin ?? reach.origin ?? null;
      model.answer = {
        bands: isochrones,
        reach,
        coverage: coverage?.features[0] ?? null,
        origin,
      };
      model.state.place = model.editions.presentOf(place, origin);
      writeAddress(model.state, false);
    } catch (error) {
      if (signal.aborted) return;
      const outlines = () => (model.outlines ??= api.compounds(choice.settings));
      const other = await model.editions.insteadOf(place, error, api, outlines, signal);
      if (signal.aborted) return;
      if (other) {
        model.state.place = other;
        writeAddress(model.state, false);
        return this.loadPlace(true);
      }
      model.placeError = error;
      if (model.goal?.kind === 'place') model.goal = null;
    }
  }

  /** Loads the walk to a facility, unless it fails or another one is requested meanwhile. */
  async loadWalk(facility: string): Promise<void> {
    const { api, model } = this;
    const { choice } = model;
    const { place } = model.state;
    this.walkRequest.abort();
    if (!place || !choice) return;
    const { signal } = (this.walkRequest = new AbortController());
    const answer = await api.walk(place, facility, choice.profile.id, signal).catch(() => null);
    if (answer && !signal.aborted) model.walk = { facility, answer };
  }
}
