import { describe, expect, it } from 'vitest';
import { arranged, cut, type Rows } from '../../src/modes/planner/rows';

interface Row {
  name: string;
  size: number | null;
}

const rows: Rows<Row> = {
  kind: 'test',
  caption: '',
  columns: [
    { id: 'name', head: '', value: ({ name }) => name, cell: ({ name }) => cut(name) },
    { id: 'size', head: '', value: ({ size }) => size, cell: ({ size }) => `${size}` },
  ],
  rows: [
    { name: '江北', size: null },
    { name: 'Ｂ座', size: 3 },
    { name: '安静', size: 20 },
  ],
  id: ({ name }) => name,
  words: ({ name }) => name,
  sort: { column: 'size', descending: true },
  empty: '',
  width: 0,
};

const names = (query: string, column: string, descending: boolean): string[] =>
  arranged(rows, query, { column, descending }).map(({ name }) => name);

describe('the rows of a table', () => {
  it('are_sorted_with_missing_values_last_in_both_directions', () => {
    expect(names('', 'size', true)).toEqual(['安静', 'Ｂ座', '江北']);
    expect(names('', 'size', false)).toEqual(['Ｂ座', '安静', '江北']);
  });

  it('are_sorted_by_chinese_names_in_pinyin_order', () => {
    expect(names('', 'name', false).filter((name) => name !== 'Ｂ座')).toEqual(['安静', '江北']);
  });

  it('are_filtered_whatever_the_width_and_case_of_letters', () => {
    expect(names(' b ', 'size', true)).toEqual(['Ｂ座']);
    expect(names('没有', 'size', true)).toEqual([]);
  });

  it('keep_their_order_if_no_column_has_the_name', () => {
    expect(names('', 'other', true)).toEqual(['江北', 'Ｂ座', '安静']);
  });
});
