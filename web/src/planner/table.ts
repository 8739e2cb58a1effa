import { h, type Child } from '../base/dom';
import { isPhone } from '../base/screen';

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
  cell(row: R): Child;
  /** The total of the filtered rows. */
  total?(rows: R[]): Child;
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
  sum?(rows: R[]): Child;
  /** Minimum width in pixels; a narrower frame scrolls. */
  width: number;
}

export interface Sort {
  column: string;
  descending: boolean;
}

interface Handlers<R> {
  mark: (row: R) => void;
  open: (row: R) => void;
}

const rowHeight = 36;
/** Rows drawn above and below the visible ones. */
const spare = 8;

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

function compare(a: string | number | null, b: string | number | null, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * sign;
  return String(a).localeCompare(String(b), 'zh') * sign;
}

function footRow<R>({ columns, sum }: Rows<R>, left: R[]): HTMLElement[] {
  if (sum) return [h('tr', {}, h('td', { colspan: columns.length }, sum(left)))];
  if (columns.every(({ total }) => total === undefined)) return [];
  const cells = columns.map(({ total, numeric }) =>
    h('td', { class: numeric ? 'numeric' : null }, total?.(left) ?? ''),
  );
  return [h('tr', {}, ...cells)];
}

/** A sortable table that draws only the visible rows. */
export class Table<R> {
  readonly element: HTMLElement;
  private readonly head = h('thead', {});
  private readonly body = h('tbody', {});
  private readonly foot = h('tfoot', {});
  private readonly groups = h('colgroup', {});
  private readonly table: HTMLTableElement;
  private readonly note = h('p', { class: 'table-empty', hidden: true });
  /** Announces the marked row to screen readers. */
  readonly announcement = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  private content: Rows<R> | null = null;
  private order: R[] = [];
  private sort: Sort = { column: '', descending: false };
  private query = '';
  private marked: string | null = null;
  private handlers: Handlers<R>;
  private drawn = '';

  constructor(handlers: Handlers<R>) {
    this.handlers = handlers;
    this.table = h('table', { class: 'rows-table' }, this.groups, this.head, this.body, this.foot);
    this.element = h('div', { class: 'table-frame', tabindex: 0 }, this.table, this.note);
    this.element.addEventListener('scroll', () => this.draw(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  show(rows: Rows<R>): void {
    const phone = isPhone();
    const columns = rows.columns.filter(({ wide }) => !(phone && wide));
    const content = { ...rows, columns };
    this.table.style.minWidth = phone ? '' : `${rows.width}px`;
    if (content.kind !== this.content?.kind) {
      this.sort = content.sort;
      this.element.scrollTop = 0;
    }
    if (!content.columns.some(({ id }) => id === this.sort.column)) this.sort = content.sort;
    this.content = content;
    this.element.setAttribute('aria-label', content.caption);
    this.table.setAttribute('aria-label', content.caption);
    this.groups.replaceChildren(
      ...content.columns.map(({ width, narrow }) => {
        const group = h('col');
        group.style.width = (phone && narrow) || width || '';
        return group;
      }),
    );
    this.arrange();
  }

  filter(query: string): void {
    this.query = fold(query.trim());
    this.element.scrollTop = 0;
    this.arrange();
  }

  /** Marks a row, and on request scrolls to it. */
  mark(id: string | null, scroll: boolean): void {
    this.marked = id;
    this.drawn = '';
    const place = this.placeOf(id);
    if (scroll && place >= 0) this.scrollTo(place);
    this.draw();
    const cells = this.body.querySelector('tr.marked')?.children ?? [];
    this.announcement.textContent = [...cells]
      .map((cell) => cell.textContent)
      .filter(Boolean)
      .join(', ');
  }

  private placeOf(id: string | null): number {
    const content = this.content;
    return content && id !== null ? this.order.findIndex((row) => content.id(row) === id) : -1;
  }

  private scrollTo(place: number): void {
    const { clientHeight, scrollTop } = this.element;
    const room = clientHeight - this.head.offsetHeight - this.foot.offsetHeight;
    const top = place * rowHeight;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + rowHeight > scrollTop + room) this.element.scrollTop = top + rowHeight - room;
  }

  private arrange(): void {
    const { content, sort } = this;
    if (!content) return;
    const column = content.columns.find(({ id }) => id === sort.column);
    const left = this.query
      ? content.rows.filter((row) => fold(content.words(row)).includes(this.query))
      : [...content.rows];
    if (column) {
      const sign = sort.descending ? -1 : 1;
      const keyed = left.map((row) => [column.value(row), row] as const);
      keyed.sort(([a], [b]) => compare(a, b, sign));
      this.order = keyed.map(([, row]) => row);
    } else {
      this.order = left;
    }
    this.head.replaceChildren(h('tr', {}, ...content.columns.map((it) => this.headCell(it))));
    this.foot.replaceChildren(...footRow(content, this.order));
    this.table.setAttribute('aria-rowcount', String(this.order.length + 1));
    this.note.hidden = this.order.length > 0;
    this.note.textContent = content.empty;
    this.drawn = '';
    this.draw();
  }

  private headCell({ id, head, title, numeric }: Column<R>): HTMLElement {
    const sorted = this.sort.column === id;
    const direction = this.sort.descending ? 'descending' : 'ascending';
    const button = h(
      'button',
      { type: 'button', 'data-sort': id, title: title ?? null },
      h('span', {}, head),
      h(
        'span',
        { class: 'sort-mark', 'aria-hidden': 'true' },
        sorted ? (this.sort.descending ? '▾' : '▴') : '',
      ),
    );
    button.addEventListener('click', () => {
      const descending = sorted ? !this.sort.descending : !!numeric;
      this.sort = { column: id, descending };
      this.arrange();
      this.head.querySelector<HTMLElement>(`[data-sort="${id}"]`)?.focus();
    });
    return h(
      'th',
      {
        scope: 'col',
        class: numeric ? 'numeric' : null,
        'aria-sort': sorted ? direction : 'none',
      },
      button,
    );
  }

  private draw(): void {
    const { content, order } = this;
    if (!content) return;
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
    const last = Math.min(order.length, Math.ceil((scrollTop + clientHeight) / rowHeight) + spare);
    const drawn = `${first} ${last}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const spacer = (rows: number): HTMLElement[] => {
      if (rows <= 0) return [];
      const row = h('tr', { class: 'spacer', 'aria-hidden': 'true' });
      row.style.height = `${rows * rowHeight}px`;
      return [row];
    };
    this.body.replaceChildren(
      ...spacer(first),
      ...order.slice(first, last).map((row, place) => this.row(content, row, first + place)),
      ...spacer(order.length - last),
    );
  }

  private row(content: Rows<R>, row: R, place: number): HTMLElement {
    const id = content.id(row);
    const marked = id === this.marked;
    const element = h(
      'tr',
      {
        'data-id': id,
        class: marked ? 'marked' : null,
        'aria-rowindex': place + 2,
        'aria-current': marked ? 'true' : null,
      },
      ...content.columns.map(({ cell, numeric }, at) => {
        const inside = cell(row);
        return at === 0
          ? h('th', { scope: 'row' }, inside)
          : h('td', { class: numeric ? 'numeric' : null }, inside);
      }),
    );
    element.addEventListener('click', () => this.handlers.mark(row));
    element.addEventListener('dblclick', () => this.handlers.open(row));
    return element;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target !== this.element) return;
    const at = this.placeOf(this.marked);
    const page = Math.max(1, Math.floor(this.element.clientHeight / rowHeight) - 2);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.order.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const row = this.order[Math.min(this.order.length - 1, Math.max(0, to))];
      if (row) this.handlers.mark(row);
    } else if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      this.handlers.open(this.order[at]!);
    }
  }
}
