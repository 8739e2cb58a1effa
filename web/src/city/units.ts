import type { UnitFeature, UnitLine } from '../api/types';
import type { Messages } from '../i18n';
import type { CitySummary, LineSummary } from './summary';

/** Row id of the compounds that belong to no unit. */
export const outsideId = 'outside';

/** The `line` parameter of a request for units: one category, or all lines whose data can prove a gap, if any can. */
export function unitsLine(line: LineSummary | null, summary: CitySummary): string {
  if (line) return line.column.category;
  const sourced = summary.lines.filter(({ column }) => column.has_source).length;
  return sourced === 0 || sourced === summary.lines.length ? 'all' : 'all_with_source';
}

/** The one line that the units were requested for. */
export function unitLine(unit: UnitFeature): UnitLine | undefined {
  return Object.values(unit.properties.coverage)[0];
}

export function unitName({ properties }: UnitFeature, text: Messages): string {
  return properties.unit_id === null ? text.outsideUnits : (properties.unit_name ?? '');
}
