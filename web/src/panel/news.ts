import type { Place } from '../base/place';
import { fill } from '../i18n/format';
import type { PlaceAnswer } from '../place/answer';
import type { LinkNews } from '../place/stand-in';
import { placeTitle, type PlaceContext } from './place';

export interface NewsContext extends Pick<PlaceContext, 'compound' | 'lang' | 'text'> {
  place: Place | null;
  answer: PlaceAnswer | null;
}

/** Whether the data is new, and, once loaded, what is shown instead of what the link names. */
export function newsWords(
  isNewEdition: boolean,
  link: LinkNews | null,
  context: NewsContext,
): string[] {
  const { place, answer, text } = context;
  const words = isNewEdition ? [text.newEdition] : [];
  if (!link || !place || !answer) return words;
  const id = place.kind === 'point' ? '' : place.id;
  const name = placeTitle(place, answer, context);
  return [...words, fill(text.linkNews[link.of][link.relation], { id, name })];
}
