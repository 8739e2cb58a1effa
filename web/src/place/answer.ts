import type { Bands, CoverageFeature, Facility, Origin, Reach } from '../api/types';

/** All answers on one place. */
export interface PlaceAnswer {
  /** One disc per band. */
  bands: Bands;
  reach: Reach;
  /** `null` unless the place is a compound. */
  coverage: CoverageFeature | null;
  origin: Origin | null;
}

/** Group of facilities whose category has no group. */
export const otherGroup = 'other';

export function facilityGroup({ properties }: Facility): string {
  return properties.group ?? otherGroup;
}

export function isOffNetwork(origin: Origin | null): boolean {
  return origin !== null && origin.status !== 'ok';
}
