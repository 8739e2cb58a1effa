import { apiUrl, judgedQuery } from '../../api/address';
import type { CitySummary, LineSummary } from '../../city/summary';
import { unitsLine } from '../../city/units';
import { findingsTable, type Choice } from '../../state/choice';

export interface Download {
  /** A format, or `workbook` for all tables in one file. */
  format: string;
  href: string;
}

const formats = ['geojson', 'csv', 'xlsx', 'gpkg'];

export const formatNames: Record<string, string> = {
  geojson: 'GeoJSON',
  csv: 'CSV',
  xlsx: 'Excel (XLSX)',
  gpkg: 'GeoPackage',
};

/** Addresses of the table's content as files. */
export function downloads(
  table: string,
  choice: Choice,
  line: LineSummary | null,
  summary: CitySummary,
): Download[] {
  const file = (path: string, query: Record<string, string | undefined>): string =>
    apiUrl(path, { ...query, download: 'true' });
  if (table === findingsTable) {
    return formats.map((format) => ({ format, href: file('quality', { format }) }));
  }
  const common = judgedQuery(choice);
  const ofCompounds = line ? { line: line.column.category } : { only: 'rules' };
  const part = table === 'compound' ? ofCompounds : { by: table, line: unitsLine(line, summary) };
  const listed = formats.map((format) => ({
    format,
    href: file('coverage', { ...common, ...part, format }),
  }));
  if (table !== 'compound') return listed;
  // The workbook of `circle coverage`: summary, units, gaps and sources.
  const workbook = file('coverage', { ...common, format: 'xlsx' });
  return [...listed, { format: 'workbook', href: workbook }];
}
