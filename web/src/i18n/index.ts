import { h } from '../base/dom';
import type { Lang } from './lang';
import { en, enAsMapped } from './en';
import { zh, zhAsMapped, type Messages } from './zh';

export type { Messages } from './zh';

export const messages: Record<Lang, Messages> = { zh, en };

const asMapped: Record<Lang, Messages> = {
  zh: { ...zh, ...zhAsMapped },
  en: { ...en, ...enAsMapped },
};

/** The messages for a language and a basis: as if the map were complete, or proven verdicts only. */
export function messagesOf(lang: Lang, isAsMapped: boolean): Messages {
  return isAsMapped ? asMapped[lang] : messages[lang];
}

interface Named {
  zh: string;
  en: string;
}

export function named(thing: Named, lang: Lang): string {
  return lang === 'en' ? thing.en || thing.zh : thing.zh;
}

export function placeName(
  name: string | null,
  nameEn: string | null,
  lang: Lang,
): string | undefined {
  return (lang === 'en' ? nameEn || name : name || nameEn) || undefined;
}

/** A sentence as phrases that do not wrap inside, with values as elements; `\n` starts a new line. */
export function sentence(template: string, values: Record<string, Node | string>): Node[] {
  const parts = template.split(/([|\n])/);
  return parts.map((part) => {
    if (part === '|') return document.createTextNode('');
    if (part === '\n') return h('br');
    const children = part.split(/(\{\w+\})/).map((piece) => {
      const key = /^\{(\w+)\}$/.exec(piece)?.[1];
      return key ? (values[key] ?? piece) : piece;
    });
    return h('span', { class: parts.length > 1 ? 'phrase' : null }, ...children);
  });
}
