import { ApiError } from '../api/client';
import type {
  CompoundFeature,
  Compounds,
  Explained,
  Facility,
  Finding,
  Findings,
  Settings,
  UnitFeature,
  Units,
} from '../api/types';
import { coreBox, type Box } from '../base/geometry';
import { compoundOf, type LonLat } from '../base/place';
import { findingIds } from '../city/findings';
import { unitsLine } from '../city/units';
import type { CitySummary, CompoundSummary, LineSummary } from '../city/summary';
import { messagesOf, type Messages } from '../i18n';
import { resolveTheme } from '../look/theme';
import type { Theme } from '../look/look';
import type { Target } from '../map/pointer';
import { isOffNetwork, type PlaceAnswer } from '../place/answer';
import type { Syllables } from '../search/pinyin';
import {
  choiceOf,
  findingsTable,
  showsFindings,
  tableKind,
  unitLevel,
  type Choice,
  type TableKind,
} from '../state/choice';
import { initialState, type Camera, type ViewState } from '../state/view';
import { EditionFlow } from './edition-flow.svelte';

/** Share of the compounds on each side that the first view of the city leaves out. */
const outskirts = 0.06;

/** Where the map has to move; the map takes it as soon as it can. */
export type Goal =
  | { kind: 'city'; atOnce: boolean }
  /** The bands of the place, once they are loaded. */
  | { kind: 'place' }
  | { kind: 'target'; target: Target }
  | ({ kind: 'location' } & LonLat)
  | { kind: 'camera'; camera: Camera };

/** An element that an action gives the keyboard focus. */
export type Focus = 'search' | 'table' | 'planner';

/** Stop of the panel on a phone, where it is a sheet. */
export type SheetStop = 'peek' | 'half' | 'full';

/** What the panel shows. */
export type Screen = 'loading' | 'city' | 'place' | 'off-network' | 'error';

/**
 * The reader's choices and the data loaded for them. Only actions, the loader and the map change it; views and the map
 * follow it.
 */
export class Model {
  /** Everything that the link contains. */
  readonly state: ViewState = $state({ ...initialState });

  settings = $state.raw<Settings | null>(null);
  outlines: Promise<CompoundFeature[]> | null = null;
  /** The edition of everything shown. */
  edition = $state.raw<string | null>(null);
  /** The names in pinyin; `null` before they are loaded. */
  pinyin = $state.raw<ReadonlyMap<string, Syllables> | null>(null);

  city = $state.raw<Compounds | null>(null);
  summary = $state.raw<CitySummary | null>(null);
  /** Key of the choice that `summary` is of. */
  summaryKey = $state.raw('');
  cityError = $state.raw<unknown>(null);
  /** The city is being loaded. */
  cityBusy = $state.raw(false);

  units = $state.raw<Units | null>(null);
  /** The `unitsKey` that `units` are of. */
  loadedUnitsKey = $state.raw('');
  findings = $state.raw<Findings | null>(null);
  tableError = $state.raw<unknown>(null);

  answer = $state.raw<PlaceAnswer | null>(null);
  placeError = $state.raw<unknown>(null);
  /** Id of the highlighted facility. */
  lit = $state.raw<string | null>(null);
  walk = $state.raw<{ facility: string; answer: Explained } | null>(null);
  /** Id of the facility that the list has to show. */
  reveal = $state.raw<string | null>(null);

  /** The panel has had its time to show its first content, so the map may be created. */
  mapAllowed = $state.raw(false);
  mapExists = $state.raw(false);
  goal = $state.raw<Goal | null>(null);
  tip = $state.raw<{ target: Target; at: [lon: number, lat: number] } | null>(null);
  focus = $state.raw<Focus | null>(null);
  sheet = $state.raw<SheetStop>('half');
  /** The order that the reader chose for a kind of table. */
  order = $state.raw<{ kind: string; column: string; descending: boolean } | null>(null);

  readonly editions = new EditionFlow();

  constructor(state: ViewState) {
    Object.assign(this.state, state);
  }

  readonly lang = $derived(this.state.lang);
  readonly text: Messages = $derived(messagesOf(this.state.lang, this.state.asMapped));
  readonly theme: Theme = $derived(resolveTheme(this.state.theme));

  /** `null` before the settings are loaded. */
  readonly choice: Choice | null = $derived(this.settings && choiceOf(this.state, this.settings));

  /** The line that the city is coloured by; `null` for all lines, or if the rule set does not have it. */
  readonly line: LineSummary | null = $derived(
    this.summary?.lines.find(({ column }) => column.category === this.state.line) ?? null,
  );

  readonly compounds: ReadonlyMap<string, CompoundSummary> = $derived(
    new Map(this.summary?.compounds.map((item) => [item.id, item])),
  );

  /** Equal for requests for units with equal answers; empty before the city is loaded. */
  readonly unitsKey: string = $derived(
    this.summary
      ? `${this.choice?.key} ${unitLevel(this.state)} ${unitsLine(this.line, this.summary)}`
      : '',
  );

  /** The units of the present choice: rows of one choice are never shown under the name of another. */
  readonly presentUnits: Units | null = $derived(
    this.loadedUnitsKey === this.unitsKey ? this.units : null,
  );

  /** The summary is of another rule set, profile or bands; the present one is still loading. */
  readonly isStale: boolean = $derived(this.choice !== null && this.summaryKey !== this.choice.key);

  readonly tableFailed: boolean = $derived(this.tableError !== null || this.cityError !== null);

  /** The planner's table does not yet have all it shows. */
  readonly tableWaits: boolean = $derived.by(() => {
    if (!this.choice || !this.summary) return true;
    if (this.tableFailed) return false;
    if (this.isStale || (unitLevel(this.state) !== null && !this.presentUnits)) return true;
    return this.state.table === findingsTable && !this.findings;
  });

  readonly markKind: TableKind | null = $derived(
    this.state.table === null || this.state.mark === null ? null : tableKind(this.state.table),
  );

  /** The map shows the bands of a place, not the city's colours. */
  readonly showsPlace: boolean = $derived(
    this.state.place !== null && !(this.answer && isOffNetwork(this.answer.origin)),
  );

  /** The units that the map shows instead of compounds. */
  readonly drawnUnits: Units | null = $derived(
    unitLevel(this.state) !== null && !this.showsPlace ? this.units : null,
  );

  readonly drawnFindings: Findings | null = $derived(
    showsFindings(this.state) ? this.findings : null,
  );

  readonly compoundOfPlace: CompoundSummary | null = $derived.by(() => {
    const id = this.state.place && compoundOf(this.state.place);
    return (id && this.compounds.get(id)) || null;
  });

  /** The error of what the panel shows. */
  readonly error: unknown = $derived(
    this.state.place ? (this.placeError ?? (this.choice ? null : this.cityError)) : this.cityError,
  );

  readonly screen: Screen = $derived.by(() => {
    const { place } = this.state;
    if (place && this.choice) {
      // The server rejects a point outside its data.
      const { error } = this;
      const outside = place.kind === 'point' && error instanceof ApiError && error.status === 400;
      if (outside || (this.answer && isOffNetwork(this.answer.origin))) return 'off-network';
    }
    if (this.error) return 'error';
    if (place) return this.choice ? 'place' : 'loading';
    return this.summary ? 'city' : 'loading';
  });

  /** Everything that the panel shows is loaded, or has failed. */
  readonly isReady: boolean = $derived.by(() => {
    if (this.error) return true;
    if (this.state.place) return this.choice !== null && this.answer !== null;
    return this.summary !== null && !this.cityBusy;
  });

  /** The city without its outskirts. */
  readonly cityBox: Box | undefined = $derived.by(() => {
    const centres = (this.summary?.compounds ?? [])
      .map((compound) => compound.centre)
      .filter((centre) => centre !== null);
    return coreBox(centres, outskirts) ?? this.settings?.bounds;
  });

  facility(id: string | null): Facility | undefined {
    return this.answer?.reach.features.find(({ properties }) => properties.id === id);
  }

  unit(id: string): UnitFeature | undefined {
    return this.units?.features.find(({ properties }) => properties.unit_id === id);
  }

  finding(id: string): Finding | undefined {
    const features = this.findings?.features ?? [];
    return features[findingIds(features).indexOf(id)];
  }

  /** Drops all data of the edition. The view state stays. */
  forget(): void {
    this.settings = this.outlines = this.city = this.summary = null;
    this.units = this.findings = this.answer = null;
    this.edition = this.pinyin = null;
    this.loadedUnitsKey = this.summaryKey = '';
    this.tableError = this.placeError = null;
    this.lit = this.walk = this.tip = this.goal = null;
    this.cityBusy = false;
  }
}
