/** Addresses of the API, relative to the page. */

export type Query = Record<string, string | undefined>;

export function apiUrl(path: string, query: Query = {}): string {
  const url = new URL(`api/${path}`, document.baseURI);
  url.hash = '';
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, value);
  }
  return url.href;
}

/** The address on the page's own server: a proxy may stand between, so links may name another host. */
export function ownUrl(href: string): string {
  const { pathname, search } = new URL(href);
  const path = pathname.slice(pathname.lastIndexOf('/api/') + '/api/'.length);
  return apiUrl(path) + search;
}

export type BoardFormat = 'pdf' | 'svg' | 'png';

export function boardUrl(compound: string, format: BoardFormat, query: Query): string {
  return apiUrl(`boards/${encodeURIComponent(compound)}.${format}`, query);
}

/** Placeholders `{z}`, `{x}` and `{y}` are not percent-encoded. */
export function tilesUrl(edition: string | null): string {
  const url = apiUrl('tiles/{z}/{x}/{y}', { edition: edition ?? undefined });
  return url.replaceAll('%7B', '{').replaceAll('%7D', '}');
}

/** The rule set, profile, bands and basis that verdicts are computed with. */
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
