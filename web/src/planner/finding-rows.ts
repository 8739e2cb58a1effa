import type { Finding, Severity } from '../api/types';
import { h } from '../base/dom';
import { findingHelp, findingIds, findingKind, findingName } from '../city/findings';
import type { Words } from '../city/words';
import { fill, number } from '../i18n/format';
import { cellText } from './cells';
import type { Rows } from './table';

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
        cell: ({ properties }) =>
          h(
            'span',
            { class: `severity ${properties.severity}` },
            text.severities[properties.severity] ?? properties.severity,
          ),
      },
      {
        id: 'kind',
        head: text.columns.kind!,
        width: '20%',
        value: (row) => findingKind(row, text),
        cell: (row) => cellText(findingKind(row, text)),
      },
      {
        id: 'name',
        head: text.columns.where!,
        width: '20%',
        value: (row) => findingName(row, text) || null,
        cell: (row) => cellText(findingName(row, text)),
      },
      {
        id: 'message',
        head: text.columns.message!,
        value: (row) => findingHelp(row, text),
        wide: true,
        cell: (row) => {
          const help = findingHelp(row, text);
          return h('span', { class: 'cell-text', title: row.properties.message }, help);
        },
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
