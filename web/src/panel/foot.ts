import { h } from '../base/dom';
import { day, fill, number } from '../i18n/format';
import { named, type Messages } from '../i18n';
import type { Lang } from '../i18n/lang';
import type { Choice } from '../state/choice';

export function footLine({ settings, profile, rules }: Choice, lang: Lang, text: Messages): Node[] {
  const date = day(settings.data_date);
  const words = [
    fill(text.footProfile, {
      profile: named(profile, lang),
      speed: number(profile.speed_kmh, lang, 1),
    }),
    fill(text.footRules, { rules: named(rules, lang) }),
    date ? fill(text.footDate, { date }) : text.footDateUnknown,
  ];
  return [
    h('p', { class: 'foot-words' }, ...words.map((word) => h('span', {}, word))),
    h(
      'p',
      {},
      '© ',
      h(
        'a',
        { href: 'https://www.openstreetmap.org/copyright', rel: 'noreferrer', target: '_blank' },
        text.contributors,
      ),
      lang === 'zh' ? '（ODbL）' : ' (ODbL)',
    ),
  ];
}
