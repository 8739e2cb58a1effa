import type { Finding, UnitFeature } from '../api/types';
import { h, svg } from '../base/dom';
import type { CompoundSummary } from '../city/summary';
import { named } from '../i18n';
import { findingsTable } from '../state/choice';
import { compoundRows } from './compound-rows';
import type { DrawerContext, DrawerHandlers } from './context';
import { downloads, formatNames } from './downloads';
import { findingRows } from './finding-rows';
import { Table, type Rows } from './table';
import { levelName, tableButtons, tools } from './tools';
import { unitRows } from './unit-rows';

type Row = CompoundSummary | UnitFeature | Finding;

/** The planner's drawer: the table, and the controls for what it shows. */
export class Drawer {
  private readonly tools = h('div', { class: 'drawer-tools' });
  private readonly tabs = h('div', { class: 'drawer-tabs', role: 'group' });
  private readonly search = h('input', {
    type: 'search',
    id: 'table-filter',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  private readonly menu = h('details', { class: 'menu', id: 'downloads' });
  /** Shown while a filter is set: files contain all rows. */
  private readonly menuNote = h('p', { class: 'menu-note', hidden: true });
  private readonly close = h(
    'button',
    { type: 'button', class: 'icon-button', id: 'drawer-close' },
    svg('0 0 24 24', ['M6 6l12 12M18 6L6 18'], { class: 'icon' }),
  );
  private readonly status = h('p', { class: 'drawer-status', role: 'status' });
  private readonly table: Table<Row>;
  private content: Rows<Row> | null = null;
  /** What `content` was made from. */
  private shown: unknown[] = [];
  /** The rows belong to an earlier choice; those of the present one are loading. */
  private outdated = false;
  private listed = '';

  constructor(
    readonly element: HTMLElement,
    private readonly handlers: DrawerHandlers,
  ) {
    const idOf = (row: Row): string => this.content?.id(row) ?? '';
    this.table = new Table<Row>({
      mark: (row) => {
        if (!this.outdated) handlers.mark(idOf(row));
      },
      open: (row) => {
        if (this.outdated) return;
        if ('row' in row) handlers.open(row.id);
        else handlers.mark(idOf(row));
      },
    });
    this.search.addEventListener('input', () => this.filter(this.search.value));
    this.close.addEventListener('click', () => handlers.table(null));
    this.menu.addEventListener('focusout', (event) => {
      if (!this.menu.contains(event.relatedTarget as Node | null)) this.menu.open = false;
    });
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      if (this.menu.open) this.menu.open = false;
      else if (event.target === this.search && this.search.value) this.filter('');
      else handlers.table(null);
    });
    element.replaceChildren(
      h(
        'header',
        { class: 'drawer-head' },
        this.tabs,
        h('div', { class: 'drawer-actions' }, this.search, this.menu, this.close),
      ),
      this.tools,
      this.status,
      this.table.announcement,
      this.table.element,
    );
  }

  focus(): void {
    this.table.element.focus({ preventScroll: true });
  }

  hide(): void {
    this.element.hidden = true;
    this.shown = [];
    this.table.element.hidden = true;
    this.filter('');
  }

  show(context: DrawerContext): void {
    this.element.hidden = false;
    const { text } = context;
    this.element.setAttribute('aria-label', text.planner);
    this.keepFocus(() => this.renderControls(context));
    const same = context.table === this.listed && !this.table.element.hidden;
    if (context.table !== this.listed) {
      this.listed = context.table;
      this.filter('');
    }
    const content = context.failed || context.stale ? null : rowsOf(context, this.handlers);
    // Rows of the last choice stay, faint, until those of the present one are loaded, so that the layout is stable.
    this.outdated = content === null && !context.failed && same;
    this.table.element.setAttribute('aria-busy', String(this.outdated));
    this.status.classList.toggle('visually-hidden', this.outdated);
    if (this.outdated) {
      this.status.hidden = false;
      this.status.textContent = text.tableLoading;
      return;
    }
    this.menu.hidden = content === null;
    this.table.element.hidden = content === null;
    this.status.hidden = content !== null;
    this.status.textContent = context.failed ? text.failed : text.tableLoading;
    this.status.classList.toggle('failed', context.failed);
    if (!content) return;
    // Unchanged rows are not drawn again, so that marking one is fast.
    const { summary, line, units, findings, table, lang } = context;
    const shown = [summary, line, units, findings, table, lang];
    if (shown.some((part, at) => part !== this.shown[at])) {
      this.shown = shown;
      this.content = content;
      this.table.show(content);
    }
    this.table.mark(context.mark, true);
  }

  private filter(query: string): void {
    if (this.search.value !== query) this.search.value = query;
    this.menuNote.hidden = query.trim() === '';
    this.table.filter(query);
  }

  /** Controls are replaced; the one with the keyboard focus keeps it. */
  private keepFocus(render: () => void): void {
    const id = document.activeElement?.id;
    const inside = this.element.contains(document.activeElement);
    render();
    if (inside && id) document.getElementById(id)?.focus({ preventScroll: true });
  }

  private renderControls(context: DrawerContext): void {
    const { choice, line, summary, table, text } = context;
    this.tabs.setAttribute('aria-label', text.level);
    this.tabs.replaceChildren(...tableButtons(context, (id) => this.handlers.table(id)));
    this.search.placeholder = text.tableFilter;
    this.search.setAttribute('aria-label', text.tableFilter);
    this.close.setAttribute('aria-label', text.close);
    this.menuNote.textContent = text.filesAreWhole;
    const items = downloads(table, choice, line, summary).map(({ format, href }) => {
      const name = format === 'workbook' ? text.workbook : formatNames[format]!;
      return h('li', {}, h('a', { href, download: '', 'data-format': format }, name));
    });
    this.menu.replaceChildren(
      h('summary', { class: 'tool-button', id: 'downloads-button' }, text.download),
      h('div', { class: 'menu-list' }, h('ul', {}, ...items), this.menuNote),
    );
    this.tools.replaceChildren(...tools(context, this.handlers));
  }
}

/** The rows of the context's table; `null` before they are loaded. */
function rowsOf(context: DrawerContext, { open }: DrawerHandlers): Rows<Row> | null {
  const { table, summary, line, units, findings, choice, lang, text } = context;
  const words = { lang, text };
  const { levels, label } = choice.settings;
  const level = levels.find(({ id }) => id === table);
  const title = [
    line ? named(line.line, lang) : text.allLines,
    level ? levelName(level.id, level.zh, lang, text) : text.findings,
    choice.asMapped && text.asMapped,
    label,
  ]
    .filter(Boolean)
    .join(' · ');
  if (table === findingsTable) return findings && findingRows(findings.features, title, words);
  if (table === 'compound') return compoundRows(summary, line, title, words, open);
  return units && unitRows(units.features, title, words);
}
