import type { Finding, Severity } from '../../api/types';
import { findingHelp, findingIds, findingKind, findingName } from '../../city/findings';
import type { Words } from '../../city/words';
import { fill, number } from '../../i18n/format';
import { cut, type Rows } from './rows';

const severityOrder: Record<Severity, number> = { error: 2, warning: 1, info: 0 };

export function findingRows(
  findings: Finding[],
  title: string,
  { lang, text }: Words,
): Rows<Finding> {
  const ids = findingIds(findings);
  const idOf = new Map(findings.map((finding, at) => [finding, ids[at]]));
  return {
    kind: 'finding',
    caption: title,
    columns: [
      {
        id: 'severity',
        head: text.columns.severity!,
        width: '96px',
        value: ({ properties }) => severityOrder[properties.severity],
        cell: ({ properties }) => ({ kind: 'severity', severity: properties.severity }),
      },
      {
        id: 'kind',
        head: text.columns.kind!,
        width: '20%',
        value: (row) => findingKind(row, text),
        cell: (row) => cut(findingKind(row, text)),
      },
      {
        id: 'name',
        head: text.columns.where!,
        width: '20%',
        value: (row) => findingName(row, text) || null,
        cell: (row) => cut(findingName(row, text)),
      },
      {
        id: 'message',
        head: text.columns.message!,
        value: (row) => findingHelp(row, text),
        wide: true,
        cell: (row) => ({
          kind: 'text',
          words: findingHelp(row, text),
          title: row.properties.message,
        }),
      },
    ],
    rows: findings,
    id: (row) => idOf.get(row) ?? '',
    words: (row) =>
      `${findingKind(row, text)} ${row.properties.name} ${row.properties.message} ${row.properties.id}`,
    sort: { column: 'severity', descending: true },
    empty: text.tableEmpty,
    sum: (rows) => fill(text.totalFindings, { n: number(rows.length, lang) }),
    width: 760,
  };
}
