import { describe, expect, it } from 'vitest';
import { phrases } from '../../src/i18n';

describe('a sentence', () => {
  it('consists_of_lines_of_phrases_with_values', () => {
    const n = { words: '12', kind: 'hero' };
    expect(phrases('{n} 个小区|{within}|缺少。\n哪里缺，|断定不了。', { n, within: '内' })).toEqual(
      [
        [[n, ' 个小区'], ['内'], ['缺少。']],
        [['哪里缺，'], ['断定不了。']],
      ],
    );
  });

  it('keeps_a_placeholder_without_a_value', () => {
    expect(phrases('{unknown} 个', {})).toEqual([[['{unknown}', ' 个']]]);
  });
});
