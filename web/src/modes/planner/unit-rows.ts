import type { UnitFeature, UnitLine } from '../../api/types';
import { aboutNumber, rangeWords } from '../../city/evidence';
import { outsideId, unitLine, unitName } from '../../city/units';
import type { Words } from '../../city/words';
import { fill, minutesUp, number } from '../../i18n/format';
import type { Messages } from '../../i18n';
import { cut, type Cell, type Column, type Rows } from './rows';

export function unitRows(units: UnitFeature[], title: string, words: Words): Rows<UnitFeature> {
  const { lang, text } = words;
  const count = (key: 'compounds_covered' | 'compounds_gap' | 'compounds_unknown') => ({
    id: key,
    wide: key !== 'compounds_gap',
    head: text.columns[key]!,
    width: '84px',
    numeric: true,
    value: (row: UnitFeature) => unitLine(row)?.[key] ?? null,
    cell: (row: UnitFeature): Cell => number(unitLine(row)?.[key] ?? 0, lang),
    total: (rows: UnitFeature[]): string =>
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
    cell: (row: UnitFeature): Cell => {
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
      value: (row) => (row.properties.unit_id === null ? null : unitName(row, text)),
      cell: (row) => cut(unitName(row, text) + (row.properties.partial ? text.partialMark : '')),
      total: (rows) => fill(text.totalUnits, { n: number(rows.length, lang) }),
    },
    {
      id: 'share',
      head: text.columns.share!,
      title: text.columnTitles.share!,
      numeric: true,
      value: (row) => unitLine(row)?.compounds_share_proven ?? null,
      cell: (row) => shareCell(unitLine(row), text),
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
  // Several lines together have no nearest facility.
  const timed = units.some((unit) => (unitLine(unit)?.median_seconds ?? null) !== null);
  return {
    kind: 'unit',
    caption: title,
    columns: timed ? columns : columns.slice(0, -2),
    rows: units,
    id: (row) => row.properties.unit_id ?? outsideId,
    words: (row) => `${unitName(row, text)} ${row.properties.parent_name ?? ''}`,
    sort: { column: 'share', descending: false },
    empty: text.tableEmpty,
    width: 820,
  };
}

/** A range if the estimate has bounds. */
function residentsOf(line: UnitLine | undefined, { lang, text }: Words): string {
  if (!line || line.residents_gap === null) return '';
  const { residents_gap: people, residents_gap_low: low, residents_gap_high: high } = line;
  if (typeof low === 'number' && typeof high === 'number' && low !== high) {
    return `${aboutNumber(low, lang)}–${aboutNumber(high, lang)}`;
  }
  return people === 0 ? '0' : fill(text.about, { n: aboutNumber(people, lang) });
}

/** The proven and the possible share. */
function shareCell(line: UnitLine | undefined, text: Messages): Cell {
  const proven = line?.compounds_share_proven ?? null;
  const possible = line?.compounds_share_possible ?? null;
  if (!line || proven === null || possible === null) {
    const words = text.verdicts.unknown!;
    return { kind: 'text', words, title: words, weight: 'quiet' };
  }
  return {
    kind: 'share',
    proven,
    possible,
    words: rangeWords(proven, possible, line.compounds_share),
  };
}
