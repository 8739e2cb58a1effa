/** The rows of a table: data only, so that every table is drawn by one component. */

export type Cell =
  | string
  /** Text that is cut to the cell's width; `title` is the full text. */
  | { kind: 'text'; words: string; title: string; weight?: 'strong' | 'quiet' }
  | { kind: 'verdict'; verdict: string }
  | { kind: 'severity'; severity: 'error' | 'warning' | 'info' }
  | { kind: 'figure'; words: string; unit: string }
  /** A figure from incomplete data. */
  | { kind: 'on-map'; words: string; title: string }
  /** The proven and the possible share. */
  | { kind: 'share'; proven: number; possible: number; words: string }
  /** A name with a button that shows the walking reach. */
  | { kind: 'opener'; words: string; id: string };

export interface Column<R> {
  id: string;
  head: string;
  /** The full title, if `head` is short. */
  title?: string;
  /** CSS width; columns without one share the rest. */
  width?: string;
  /** CSS width on a phone; `width` if absent. */
  narrow?: string;
  numeric?: boolean;
  /** The sort key; `null` comes last in both directions. */
  value(row: R): string | number | null;
  cell(row: R): Cell;
  /** The total of the filtered rows. */
  total?(rows: R[]): string;
  /** Left out on a phone. */
  wide?: boolean;
}

export interface Rows<R> {
  /** A table of another kind starts with its own order. */
  kind: string;
  caption: string;
  columns: Column<R>[];
  rows: R[];
  id(row: R): string;
  /** The text that the filter searches. */
  words(row: R): string;
  sort: Sort;
  empty: string;
  /** One cell with the totals of the filtered rows, instead of totals by column. */
  sum?(rows: R[]): string;
  /** Minimum width in pixels; a narrower frame scrolls. */
  width: number;
}

export interface Sort {
  column: string;
  descending: boolean;
}

/** Text that is cut to the cell's width. */
export const cut = (words: string): Cell => (words ? { kind: 'text', words, title: words } : '');

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

function compare(a: string | number | null, b: string | number | null, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * sign;
  return String(a).localeCompare(String(b), 'zh') * sign;
}

/** The rows whose text contains the query, in order. */
export function arranged<R>({ columns, rows, words }: Rows<R>, query: string, sort: Sort): R[] {
  const folded = fold(query.trim());
  const left = folded ? rows.filter((row) => fold(words(row)).includes(folded)) : [...rows];
  const column = columns.find(({ id }) => id === sort.column);
  if (!column) return left;
  const sign = sort.descending ? -1 : 1;
  const keyed = left.map((row) => [column.value(row), row] as const);
  keyed.sort(([a], [b]) => compare(a, b, sign));
  return keyed.map(([, row]) => row);
}
