import type { Feature, FeatureCollection, Geometry, Point } from 'geojson';
import type { components } from './schema';

/** The types of the API's description; `schema.ts` is generated from it (`npm run api`). */
type Schemas = components['schemas'];

export type Settings = Schemas['Settings'];
export type Profile = Schemas['ProfileOffer'];
export type Group = Schemas['CategoryGroup'];
export type Category = Schemas['CategoryOffer'];
export type Level = Schemas['LevelOffer'];
export type RuleSet = Schemas['RuleSet'];
export type RuleLine = Schemas['RuleLine'];
export type Mark = Schemas['RuleMark'];

/** Empty where the rule set does not ask. */
export type Verdict = Schemas['Verdict'] | '';

/** With the number of facilities per band: `count_5min` and so on. */
export type CoverageEntry = Schemas['CoverageEntry'] & {
  [count: `count_${number}min`]: number;
};
export type CoverageProperties = Omit<Schemas['CompoundCoverageProperties'], 'coverage'> & {
  coverage: Record<string, CoverageEntry | undefined>;
};
export type CoverageFeature = Feature<Geometry, CoverageProperties>;
export type Coverage = FeatureCollection<Geometry, CoverageProperties>;

export type CompoundProperties = Schemas['CompoundProperties'];
export type CompoundFeature = Feature<Geometry, CompoundProperties>;
export type Compounds = FeatureCollection<Geometry, CompoundProperties>;
export type GateProperties = Schemas['GateProperties'];
export type GateFeature = Feature<Point, GateProperties>;

/** One page of an OGC API collection. */
export interface Page<F> {
  features: F[];
  links: Schemas['Link'][];
}

export type Verdicts = Schemas['Verdicts'];
export type VerdictColumn = Schemas['VerdictLine'];
export type Source = Schemas['Completeness'];
export type Bring = Schemas['ListToBring'];
export type NameEntry = Schemas['CompoundName'];

export type UnitLine = Schemas['UnitLine'];
export type UnitProperties = Schemas['UnitCoverageProperties'];
export type UnitFeature = Feature<Geometry | null, UnitProperties>;
export type Units = FeatureCollection<Geometry | null, UnitProperties>;

export type Severity = Schemas['Severity'];
export type FindingProperties = Schemas['FindingProperties'];
export type Finding = Feature<Point | null, FindingProperties>;
export type Findings = FeatureCollection<Point | null, FindingProperties>;

export type Explained = Schemas['Explanation'];
export type Origin = Schemas['WalkOrigin'];
export type Gate = Schemas['OriginGate'];

export type BandProperties = Schemas['IsochroneProperties'];
export type Bands = FeatureCollection<Geometry, BandProperties> & { origin: Origin };

export type FacilityProperties = Schemas['ReachedFacilityProperties'];
export type Facility = Feature<Point, FacilityProperties>;
export type Reach = FeatureCollection<Point, FacilityProperties> & { origin: Origin };

/** The body of an error; `nearest` is there with status 410. */
export type Problem = Partial<Schemas['Problem']> & {
  nearest?: Pick<Schemas['NearestThing'], 'id'> | null;
};
