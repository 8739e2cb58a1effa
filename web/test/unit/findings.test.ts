import { expect, it } from 'vitest';
import type { Finding } from '../../src/api/types';
import { findingIds } from '../../src/city/findings';

const finding = (kind: string, id: string): Finding =>
  ({ properties: { kind, id } }) as unknown as Finding;

it('findings_are_identified_by_kind_and_key_and_numbered_if_equal', () => {
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
