import type {
  CompoundProperties,
  Compounds,
  CoverageEntry,
  CoverageFeature,
  RuleLine,
  RuleSet,
  Source,
  Verdict,
  VerdictColumn,
  Verdicts,
} from '../../src/api/types';

const line = (zh: string, en: string, ...any_of: string[]): RuleLine => ({
  zh,
  en,
  any_of,
  source: '',
  confidence: 'verified',
  measurable: true,
});

export const rules: RuleSet = {
  id: 'board',
  zh: '三类',
  en: 'Three',
  minutes: 15,
  standard: '',
  source: '',
  confidence: 'verified',
  note: '',
  lines: [
    line('超市', 'Shop', 'supermarket', 'fresh_market'),
    line('公园', 'Park', 'park'),
    line('党群服务中心', 'Service centre', 'party_service_center'),
  ],
};

/** `known` of ten expected. */
export const holding = (known: number): Source => ({
  completeness: known / 10,
  known,
  expected: 10,
});

export function entry(verdict: Verdict, seconds: number | null = null): CoverageEntry {
  return {
    ...holding(verdict === 'unknown' ? 1 : 8),
    seconds_best: seconds,
    seconds_worst: seconds,
    beside_name: null,
    beside_seconds: null,
    category: '',
    nearest_facility_id: seconds === null ? null : 'f',
    nearest_facility_name: null,
    walk_seconds: seconds,
    walk_metres: seconds,
    verdict: verdict || null,
    reason: verdict === 'unknown' ? 'source_incomplete' : null,
    count_5min: 0,
    count_10min: 1,
    count_15min: 2,
  } as unknown as CoverageEntry;
}

/** A compound with verdicts on 超市, 公园 and 党群服务中心. */
export function compound(
  id: string,
  verdicts: [Verdict, Verdict, Verdict],
  more: Partial<CoverageFeature['properties']> = {},
): CoverageFeature {
  const seconds = (verdict: Verdict): number | null =>
    verdict === 'covered' ? 300 : verdict === 'gap' ? 1200 : null;
  const [shop, park, centre] = verdicts;
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [126.6, 45.7] },
    properties: {
      compound_id: id,
      compound_name: id,
      compound_name_en: null,
      generated_name: false,
      closed: false,
      gates: 1,
      coverage: {
        超市: entry(shop, seconds(shop)),
        park: entry(park, seconds(park)),
        党群服务中心: entry(centre, seconds(centre)),
      },
      ...more,
    },
  };
}

/** The server's answers on some compounds: their shapes, and the verdicts by column. */
export function city(...features: CoverageFeature[]): [Compounds, Verdicts] {
  const letters: Record<string, string> = { covered: 'c', gap: 'g', unknown: 'u' };
  const column = (category: string, line: number): VerdictColumn => {
    const entries = features.map(({ properties }) => properties.coverage[category]!);
    return {
      line,
      category,
      has_source: !entries.some(({ verdict }) => verdict === 'unknown'),
      completeness: [holding(entries.some(({ verdict }) => verdict === 'unknown') ? 1 : 8)],
      verdicts: entries.map(({ verdict }) => letters[verdict ?? '']).join(''),
      reasons: entries.map(({ reason }) => reason ?? ''),
      nearest_facility_ids: entries.map(({ walk_seconds }) =>
        walk_seconds === null ? null : 'n7',
      ),
      walk_seconds: entries.map(({ walk_seconds }) => walk_seconds),
      walk_metres: entries.map(({ walk_metres }) => walk_metres),
      seconds_worst: entries.map(({ seconds_worst }) => seconds_worst),
      counts: entries.map(() => 2),
    };
  };
  const compounds: Compounds = {
    type: 'FeatureCollection',
    features: features.map(({ geometry, properties }) => ({
      type: 'Feature',
      geometry,
      properties: {
        id: properties.compound_id,
        name: properties.compound_name,
        name_en: properties.compound_name_en,
        generated_name: properties.generated_name,
        closed: properties.closed,
        gates: properties.gates,
        district: null,
        subdistrict: null,
        community: null,
        residents: null,
        population_from: 'unknown',
      } as Partial<CompoundProperties> as CompoundProperties,
    })),
  };
  const lines = ['超市', 'park', '党群服务中心'].map(column);
  return [
    compounds,
    {
      edition: 'e',
      statement: {} as Verdicts['statement'],
      compounds: features.length,
      compound_ids: features.map(({ properties }) => properties.compound_id),
      minutes: [5, 10, 15],
      as_mapped: false,
      least_completeness: 0.5,
      areas: [{ unit_id: null, name: null, residents: 100_000 }],
      area_of: features.map(() => 0),
      gates_guessed: features.map(() => false),
      categories: { park: holding(8) },
      bring: [],
      lines,
      facilities: { n7: '七号店' },
    },
  ];
}
