import type { Finding, Severity, UnitFeature, UnitLine } from '../api-types';
import {
  standingOf,
  verdictAt,
  type CitySummary,
  type CompoundSummary,
  type LineSummary,
  type Standing,
} from '../coverage';
import { h, svg, type Child } from '../dom';
import { aboutNumber, aboutPeople, carries, holdsWords, rangeWords } from '../evidence';
import { fill, metres, minutesUp, number } from '../format';
import { named, placeName, type Messages } from '../i18n';
import { lineNames } from '../panel/city';
import { gateRange } from '../panel/standing';
import type { Lang } from '../state';
import type { Column, Rows } from './table';

interface Words {
  lang: Lang;
  text: Messages;
}

export type Row = CompoundSummary | UnitFeature | Finding;

/** A name that is made up is in Chinese: 未命名小区, and where it is. */
function generatedName(name: string, text: Messages): string {
  return name.replace(/^未命名小区/, text.unnamedShort);
}

function compoundName(compound: CompoundSummary, { lang, text }: Words): string {
  return compound.generatedName
    ? generatedName(compound.name, text)
    : (placeName(compound.name, compound.nameEn, lang) ?? text.unnamed);
}

function verdictChip(verdict: string, text: Messages): HTMLElement {
  const known = verdict || 'unknown';
  return h('span', { class: `verdict ${known}` }, text.verdicts[known] ?? known);
}

/** A name with a small button that opens its reach. */
function opener(name: string, id: string, text: Messages, open: (id: string) => void): HTMLElement {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'row-open',
      // By keyboard Enter on the marked row does the same; rows that are drawn anew would lose the focus.
      tabindex: -1,
      title: text.openReach,
      'aria-label': `${text.openReach}: ${name}`,
    },
    svg('0 0 24 24', ['M9 5l7 7-7 7'], { class: 'icon' }),
  );
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    open(id);
  });
  return h(
    'span',
    { class: 'row-opener' },
    h('span', { class: 'cell-text', title: name }, name),
    button,
  );
}

const cellText = (words: string): Child =>
  words ? h('span', { class: 'cell-text', title: words }, words) : '';

const unitOf = (compound: CompoundSummary): string =>
  compound.subdistrict ?? compound.district ?? '';

/** As a range where the estimate has bounds, else as about so many. */
function residentsWords(compound: CompoundSummary, { lang, text }: Words): string {
  const { residents, residentsRange: range, residentsEstimated } = compound;
  if (range && range[0] !== range[1]) {
    return range.map((bound) => aboutNumber(bound, lang)).join('–');
  }
  if (residents === null) return '';
  return residentsEstimated
    ? fill(text.about, { n: aboutNumber(residents, lang) })
    : number(residents, lang);
}

/** Why a compound stands on a line as it does, in words. */
export function reasonWords(standing: Standing, words: Words): string {
  const { reason, seconds, worst, source } = standing;
  if (!reason) return '';
  const { text } = words;
  const more =
    reason === 'gate_unknown'
      ? gateRange(seconds, worst, words)
      : reason === 'source_incomplete'
        ? holdsWords(source, text)
        : '';
  return [text.reasons[reason] ?? reason, more].filter(Boolean).join(' · ');
}

export function compoundRows(
  summary: CitySummary,
  line: LineSummary | null,
  title: string,
  words: Words,
  open: (id: string) => void,
): Rows<CompoundSummary> {
  const { text } = words;
  const name: Column<CompoundSummary> = {
    id: 'name',
    head: text.columns.compound!,
    width: '21%',
    narrow: '42%',
    value: (row) => (row.generatedName ? null : compoundName(row, words)),
    cell: (row) => opener(compoundName(row, words), row.id, text, open),
  };
  const unit: Column<CompoundSummary> = {
    id: 'unit',
    head: text.columns.unit!,
    width: '12%',
    wide: true,
    value: (row) => unitOf(row) || null,
    cell: (row) => cellText(unitOf(row)),
  };
  const residents: Column<CompoundSummary> = {
    id: 'residents',
    head: text.columns.residents!,
    title: text.estimatedWhat,
    width: '92px',
    numeric: true,
    wide: true,
    value: (row) => row.residents,
    cell: (row) => residentsWords(row, words),
  };
  const rest = line ? lineColumns(summary, line, words) : allColumns(summary, words);
  return {
    kind: `compound ${line ? 'line' : 'all'}`,
    caption: title,
    columns: [name, unit, residents, ...rest],
    rows: summary.compounds,
    id: (row) => row.id,
    words: (row) => `${compoundName(row, words)} ${row.nameEn ?? ''} ${unitOf(row)}`,
    sort: { column: line ? 'verdict' : 'missing', descending: true },
    empty: text.tableEmpty,
    sum: (rows) => compoundSum(rows, summary, line, words),
    width: line ? 1200 : 820,
  };
}

function compoundSum(
  rows: CompoundSummary[],
  summary: CitySummary,
  line: LineSummary | null,
  { lang, text }: Words,
): string {
  const people = rows.reduce((sum, row) => sum + (row.residents ?? 0), 0);
  const counted = (['covered', 'gap', 'unknown'] as const).map((verdict) => {
    const of = line ? rows.filter(({ row }) => verdictAt(line.column, row) === verdict) : [];
    return `${text.verdicts[verdict]} ${number(of.length, lang)}`;
  });
  const lacking = rows.filter(({ missing }) => missing.length > 0).length;
  const all = rows.length === summary.compounds.length;
  return [
    fill(all ? text.totalCompounds : text.totalFiltered, { n: number(rows.length, lang) }),
    people > 0 && fill(text.totalResidents, { people: aboutPeople(people, lang, text) }),
    ...(line ? counted : [fill(text.totalLacking, { n: number(lacking, lang) })]),
  ]
    .filter(Boolean)
    .join(' · ');
}

function allColumns(summary: CitySummary, { lang, text }: Words): Column<CompoundSummary>[] {
  return [
    {
      id: 'reached',
      head: text.columns.reached!,
      title: text.columnTitles.reached!,
      width: '104px',
      narrow: '84px',
      numeric: true,
      value: (row) => (row.unknown ? null : row.reached),
      cell: (row) =>
        h('span', {}, `${row.reached}`, h('span', { class: 'unit' }, ` / ${summary.asked}`)),
    },
    {
      id: 'missing',
      head: text.columns.missing!,
      title: text.columnTitles.missing!,
      // Among those that lack equally many those farthest from it come first.
      value: (row) => row.missing.length + Math.min(0.99, row.distance / 1e7),
      cell: (row) =>
        row.missing.length > 0
          ? h('span', { class: 'cell-text lacking' }, lineNames(row.missing, lang, text))
          : '',
    },
    {
      id: 'open',
      head: text.columns.open!,
      title: text.columnTitles.open!,
      wide: true,
      value: (row) => row.open.length,
      cell: (row) => {
        const words = lineNames(row.open, lang, text);
        return words ? h('span', { class: 'cell-text quiet', title: words }, words) : '';
      },
    },
  ];
}

function lineColumns(
  summary: CitySummary,
  { column }: LineSummary,
  words: Words,
): Column<CompoundSummary>[] {
  const { lang, text } = words;
  const standing = (row: CompoundSummary): Standing => standingOf(column, row.row, summary);
  /** What is counted on a map that holds few is told as that. */
  const onMap = ({ source }: Standing, said: string): Child =>
    carries(source, summary.evidence)
      ? said
      : h(
          'span',
          { class: 'quiet', title: holdsWords(source, text) },
          fill(text.onMapMark, { n: said }),
        );
  const order: Record<string, number> = { gap: 2, unknown: 1, covered: 0 };
  return [
    {
      id: 'verdict',
      head: text.columns.verdict!,
      width: '84px',
      // Gaps first, the farthest of them before the others; of the unknown those that no way leads to come last.
      value: (row) => {
        const { verdict, seconds } = standing(row);
        return (order[verdict] ?? -1) * 1e6 + (seconds ?? (verdict === 'gap' ? 9e5 : 0));
      },
      cell: (row) => verdictChip(standing(row).verdict, text),
    },
    {
      id: 'minutes',
      head: text.columns.minutes!,
      width: '84px',
      numeric: true,
      value: (row) => standing(row).seconds,
      cell: (row) => {
        const told = standing(row);
        if (told.seconds === null) return '';
        return onMap(told, number(minutesUp(told.seconds), lang));
      },
    },
    {
      id: 'reason',
      head: text.columns.reason!,
      value: (row) => reasonWords(standing(row), words) || null,
      cell: (row) => cellText(reasonWords(standing(row), words)),
    },
    {
      id: 'metres',
      head: text.columns.metres!,
      wide: true,
      width: '84px',
      numeric: true,
      value: (row) => standing(row).metres,
      cell: (row) => {
        const { metres: length } = standing(row);
        return length === null ? '' : metres(length, lang);
      },
    },
    {
      id: 'nearest',
      head: text.columns.nearest!,
      wide: true,
      width: '17%',
      value: (row) => standing(row).nearestName,
      cell: (row) => {
        const { nearestName, nearestId } = standing(row);
        return cellText(nearestName ?? (nearestId === null ? '' : text.unnamedFacility));
      },
    },
    {
      id: 'count',
      head: text.columns.count!,
      wide: true,
      width: '72px',
      numeric: true,
      value: (row) => standing(row).count,
      cell: (row) => onMap(standing(row), number(standing(row).count, lang)),
    },
  ];
}

/** Stands for the id of what lies in no unit. */
const outside = 'outside';

/** The one line of a unit that was asked for. */
export function unitLine(unit: UnitFeature): UnitLine | undefined {
  return Object.values(unit.properties.coverage)[0];
}

export function unitName({ properties }: UnitFeature, { text }: Pick<Words, 'text'>): string {
  if (properties.unit_id === null) return text.outsideUnits;
  return properties.unit_name;
}

export function unitRows(units: UnitFeature[], title: string, words: Words): Rows<UnitFeature> {
  const { lang, text } = words;
  const count = (key: 'compounds_covered' | 'compounds_gap' | 'compounds_unknown') => ({
    id: key,
    wide: key !== 'compounds_gap',
    head: text.columns[key]!,
    width: '84px',
    numeric: true,
    value: (row: UnitFeature) => unitLine(row)?.[key] ?? null,
    cell: (row: UnitFeature): Child => number(unitLine(row)?.[key] ?? 0, lang),
    total: (rows: UnitFeature[]): Child =>
      number(
        rows.reduce((sum, row) => sum + (unitLine(row)?.[key] ?? 0), 0),
        lang,
      ),
  });
  const minutes = (key: 'median_seconds' | 'p90_seconds') => ({
    id: key,
    wide: true,
    head: text.columns[key]!,
    title: text.columnTitles[key]!,
    width: '84px',
    numeric: true,
    value: (row: UnitFeature) => unitLine(row)?.[key] ?? null,
    cell: (row: UnitFeature): Child => {
      const seconds = unitLine(row)?.[key] ?? null;
      return seconds === null ? '' : number(minutesUp(seconds), lang);
    },
  });
  const columns: Column<UnitFeature>[] = [
    {
      id: 'name',
      head: text.columns.unit!,
      width: '24%',
      narrow: '46%',
      value: (row) => (row.properties.unit_id === null ? null : unitName(row, words)),
      cell: (row) =>
        cellText(unitName(row, words) + (row.properties.partial ? text.partialMark : '')),
      total: (rows) => fill(text.totalUnits, { n: number(rows.length, lang) }),
    },
    {
      id: 'share',
      head: text.columns.share!,
      title: text.columnTitles.share!,
      numeric: true,
      value: (row) => unitLine(row)?.compounds_share_proven ?? null,
      cell: (row) => shareBar(unitLine(row), text),
    },
    count('compounds_covered'),
    count('compounds_gap'),
    count('compounds_unknown'),
    {
      id: 'residents_gap',
      head: text.columns.residents_gap!,
      title: text.columnTitles.residents_gap!,
      wide: true,
      width: '104px',
      numeric: true,
      value: (row) => unitLine(row)?.residents_gap ?? null,
      cell: (row) => residentsOf(unitLine(row), words),
    },
    minutes('median_seconds'),
    minutes('p90_seconds'),
  ];
  // What is added up of several lines has no nearest facility.
  const timed = units.some((unit) => (unitLine(unit)?.median_seconds ?? null) !== null);
  return {
    kind: 'unit',
    caption: title,
    columns: timed ? columns : columns.slice(0, -2),
    rows: units,
    id: (row) => row.properties.unit_id ?? outside,
    words: (row) => `${unitName(row, words)} ${row.properties.parent_name ?? ''}`,
    sort: { column: 'share', descending: false },
    empty: text.tableEmpty,
    width: 820,
  };
}

/** As a range where the estimate has bounds. */
function residentsOf(line: UnitLine | undefined, { lang, text }: Words): string {
  if (!line || line.residents_gap === null) return '';
  const { residents_gap: people, residents_gap_low: low, residents_gap_high: high } = line;
  if (typeof low === 'number' && typeof high === 'number' && low !== high) {
    return `${aboutNumber(low, lang)}–${aboutNumber(high, lang)}`;
  }
  return people === 0 ? '0' : fill(text.about, { n: aboutNumber(people, lang) });
}

/** What is proven and what is possible. */
function shareBar(line: UnitLine | undefined, text: Messages): HTMLElement {
  const proven = line?.compounds_share_proven ?? null;
  const possible = line?.compounds_share_possible ?? null;
  if (!line || proven === null || possible === null) {
    return h('span', { class: 'quiet' }, text.verdicts.unknown!);
  }
  const part = (kind: string, share: number): HTMLElement => {
    const piece = h('span', { class: kind });
    piece.style.width = `${share * 100}%`;
    return piece;
  };
  return h(
    'span',
    { class: 'share' },
    h(
      'span',
      { class: 'bar-track stacked' },
      part('bar-fill', proven),
      part('hatched', possible - proven),
      part('bar-gap', 1 - possible),
    ),
    h('span', { class: 'share-value' }, rangeWords(proven, possible, line.compounds_share)),
  );
}

const gravity: Record<Severity, number> = { error: 2, warning: 1, info: 0 };

export function findingKind(finding: Finding, text: Messages): string {
  const { kind } = finding.properties;
  return text.findingKinds[kind] ?? kind.replaceAll('_', ' ');
}

export function findingName({ properties }: Finding, text: Messages): string {
  return generatedName(properties.name, text) || properties.id;
}

/** What is the matter and what to do, in the page's language. */
export function findingHelp({ properties }: Finding, text: Messages): string {
  return text.findingHelp[properties.kind] ?? properties.message;
}

/** What is found names its findings: kind and key, numbered where there are several. The report itself has no ids. */
export function findingIds(findings: Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ properties: { kind, id } }) => {
    const name = `${kind}.${id}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  });
}

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
        value: ({ properties }) => gravity[properties.severity],
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

export function lineTitle(line: LineSummary | null, { lang, text }: Words): string {
  return line ? named(line.line, lang) : text.allLines;
}
