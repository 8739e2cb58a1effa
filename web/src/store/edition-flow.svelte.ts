import type { Api } from '../api/client';
import type { Origin } from '../api/types';
import type { Place } from '../base/place';
import {
  isRenamed,
  presentPlace,
  standIn,
  type LinkNews,
  type Outlines,
  type Relation,
} from '../place/stand-in';

/** Limit of changes of edition before one is complete: two servers that answer in turn would never agree. */
const mostRenewals = 5;

/** The place with its present location, in case the next edition does not have its key. */
export function withLocation(place: Place | null, origin: Origin | null): Place | null {
  if (!place || place.kind === 'point' || !origin) return place;
  return { ...place, at: { lon: origin.lon, lat: origin.lat } };
}

/** Follows changes of edition and replacements of the linked place, and holds the news about both. */
export class EditionFlow {
  private renewals = 0;
  private newEdition = $state(false);
  private news = $state.raw<LinkNews | null>(null);

  /** The edition of what was shown before has been replaced. */
  get isNewEdition(): boolean {
    return this.newEdition;
  }

  /** How the place shown differs from the one in the link; `null` if it does not. */
  get linkNews(): LinkNews | null {
    return this.news;
  }

  /** The news as one attribute for tests. */
  get newsMark(): string {
    return [this.newEdition && 'edition', this.news?.relation].filter(Boolean).join(' ');
  }

  dropNews(): void {
    this.news = null;
    this.newEdition = false;
  }

  /** Notes another edition. Returns false if the page must stop requesting. */
  renew(wasShown: boolean): boolean {
    this.renewals += 1;
    this.newEdition ||= wasShown;
    if (this.renewals <= mostRenewals) return true;
    this.renewals = 0;
    return false;
  }

  /** The present edition is completely loaded. */
  settle(): void {
    this.renewals = 0;
  }

  /** The place with its present keys. */
  presentOf(place: Place, origin: Origin | null): Place {
    const present = presentPlace(place, origin);
    if (isRenamed(place, present)) this.note(place, 'renamed');
    return present;
  }

  /** The replacement of a place that failed to load; `null` if there is none or the request is aborted. */
  async insteadOf(
    place: Place,
    error: unknown,
    api: Api,
    outlines: Outlines,
    signal: AbortSignal,
  ): Promise<Place | null> {
    const other = await standIn(place, error, api, outlines, signal).catch(() => null);
    if (!other || signal.aborted) return null;
    this.note(place, other.relation);
    return other.place;
  }

  /** After several replacements the news still names the kind of the first place. */
  private note(place: Place, relation: Relation): void {
    if (place.kind !== 'point') this.news = { of: this.news?.of ?? place.kind, relation };
  }
}
