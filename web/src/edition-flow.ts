import type { Api } from './api';
import type { CompoundFeature, Origin } from './api-types';
import { newsWords, type NewsContext } from './panel/news';
import { isRenamed, presentPlace, standIn, type How, type LinkNews } from './stand-in';
import type { Place } from './state';

/** Editions that replace each other while none has been shown: two servers that take turns never agree. */
const mostRenewals = 5;

/** The place with where it stood, so that what stands there is shown if the next edition has no such key. */
export function placeToAskAgain(place: Place | null, origin: Origin | null): Place | null {
  if (!place || place.kind === 'point' || !origin) return place;
  return { ...place, at: { lon: origin.lon, lat: origin.lat } };
}

/** Follows the page from one edition to the next, and from what a link names to what is shown; keeps the news of it. */
export class EditionFlow {
  private renewals = 0;
  private isNewEdition = false;
  private linkNews: LinkNews | null = null;

  /** Another edition has come. False where the page had better stop asking. */
  renew(wasShown: boolean): boolean {
    this.renewals += 1;
    this.isNewEdition ||= wasShown;
    if (this.renewals <= mostRenewals) return true;
    this.renewals = 0;
    return false;
  }

  /** An edition is there in full. */
  settle(): void {
    this.renewals = 0;
  }

  /** The place under its present keys. */
  presentOf(place: Place, origin: Origin | null): Place {
    const present = presentPlace(place, origin);
    if (isRenamed(place, present)) this.sayOfLink(place, 'renamed');
    return present;
  }

  /** What is shown instead of a place that could not be; null where there is nothing, or nobody waits any more. */
  async insteadOf(
    place: Place,
    error: unknown,
    api: Api,
    outlines: () => Promise<CompoundFeature[]>,
    signal: AbortSignal,
  ): Promise<Place | null> {
    const other = await standIn(place, error, api, outlines, signal).catch(() => null);
    if (!other || signal.aborted) return null;
    this.sayOfLink(place, other.how);
    return other.place;
  }

  /** What was asked for first stays what is spoken of. */
  private sayOfLink(place: Place, how: How): void {
    if (place.kind !== 'point') this.linkNews = { of: this.linkNews?.of ?? place.kind, how };
  }

  dropNews(): void {
    this.linkNews = null;
    this.isNewEdition = false;
  }

  newsWords(context: NewsContext): string[] {
    return newsWords(this.isNewEdition, this.linkNews, context);
  }

  /** Which news there are, for the document. */
  get newsMark(): string {
    return [this.isNewEdition && 'edition', this.linkNews?.how].filter(Boolean).join(' ');
  }
}
