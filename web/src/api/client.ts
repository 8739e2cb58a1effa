import { boxAround } from '../base/geometry';
import type { LonLat, Place } from '../base/place';
import { apiUrl, judgedQuery, ownUrl, type Judged, type Query } from './address';
import type {
  Bands,
  CompoundFeature,
  Coverage,
  Explained,
  Findings,
  GateFeature,
  NameEntry,
  Page,
  Problem,
  Reach,
  Settings,
  Units,
  Verdicts,
} from './types';

/** An answer with an error status. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
  }
}

/** The server has another edition than the client. */
export class EditionChanged extends Error {
  constructor() {
    super('the server has another edition');
  }
}

const editionHeader = 'circle-edition';
const conflict = 409;
/** The server's maximum of features per page. */
const pageLimit = '10000';

const placeText = ({ lon, lat }: LonLat): string => `${lon.toFixed(6)},${lat.toFixed(6)}`;

function placeQuery(place: Place): Query {
  return place.kind === 'point' ? { at: placeText(place) } : { [place.kind]: place.id };
}

/**
 * A client of one edition of the city. The first answer determines the edition. On an answer of another edition the
 * client calls `replaced` once, and every request, pending or later, fails with `EditionChanged`; the caller continues
 * with a new client.
 */
export class Api {
  private known: string | null = null;
  private closed = false;

  constructor(private readonly replaced: () => void) {}

  /** `null` before the first answer. */
  get edition(): string | null {
    return this.known;
  }

  /** Every request fails from now on; `replaced` is not called. */
  close(): void {
    this.closed = true;
  }

  /** Reports another edition that was detected outside this client: by a tile, or by answers that do not match. */
  end(): EditionChanged {
    if (!this.closed) {
      this.closed = true;
      this.replaced();
    }
    return new EditionChanged();
  }

  settings(signal?: AbortSignal): Promise<Settings> {
    return this.getUrl(apiUrl('settings'), signal);
  }

  /** All compounds: those with an outline, and those that are a point, which have a collection of their own. */
  async compounds(settings: Settings | Promise<Settings>): Promise<CompoundFeature[]> {
    const outlines = this.allOf<CompoundFeature>('compounds', {});
    // Handled below, but possibly only after it has failed.
    outlines.catch(() => {});
    const { counts } = await settings;
    const points =
      'compound_points' in counts ? this.allOf<CompoundFeature>('compound_points', {}) : [];
    return (await Promise.all([outlines, points])).flat();
  }

  gatesNear(place: LonLat, metres: number, signal?: AbortSignal): Promise<GateFeature[]> {
    const bbox = boxAround(place, metres).map((side) => side.toFixed(6));
    return this.allOf('gates', { bbox: bbox.join(',') }, signal);
  }

  names(signal?: AbortSignal): Promise<{ compounds: NameEntry[] }> {
    return this.get('names', {}, signal);
  }

  verdicts(judged: Judged, signal?: AbortSignal): Promise<Verdicts> {
    return this.get('verdicts', judgedQuery(judged), signal);
  }

  units(level: string, line: string, judged: Judged, signal?: AbortSignal): Promise<Units> {
    return this.get('coverage', { by: level, line, ...judgedQuery(judged) }, signal);
  }

  findings(signal?: AbortSignal): Promise<Findings> {
    return this.get('quality', {}, signal);
  }

  /** The walk alone: the server does not search for what bars a shorter one. */
  walk(place: Place, facility: string, profile: string, signal?: AbortSignal): Promise<Explained> {
    const { at, ...from } = placeQuery(place);
    return this.get('explain', { ...from, from: at, facility, profile, barred: 'false' }, signal);
  }

  compoundCoverage(compound: string, judged: Judged, signal?: AbortSignal): Promise<Coverage> {
    return this.get('coverage', { compound, ...judgedQuery(judged) }, signal);
  }

  /** One disc per band; each contains the discs of the shorter bands. */
  bands(place: Place, minutes: number[], profile: string, signal?: AbortSignal): Promise<Bands> {
    const query = { ...placeQuery(place), minutes: minutes.join(','), profile, form: 'discs' };
    return this.get('isochrones', query, signal);
  }

  reach(place: Place, minutes: number, profile: string, signal?: AbortSignal): Promise<Reach> {
    return this.get('reach', { ...placeQuery(place), minutes: `${minutes}`, profile }, signal);
  }

  /** Names the edition, so that the server rejects the request (409) if it has another one. */
  private get<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
    return this.getUrl<T>(apiUrl(path, { ...query, edition: this.known ?? undefined }), signal);
  }

  /** All features of a collection, page by page. */
  private async allOf<F>(collection: string, query: Query, signal?: AbortSignal): Promise<F[]> {
    const path = `collections/${collection}/items`;
    const features: F[] = [];
    let page = await this.get<Page<F>>(path, { limit: pageLimit, ...query }, signal);
    for (;;) {
      features.push(...page.features);
      const next = page.links.find(({ rel }) => rel === 'next');
      if (!next) return features;
      page = await this.getUrl<Page<F>>(ownUrl(next.href), signal);
    }
  }

  private async getUrl<T>(url: string, signal?: AbortSignal): Promise<T> {
    const response = await fetch(url, {
      headers: { accept: 'application/geo+json, application/json' },
      ...(signal && { signal }),
    });
    const edition = response.headers.get(editionHeader);
    const isOther = edition !== null && this.known !== null && edition !== this.known;
    if (this.closed || isOther || response.status === conflict) throw this.end();
    this.known ??= edition;
    if (!response.ok) {
      const problem = (await response.json().catch(() => ({}))) as Problem;
      throw new ApiError(response.status, problem);
    }
    const answer = (await response.json()) as T;
    if (this.closed) throw this.end();
    return answer;
  }
}
