import type { Profile, RuleSet, Settings } from './api-types';
import type { ViewState } from './state';

/** The table of the data-quality findings, beside those of levels. */
export const findingsTable = 'findings';

/** What is walked, judged and asked for: the link's choice where the city has it, else the server's. */
export interface Choice {
  settings: Settings;
  rules: RuleSet;
  profile: Profile;
  bands: number[];
  /** The longest band. */
  minutes: number;
  /** Judged as if the map were complete. */
  asMapped: boolean;
  /** Tells one judgement from another. */
  asked: string;
}

export function choiceOf(state: ViewState, settings: Settings): Choice | null {
  const find = <T extends { id: string }>(list: T[], wanted: string | null, other: string) =>
    list.find(({ id }) => id === wanted) ?? list.find(({ id }) => id === other);
  const rules = find(settings.rule_sets, state.rules, settings.default_rules);
  const profile = find(settings.profiles, state.profile, settings.default_profile);
  if (!rules || !profile) return null;
  const bands = state.minutes ?? settings.bands;
  const { asMapped } = state;
  const asked = `${rules.id} ${profile.id} ${bands}${asMapped ? ' as mapped' : ''}`;
  return { settings, rules, profile, bands, minutes: Math.max(...bands), asMapped, asked };
}

/** What a link names and this city does not have falls back to what is shown without it. */
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

/** The level of units that is shown instead of compounds. */
export function unitLevel({ table }: ViewState): string | null {
  return table === null || table === 'compound' || table === findingsTable ? null : table;
}

export function showsFindings({ table, findings }: ViewState): boolean {
  return table === findingsTable || (table !== null && findings);
}
