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
} from './api-types';
import { boxAround } from './geometry';
import type { LonLat, Place } from './state';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
  }
}

/** The server has another edition than the one that was asked. */
export class EditionChanged extends Error {}

type Query = Record<string, string | undefined>;

export function apiUrl(path: string, query: Query = {}): string {
  const url = new URL(`api/${path}`, document.baseURI);
  url.hash = '';
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, value);
  }
  return url.href;
}

/** The page's own server, whatever host its links name. */
function here(href: string): string {
  const { pathname, search } = new URL(href);
  const path = pathname.slice(pathname.lastIndexOf('/api/') + '/api/'.length);
  return apiUrl(path) + search;
}

/** What is judged, and how; a compound's coverage, a city's verdicts and its units are asked for alike. */
export interface Judged {
  rules: { id: string };
  profile: { id: string };
  bands: number[];
  asMapped: boolean;
}

export function judgedQuery({ rules, profile, bands, asMapped }: Judged): Query {
  return {
    rules: rules.id,
    profile: profile.id,
    minutes: bands.join(','),
    as_mapped: asMapped ? 'true' : undefined,
  };
}

const placeText = ({ lon, lat }: LonLat): string => `${lon.toFixed(6)},${lat.toFixed(6)}`;

function placeQuery(place: Place): Query {
  return place.kind === 'point' ? { at: placeText(place) } : { [place.kind]: place.id };
}

const editionHeader = 'circle-edition';
const conflict = 409;
/** The most features that the server puts on a page. */
const pageLimit = '10000';

/**
 * Asks one edition of the city. The first answer says which; at an answer of another, `replaced` is called once, and
 * nothing is answered any more: whoever asks goes on with a new client.
 */
export class Api {
  private known: string | null = null;
  private closed = false;

  constructor(private readonly replaced: () => void) {}

  /** Null before the first answer. */
  get edition(): string | null {
    return this.known;
  }

  /** Answers nothing from now on. */
  close(): void {
    this.closed = true;
  }

  /** For what is asked past this client and tells of another edition, and for answers that do not fit together. */
  end(): EditionChanged {
    if (!this.closed) {
      this.closed = true;
      this.replaced();
    }
    return new EditionChanged();
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

  /** Answers that are joined with others: the server refuses to answer from another edition. */
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
      page = await this.getUrl<Page<F>>(here(next.href), signal);
    }
  }

  settings(signal?: AbortSignal): Promise<Settings> {
    return this.getUrl(apiUrl('settings'), signal);
  }

  /** Those with an outline, and those known as a point where the server keeps them in a collection of their own. */
  async compounds(settings: Settings | Promise<Settings>): Promise<CompoundFeature[]> {
    const outlines = this.allOf<CompoundFeature>('compounds', {});
    outlines.catch(() => {});
    const { counts } = await settings;
    const points =
      'compound_points' in counts ? this.allOf<CompoundFeature>('compound_points', {}) : [];
    return [...(await outlines), ...(await points)];
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

  walk(place: Place, facility: string, profile: string, signal?: AbortSignal): Promise<Explained> {
    const { at, ...from } = placeQuery(place);
    return this.get('explain', { ...from, from: at, facility, profile }, signal);
  }

  compoundCoverage(compound: string, judged: Judged, signal?: AbortSignal): Promise<Coverage> {
    return this.get('coverage', { compound, ...judgedQuery(judged) }, signal);
  }

  bands(
    place: Place,
    form: 'discs' | 'rings',
    minutes: number[],
    profile: string,
    signal?: AbortSignal,
  ): Promise<Bands> {
    const query = { ...placeQuery(place), minutes: minutes.join(','), profile, form };
    return this.get('isochrones', query, signal);
  }

  reach(place: Place, minutes: number, profile: string, signal?: AbortSignal): Promise<Reach> {
    return this.get('reach', { ...placeQuery(place), minutes: `${minutes}`, profile }, signal);
  }
}
