import type { Profile, RuleSet, Settings } from '../api/types';
import type { ViewState } from './view';

/** The table of data-quality findings; every other table is a level. */
export const findingsTable = 'findings';

/** What walks and verdicts are computed with: the link's values if the city has them, else the server's defaults. */
export interface Choice {
  settings: Settings;
  rules: RuleSet;
  profile: Profile;
  bands: number[];
  /** The longest band. */
  minutes: number;
  /** Judge as if the map were complete. */
  asMapped: boolean;
  /** Equal for choices that give equal verdicts. */
  key: string;
}

export function choiceOf(state: ViewState, settings: Settings): Choice | null {
  const find = <T extends { id: string }>(list: T[], asked: string | null, other: string | null) =>
    list.find(({ id }) => id === asked) ?? list.find(({ id }) => id === other);
  const rules = find(settings.rule_sets, state.rules, settings.default_rules);
  const profile = find(settings.profiles, state.profile, settings.default_profile);
  if (!rules || !profile) return null;
  const bands = state.minutes ?? settings.bands;
  const { asMapped } = state;
  const key = `${rules.id} ${profile.id} ${bands}${asMapped ? ' as mapped' : ''}`;
  return { settings, rules, profile, bands, minutes: Math.max(...bands), asMapped, key };
}

/** The state without values that this city does not have. */
export function withoutUnknown(state: ViewState, settings: Settings): ViewState {
  const { profiles, rule_sets: sets, groups, levels } = settings;
  const { profile, rules, group, table } = state;
  const tables = [findingsTable, ...levels.map(({ id }) => id)];
  return {
    ...state,
    profile: profiles.some(({ id }) => id === profile) ? profile : null,
    rules: sets.some(({ id }) => id === rules) ? rules : null,
    group: groups.some(({ id }) => id === group) ? group : null,
    table: table !== null && tables.includes(table) ? table : null,
  };
}

/** The level of the units that the map shows instead of compounds. */
export function unitLevel({ table }: ViewState): string | null {
  return table === null || table === 'compound' || table === findingsTable ? null : table;
}

export function showsFindings({ table, findings }: ViewState): boolean {
  return table === findingsTable || (table !== null && findings);
}

export type TableKind = 'compound' | 'unit' | 'finding';

/** The kind of a table's rows. */
export function tableKind(table: string): TableKind {
  if (table === 'compound') return 'compound';
  return table === findingsTable ? 'finding' : 'unit';
}
