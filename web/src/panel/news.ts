import { fill } from '../format';
import type { LinkNews } from '../stand-in';
import type { Place } from '../state';
import { placeTitle, type PlaceContext } from './place';
import type { PlaceAnswer } from '../place';

export interface NewsContext extends Pick<PlaceContext, 'compound' | 'lang' | 'text'> {
  place: Place | null;
  answer: PlaceAnswer | null;
}

/** That the data is new, and what is shown instead of what the link names; the latter once it is there. */
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
  return [...words, fill(text.linkNews[link.of][link.how], { id, name })];
}
