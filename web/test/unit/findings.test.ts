import { expect, it } from 'vitest';
import type { Finding } from '../../src/api-types';
import { findingIds } from '../../src/planner/rows';

const finding = (kind: string, id: string): Finding =>
  ({ properties: { kind, id } }) as unknown as Finding;

it('names findings by what they are of, numbered where there are several', () => {
  const ids = findingIds([
    finding('no_mapped_gate', 'w1'),
    finding('possible_duplicate', 'n5'),
    finding('possible_duplicate', 'n5'),
    finding('no_mapped_gate', 'w2'),
  ]);
  expect(ids).toEqual([
    'no_mapped_gate.w1',
    'possible_duplicate.n5',
    'possible_duplicate.n5-2',
    'no_mapped_gate.w2',
  ]);
});
