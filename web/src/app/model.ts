import type {
  CompoundFeature,
  Compounds,
  Facility,
  Finding,
  Findings,
  Settings,
  UnitFeature,
  Units,
} from '../api/types';
import { coreBox, type Box } from '../base/geometry';
import { compoundOf } from '../base/place';
import { findingIds } from '../city/findings';
import { unitsLine } from '../city/units';
import type { CitySummary, CompoundSummary, LineSummary } from '../city/summary';
import { messagesOf, type Messages } from '../i18n';
import { resolveTheme } from '../look/theme';
import type { Theme } from '../look/look';
import { isOffNetwork, type PlaceAnswer } from '../place/answer';
import { choiceOf, tableKind, unitLevel, type Choice, type TableKind } from '../state/choice';
import type { ViewState } from '../state/view';
import { EditionFlow } from './edition-flow';

/** Share of the compounds on each side that the first view of the city leaves out. */
const outskirts = 0.06;

/** The reader's choices and the data loaded for them. Only actions and the loader change it; views read it. */
export class Model {
  settings: Settings | null = null;
  outlines: Promise<CompoundFeature[]> | null = null;

  city: Compounds | null = null;
  summary: CitySummary | null = null;
  /** Key of the choice that `summary` is of. */
  summaryKey = '';
  compounds: ReadonlyMap<string, CompoundSummary> = new Map();
  cityError: unknown = null;

  units: Units | null = null;
  /** The `unitsKey` that `units` are of. */
  loadedUnitsKey = '';
  findings: Findings | null = null;
  tableError: unknown = null;

  answer: PlaceAnswer | null = null;
  placeError: unknown = null;

  readonly editions = new EditionFlow();

  constructor(public state: ViewState) {}

  /** Drops all data of the edition. The view state stays. */
  forget(): void {
    this.settings = this.outlines = this.city = this.summary = null;
    this.units = this.findings = this.answer = null;
    this.loadedUnitsKey = this.summaryKey = '';
    this.compounds = new Map();
    this.tableError = this.placeError = null;
  }

  get text(): Messages {
    return messagesOf(this.state.lang, this.state.asMapped);
  }

  get theme(): Theme {
    return resolveTheme(this.state.theme);
  }

  /** `null` before the settings are loaded. */
  get choice(): Choice | null {
    return this.settings && choiceOf(this.state, this.settings);
  }

  /** The line that the city is coloured by; `null` for all lines, or if the rule set does not have it. */
  get line(): LineSummary | null {
    const { line } = this.state;
    return this.summary?.lines.find(({ column }) => column.category === line) ?? null;
  }

  /** Equal for requests for units with equal answers; empty before the city is loaded. */
  get unitsKey(): string {
    const { choice, summary, line, state } = this;
    return summary ? `${choice?.key} ${unitLevel(state)} ${unitsLine(line, summary)}` : '';
  }

  get markKind(): TableKind | null {
    const { table, mark } = this.state;
    return table === null || mark === null ? null : tableKind(table);
  }

  /** The map shows the bands of a place, not the city's colours. */
  get showsPlace(): boolean {
    const isLost = this.answer !== null && isOffNetwork(this.answer.origin);
    return this.state.place !== null && !isLost;
  }

  get compoundOfPlace(): CompoundSummary | null {
    const { place } = this.state;
    const id = place && compoundOf(place);
    return (id && this.compounds.get(id)) || null;
  }

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

  /** The city without its outskirts. */
  get cityBox(): Box | undefined {
    const centres = (this.summary?.compounds ?? [])
      .map((compound) => compound.centre)
      .filter((centre) => centre !== null);
    return coreBox(centres, outskirts) ?? this.settings?.bounds;
  }
}
