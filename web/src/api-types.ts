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

export interface Settings {
  version: string;
  data_date: string | null;
  bounds: [number, number, number, number];
  bands: number[];
  default_profile: string;
  default_rules: string;
  profiles: Profile[];
  groups: Group[];
  categories: Category[];
  rule_sets: RuleSet[];
  counts: { compounds: number; gates: number; facilities: number; units: number };
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
  verdict: Verdict;
  reason: string;
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

export interface Gate {
  id: string;
  lon: number;
  lat: number;
  name: string | null;
  provenance: string;
}

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
}
