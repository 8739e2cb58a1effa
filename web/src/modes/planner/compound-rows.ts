import type { RuleLine } from '../../api/types';
import { aboutNumber, aboutPeople, completenessWords, isComplete } from '../../city/evidence';
import {
  standingOf,
  verdictAt,
  type CitySummary,
  type CompoundSummary,
  type LineSummary,
  type Standing,
} from '../../city/summary';
import { generatedName, lineNames, type Words } from '../../city/words';
import { fill, metres, minutesUp, number } from '../../i18n/format';
import { placeName } from '../../i18n';
import { reasonWords } from './reason';
import { cut, type Cell, type Column, type Rows } from './rows';

/** The rows of compounds: by one line, or by all lines together. */
export function compoundRows(
  summary: CitySummary,
  line: LineSummary | null,
  title: string,
  words: Words,
): Rows<CompoundSummary> {
  const { text } = words;
  const name: Column<CompoundSummary> = {
    id: 'name',
    head: text.columns.compound!,
    width: '21%',
    narrow: '42%',
    value: (row) => (row.generatedName ? null : compoundName(row, words)),
    cell: (row) => ({ kind: 'opener', words: compoundName(row, words), id: row.id }),
  };
  const unit: Column<CompoundSummary> = {
    id: 'unit',
    head: text.columns.unit!,
    width: '12%',
    wide: true,
    value: (row) => unitOf(row) || null,
    cell: (row) => cut(unitOf(row)),
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
  const names = (lines: RuleLine[], weight: 'strong' | 'quiet'): Cell => {
    const listed = lineNames(lines, lang, text);
    return listed ? { kind: 'text', words: listed, title: listed, weight } : '';
  };
  return [
    {
      id: 'reached',
      head: text.columns.reached!,
      title: text.columnTitles.reached!,
      width: '104px',
      narrow: '84px',
      numeric: true,
      value: (row) => (row.unknown ? null : row.reached),
      cell: (row) => ({ kind: 'figure', words: `${row.reached}`, unit: ` / ${summary.asked}` }),
    },
    {
      id: 'missing',
      head: text.columns.missing!,
      title: text.columnTitles.missing!,
      // Among compounds with equally many gaps, the one farthest from the missing facilities ranks first.
      value: (row) => row.missing.length + Math.min(0.99, row.distance / 1e7),
      cell: (row) => names(row.missing, 'strong'),
    },
    {
      id: 'open',
      head: text.columns.open!,
      title: text.columnTitles.open!,
      wide: true,
      value: (row) => row.open.length,
      cell: (row) => names(row.open, 'quiet'),
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
  /** Marks a figure from incomplete data. */
  const onMap = ({ source }: Standing, figure: string): Cell =>
    isComplete(source, summary.evidence)
      ? figure
      : {
          kind: 'on-map',
          words: fill(text.onMapMark, { n: figure }),
          title: completenessWords(source, text),
        };
  const order: Record<string, number> = { gap: 2, unknown: 1, covered: 0 };
  return [
    {
      id: 'verdict',
      head: text.columns.verdict!,
      width: '84px',
      // Gaps first, then unknown; each by distance, with unreachable ones first among gaps and last among unknown.
      value: (row) => {
        const { verdict, seconds } = standing(row);
        return (order[verdict] ?? -1) * 1e6 + (seconds ?? (verdict === 'gap' ? 9e5 : 0));
      },
      cell: (row) => ({ kind: 'verdict', verdict: standing(row).verdict || 'unknown' }),
    },
    {
      id: 'minutes',
      head: text.columns.minutes!,
      width: '84px',
      numeric: true,
      value: (row) => standing(row).seconds,
      cell: (row) => {
        const one = standing(row);
        return one.seconds === null ? '' : onMap(one, number(minutesUp(one.seconds), lang));
      },
    },
    {
      id: 'reason',
      head: text.columns.reason!,
      value: (row) => reasonWords(standing(row), words) || null,
      cell: (row) => cut(reasonWords(standing(row), words)),
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
        return cut(nearestName ?? (nearestId === null ? '' : text.unnamedFacility));
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

function compoundName(compound: CompoundSummary, { lang, text }: Words): string {
  return compound.generatedName
    ? generatedName(compound.name, text)
    : (placeName(compound.name, compound.nameEn, lang) ?? text.unnamed);
}

const unitOf = (compound: CompoundSummary): string =>
  compound.subdistrict ?? compound.district ?? '';

/** A range if the estimate has bounds, else one figure. */
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
