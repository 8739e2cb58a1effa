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

/** A value in a sentence: words, emphasised words, or a list that wraps between its items only. */
export type Value = string | { words: string; kind: string } | { items: string[] };

/** A sentence as lines of phrases; a phrase does not wrap inside, and consists of words and values. */
export function phrases(template: string, values: Record<string, Value>): Value[][][] {
  const piecesOf = (phrase: string): Value[] =>
    phrase
      .split(/(\{\w+\})/)
      .filter(Boolean)
      .map((piece) => {
        const key = /^\{(\w+)\}$/.exec(piece)?.[1];
        return key ? (values[key] ?? piece) : piece;
      });
  return template.split('\n').map((line) => line.split('|').map(piecesOf));
}
