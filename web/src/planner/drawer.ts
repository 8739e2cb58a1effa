import { apiUrl, judgedQuery } from '../api';
import type { Findings, Units } from '../api-types';
import { findingsTable, type Choice } from '../choice';
import type { ColourBy } from '../colour';
import type { CitySummary, LineSummary } from '../coverage';
import { h, svg } from '../dom';
import { carries, holdsWords } from '../evidence';
import { named, type Messages } from '../i18n';
import type { Lang } from '../state';
import { compoundRows, findingRows, lineTitle, unitRows, type Row } from './rows';
import { Table, type Rows } from './table';

/** The line that a table of units is asked for: one, or all that the data can tell, if it can tell any. */
export function unitsLine(line: LineSummary | null, summary: CitySummary): string {
  if (line) return line.column.category;
  const sourced = summary.lines.filter(({ column }) => column.has_source).length;
  return sourced === 0 || sourced === summary.lines.length ? 'all' : 'all_with_source';
}

export interface DrawerContext {
  choice: Choice;
  summary: CitySummary;
  line: LineSummary | null;
  colour: ColourBy;
  /** A level, or `findings`. */
  table: string;
  units: Units | null;
  findings: Findings | null;
  findingsShown: boolean;
  failed: boolean;
  /** What is known is of another rule set, profile or bands, and the right one is on its way. */
  stale: boolean;
  mark: string | null;
  lang: Lang;
  text: Messages;
}

export interface DrawerHandlers {
  table: (table: string | null) => void;
  rules: (id: string) => void;
  line: (category: string | null) => void;
  colour: (by: ColourBy) => void;
  findings: (shown: boolean) => void;
  mark: (id: string) => void;
  open: (compound: string) => void;
}

interface Option {
  id: string;
  label: string;
}

function select(
  id: string,
  label: string,
  options: Option[],
  chosen: string,
  change: (id: string) => void,
): HTMLElement {
  const element = h('select', { id });
  for (const option of options) {
    element.append(h('option', { value: option.id, selected: option.id === chosen }, option.label));
  }
  element.addEventListener('change', () => change(element.value));
  return h(
    'label',
    { class: 'tool' },
    h('span', {}, label),
    h('span', { class: 'tool-select' }, element),
  );
}

const formats = ['geojson', 'csv', 'xlsx', 'gpkg'];

/** Addresses of what the table shows, as files. */
function downloads(context: DrawerContext): { format: string; href: string }[] {
  const { table, line, summary } = context;
  if (table === findingsTable) {
    return formats.map((format) => ({
      format,
      href: apiUrl('quality', { format, download: 'true' }),
    }));
  }
  const common = judgedQuery(context.choice);
  // Everything that the command writes: summary, units, gaps to work off, sources.
  const whole =
    table === 'compound'
      ? [
          {
            format: 'workbook',
            href: apiUrl('coverage', { ...common, format: 'xlsx', download: 'true' }),
          },
        ]
      : [];
  const of = line ? { line: line.column.category } : { only: 'rules' };
  const part = table === 'compound' ? of : { by: table, line: unitsLine(line, summary) };
  const listed = formats.map((format) => ({
    format,
    href: apiUrl('coverage', { ...common, ...part, format, download: 'true' }),
  }));
  return [...listed, ...whole];
}

const formatNames: Record<string, string> = {
  geojson: 'GeoJSON',
  csv: 'CSV',
  xlsx: 'Excel (XLSX)',
  gpkg: 'GeoPackage',
};

/** The planner's drawer: what is judged, by what, and the table of it. */
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
  /** A filter is for finding; what is worked on is the whole table. */
  private readonly menuNote = h('p', { class: 'menu-note', hidden: true });
  private readonly close = h(
    'button',
    { type: 'button', class: 'icon-button', id: 'drawer-close' },
    svg('0 0 24 24', ['M6 6l12 12M18 6L6 18'], { class: 'icon' }),
  );
  private readonly status = h('p', { class: 'drawer-status', role: 'status' });
  private readonly table: Table<Row>;
  private shown: unknown[] = [];
  /** The rows there are those of another choice. */
  private waits = false;
  private listed = '';

  constructor(
    readonly element: HTMLElement,
    private readonly handlers: DrawerHandlers,
  ) {
    const idOf = (row: Row): string => this.content?.id(row) ?? '';
    this.table = new Table<Row>({
      mark: (row) => {
        if (!this.waits) handlers.mark(idOf(row));
      },
      open: (row) => {
        if (this.waits) return;
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
      this.table.spoken,
      this.table.element,
    );
  }

  private content: Rows<Row> | null = null;

  focus(): void {
    this.table.element.focus({ preventScroll: true });
  }

  hide(): void {
    this.element.hidden = true;
    this.shown = [];
    this.table.element.hidden = true;
    this.filter('');
  }

  private filter(query: string): void {
    if (this.search.value !== query) this.search.value = query;
    this.menuNote.hidden = query.trim() === '';
    this.table.filter(query);
  }

  show(context: DrawerContext): void {
    this.element.hidden = false;
    const { text } = context;
    this.element.setAttribute('aria-label', text.planner);
    this.keepFocus(() => this.renderTools(context));
    const same = context.table === this.listed && !this.table.element.hidden;
    if (context.table !== this.listed) {
      this.listed = context.table;
      this.filter('');
    }
    const content = context.failed || context.stale ? null : this.rows(context);
    // Rows judged by the last choice stay, faint, until those of this one are there: nothing jumps.
    this.waits = content === null && !context.failed && same;
    this.table.element.setAttribute('aria-busy', String(this.waits));
    this.status.classList.toggle('visually-hidden', this.waits);
    if (this.waits) {
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
    // The same rows in the same words are not drawn again, so that marking one is quick.
    const { summary, line, units, findings, table, lang } = context;
    const shown = [summary, line, units, findings, table, lang];
    if (shown.some((part, at) => part !== this.shown[at])) {
      this.shown = shown;
      this.content = content;
      this.table.show(content);
    }
    this.table.mark(context.mark, true);
  }

  private rows(context: DrawerContext): Rows<Row> | null {
    const { table, summary, line, units, findings, choice, lang, text } = context;
    const words = { lang, text };
    const { levels, label } = choice.settings;
    const level = levels.find(({ id }) => id === table);
    const title = [
      lineTitle(line, words),
      level ? levelName(level.id, level.zh, words) : text.findings,
      choice.asMapped && text.asMapped,
      label,
    ]
      .filter(Boolean)
      .join(' · ');
    if (table === findingsTable) {
      return findings && findingRows(findings.features, title, words);
    }
    if (table === 'compound') {
      return compoundRows(summary, line, title, words, this.handlers.open);
    }
    return units && unitRows(units.features, title, words);
  }

  /** Tools are made anew; whoever was on one of them by keyboard stays on it. */
  private keepFocus(render: () => void): void {
    const id = document.activeElement?.id;
    const inside = this.element.contains(document.activeElement);
    render();
    if (inside && id) document.getElementById(id)?.focus({ preventScroll: true });
  }

  private renderTools(context: DrawerContext): void {
    const { summary, line, colour, table, findingsShown, lang, text } = context;
    const { settings, rules, asMapped } = context.choice;
    const words = { lang, text };
    const tab = (id: string, label: string): HTMLElement =>
      h(
        'button',
        {
          type: 'button',
          id: `tab-${id}`,
          'aria-pressed': String(id === table),
          onclick: () => this.handlers.table(id),
        },
        label,
      );
    const levels = settings.levels.filter(({ id }) => id !== 'city');
    this.tabs.setAttribute('aria-label', text.level);
    this.tabs.replaceChildren(
      ...levels.map(({ id, zh }) => tab(id, levelName(id, zh, words))),
      tab(findingsTable, text.findings),
    );
    this.search.placeholder = text.tableFilter;
    this.search.setAttribute('aria-label', text.tableFilter);
    this.close.setAttribute('aria-label', text.close);
    this.menuNote.textContent = text.filesAreWhole;
    const items = downloads(context).map(({ format, href }) => {
      const words = format === 'workbook' ? text.workbook : formatNames[format]!;
      return h('li', {}, h('a', { href, download: '', 'data-format': format }, words));
    });
    this.menu.replaceChildren(
      h('summary', { class: 'tool-button', id: 'downloads-button' }, text.download),
      h('div', { class: 'menu-list' }, h('ul', {}, ...items), this.menuNote),
    );
    // What the map holds too few of is said wherever the line is named.
    const holdsOf = ({ line, source }: LineSummary): string =>
      carries(source, summary.evidence) || line.measurable === false
        ? ''
        : holdsWords(source, text);
    const lines = summary.lines.map((it) => ({
      id: it.column.category,
      label: [named(it.line, lang), holdsOf(it)].filter(Boolean).join(' · '),
    }));
    const chosen = line?.column.category ?? '';
    const sets = settings.rule_sets.map((set) => ({ id: set.id, label: named(set, lang) }));
    const colours = (['verdict', 'minutes'] as const).map((by) =>
      h(
        'button',
        {
          type: 'button',
          id: `colour-${by}`,
          'aria-pressed': String(by === colour),
          onclick: () => this.handlers.colour(by),
        },
        text.colours[by],
      ),
    );
    const check = h('input', { type: 'checkbox', id: 'findings-shown', checked: findingsShown });
    check.addEventListener('change', () => this.handlers.findings(check.checked));
    const judged = table !== findingsTable;
    this.tools.replaceChildren(
      ...[
        judged && asMapped && h('span', { class: 'basis-badge' }, text.asMapped),
        judged && select('rules', text.rules, sets, rules.id, (id) => this.handlers.rules(id)),
        judged &&
          select('line', text.line, [{ id: '', label: text.allLines }, ...lines], chosen, (id) =>
            this.handlers.line(id || null),
          ),
        judged &&
          line &&
          h(
            'div',
            { class: 'tool' },
            h('span', {}, text.colourBy),
            h('div', { class: 'switch', role: 'group', 'aria-label': text.colourBy }, ...colours),
          ),
        judged && h('label', { class: 'tool check' }, check, h('span', {}, text.findingsOnMap)),
      ].filter((part) => !!part),
    );
  }
}

function levelName(id: string, zh: string, { lang, text }: { lang: Lang; text: Messages }): string {
  return lang === 'en' ? (text.levels[id] ?? id) : zh;
}
