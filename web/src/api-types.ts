import type { Feature, FeatureCollection, Geometry, Point } from 'geojson';

export interface Profile {
  id: string;
  zh: string;
  en: string;
  speed_kmh: number;
}

export interface Group {
  id: string;
  zh: string;
  color: string;
}

export interface Category {
  id: string;
  zh: string;
  short: string;
  en: string;
  group: string;
  /** Name of its pictogram. */
  icon: string;
  board: boolean;
  facilities: number;
}

/** How sure a figure is; all but `verified` are to be checked before they are quoted. */
export type Mark = 'verified' | 'secondary' | 'derived' | 'knowledge';

export interface RuleLine {
  id?: string;
  zh: string;
  en: string;
  /** Empty where the line is not measurable. */
  any_of: string[];
  tier?: string;
  /** Of these three one at most; none means the set's minutes. */
  minutes?: number;
  radius_metres?: number;
  one_per?: 'block' | 'community' | 'subdistrict';
  need?: 'must' | 'may' | 'basic' | 'quality';
  smallest_square_metres?: number;
  smallest_hectares?: number;
  department?: string;
  source?: string;
  confidence?: Mark;
  note?: string;
  measurable?: boolean;
  /** Categories that are said beside the line and do not meet it. */
  beside?: string[];
}

export interface RuleSet {
  id: string;
  zh: string;
  en: string;
  minutes: number;
  standard?: string;
  source?: string;
  confidence?: Mark;
  note?: string;
  lines: RuleLine[];
}

/** A level that results are added up to. */
export interface Level {
  id: string;
  zh: string;
  units: number;
}

export interface Settings {
  version: string;
  /** A note for every title, such as 演示数据. */
  label: string | null;
  data_date: string | null;
  bounds: [number, number, number, number];
  bands: number[];
  default_profile: string;
  default_rules: string;
  profiles: Profile[];
  groups: Group[];
  categories: Category[];
  rule_sets: RuleSet[];
  levels: Level[];
  /** Features of each collection. */
  counts: Record<string, number>;
  attribution: string;
  statement: string;
}

export type Verdict = 'covered' | 'gap' | 'unknown' | '';

export interface CoverageEntry {
  category: string;
  nearest_facility_id: string | null;
  nearest_facility_name: string | null;
  walk_seconds: number | null;
  walk_metres: number | null;
  /** Nothing where the rule set does not ask for it. */
  verdict: Verdict | null;
  reason: string | null;
  /** Known ÷ expected where the compound lies, at most 1; null where nobody knows what to expect. */
  completeness: number | null;
  known: number;
  expected: number | null;
  /** From the best and the worst of the gates that may be the true one. */
  seconds_best: number | null;
  seconds_worst: number | null;
  beside_name: string | null;
  beside_seconds: number | null;
  /** Counts per band, `count_5min` and so on. */
  [count: `count_${number}min`]: number;
}

export interface CoverageProperties {
  compound_id: string;
  compound_name: string;
  compound_name_en: string | null;
  generated_name: boolean;
  closed: boolean;
  gates: number;
  coverage: Record<string, CoverageEntry | undefined>;
}

export type CoverageFeature = Feature<Geometry, CoverageProperties>;
export type Coverage = FeatureCollection<Geometry, CoverageProperties>;

export interface CompoundProperties {
  id: string;
  name: string;
  name_en: string | null;
  generated_name: boolean;
  closed: boolean;
  gates: number;
  district: string | null;
  subdistrict: string | null;
  community: string | null;
  residents: number | null;
  residents_low?: number | null;
  residents_high?: number | null;
  population_from: string;
}

export type CompoundFeature = Feature<Geometry, CompoundProperties>;
export type Compounds = FeatureCollection<Geometry, CompoundProperties>;

export interface GateProperties {
  id: string;
  name: string | null;
  compound_id: string;
  locked: boolean;
}

export type GateFeature = Feature<Point, GateProperties>;

/** A page of an OGC API collection. */
export interface Page<F> {
  features: F[];
  links: { rel: string; href: string }[];
}

/** How many facilities there are known of those that are expected. */
export interface Source {
  /** Known ÷ expected, at most 1; null where nobody knows what to expect. */
  completeness: number | null;
  known: number;
  expected: number | null;
}

/** One line of the rule set; each list but `completeness` has an item for every compound, as `compound_ids` has them. */
export interface VerdictColumn {
  line: number;
  category: string;
  /** Complete enough in the whole city for a gap to be one. */
  has_source: boolean;
  /** By area. */
  completeness: Source[];
  /** `c` covered, `g` gap, `u` unknown. */
  verdicts: string;
  reasons: string[];
  nearest_facility_ids: (string | null)[];
  walk_seconds: (number | null)[];
  walk_metres: (number | null)[];
  /** From the worst of the gates that may be the true one. */
  seconds_worst: (number | null)[];
  beside?: { names: (string | null)[]; walk_seconds: (number | null)[] };
  /** Facilities within the last band. */
  counts: number[];
}

/** A line that a list of one's own would settle. */
export interface Bring {
  category: string;
  /** What the list should hold. */
  categories: string[];
  compounds: number;
  residents: number;
}

export interface Verdicts {
  compounds: number;
  /** The compound that each item of a list is of. */
  compound_ids: string[];
  minutes: number[];
  /** Judged as if the map were complete. */
  as_mapped: boolean;
  /** The completeness from which on a missing facility is a gap. */
  least_completeness: number;
  /** Where completeness is judged, the whole city first. */
  areas: { unit_id: string | null; name: string | null; residents: number | null }[];
  /** By compound. */
  area_of: number[];
  gates_guessed: boolean[];
  /** Of every category in the whole city. */
  categories: Record<string, Source | undefined>;
  /** What most people wait for first. */
  bring: Bring[];
  lines: VerdictColumn[];
  /** Names by key. */
  facilities: Record<string, string | null>;
}

export interface NameEntry {
  id: string;
  pinyin: string;
}

export interface UnitLine {
  category: string;
  line: string;
  has_source: boolean;
  /** Of the whole city; null for several lines together. */
  completeness: number | null;
  compounds_covered: number;
  compounds_gap: number;
  compounds_unknown: number;
  compounds_share_proven: number | null;
  compounds_share_possible: number | null;
  /** Only where hardly anything is unknown. */
  compounds_share: number | null;
  residents_gap: number | null;
  residents_gap_low?: number | null;
  residents_gap_high?: number | null;
  median_seconds: number | null;
  p90_seconds: number | null;
}

export interface UnitProperties {
  level: string;
  unit_id: string | null;
  unit_name: string;
  parent_name: string | null;
  partial: boolean;
  coverage: Record<string, UnitLine | undefined>;
}

export type UnitFeature = Feature<Geometry | null, UnitProperties>;
export type Units = FeatureCollection<Geometry | null, UnitProperties>;

export type Severity = 'error' | 'warning' | 'info';

export interface FindingProperties {
  severity: Severity;
  kind: string;
  id: string;
  name: string;
  message: string;
}

export type Finding = Feature<Point | null, FindingProperties>;
export type Findings = FeatureCollection<Point | null, FindingProperties>;

/** A walk, part by part. */
export type Explained = FeatureCollection<Geometry, { kind: string }> & {
  walk: { status: string; walk_seconds: number | null };
};

export interface Gate {
  id: string;
  lon: number;
  lat: number;
  name: string | null;
  provenance: string;
}

/** What a walk starts at: of a gate `gates` has that gate alone. */
export interface Origin {
  lon: number;
  lat: number;
  status: string;
  compound_id?: string;
  compound_name?: string;
  gates: Gate[];
}

export interface BandProperties {
  origin_id: string;
  minutes: number;
  from_minutes: number;
  profile: string;
  area_square_metres: number;
}

export type Bands = FeatureCollection<Geometry, BandProperties> & { origin?: Origin };

export interface FacilityProperties {
  id: string;
  name: string | null;
  name_en: string | null;
  category: string | null;
  categories: string[];
  group: string | null;
  band_minutes: number | null;
  walk_seconds: number;
  walk_metres: number;
  access_metres: number;
  direction_degrees: number;
  gate_id: string | null;
}

export type Facility = Feature<Point, FacilityProperties>;
export type Reach = FeatureCollection<Point, FacilityProperties> & { origin?: Origin };

export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  /** Of a key that is gone (410): what of its kind stands nearest to where it stood. */
  nearest?: { id: string };
}
