import { describe, expect, it } from 'vitest';
import type { Bands, Facility, Origin } from '../../src/api/types';
import { summarise } from '../../src/city/summary';
import { coreBox } from '../../src/base/geometry';
import { placeData, rimLabel } from '../../src/map/place-data';
import type { PlaceAnswer } from '../../src/place/answer';
import { standings } from '../../src/place/standing';
import { city, compound, rules } from './fixtures';

function facility(id: string, category: string, seconds: number): Facility {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [126.6, 45.7] },
    properties: {
      id,
      name: null,
      name_en: null,
      category,
      categories: [category],
      group: null,
      band_minutes: 15,
      walk_seconds: seconds,
      walk_metres: seconds,
      access_metres: 0,
      through_buildings: false,
      direction_degrees: 0,
      gate_id: null,
    },
  };
}

const origin: Origin = { lon: 0, lat: 0, status: 'ok', through_buildings: false, gates: [] };

function squares(...minutes: number[]): Bands {
  const ring = (m: number): number[][] => [
    [-m, -m],
    [m, -m],
    [m, m],
    [-m, m],
    [-m, -m],
  ];
  return {
    type: 'FeatureCollection',
    origin,
    features: minutes.map((m) => ({
      type: 'Feature',
      geometry: { type: 'Polygon', coordinates: [ring(m)] },
      properties: {
        origin_id: '1',
        minutes: m,
        from_minutes: 0,
        profile: 'adult',
        area_square_metres: 4 * m * m,
      },
    })),
  };
}

const answer: PlaceAnswer = {
  bands: squares(5, 10, 15),
  reach: {
    type: 'FeatureCollection',
    origin,
    features: [facility('a', 'supermarket', 250), facility('b', 'fresh_market', 700)],
  },
  coverage: null,
  origin,
};

describe('standings', () => {
  const summary = summarise(...city(compound('甲', ['covered', 'gap', 'unknown'])), rules);

  it('a_point_is_judged_by_its_reach', () => {
    const [shop, park, centre] = standings(answer, rules, [5, 10, 15], summary);
    expect(shop).toMatchObject({ verdict: 'covered', nearestId: 'a', seconds: 250 });
    expect(shop!.counts.map(({ count }) => count)).toEqual([1, 1, 2]);
    expect(park!.verdict).toBe('gap');
    expect(centre!.verdict).toBe('unknown');
  });

  it('a_lines_own_minutes_or_metres_apply_and_other_measures_are_unknown', () => {
    const [line] = rules.lines;
    const lines = [
      { ...line!, minutes: 4 },
      { ...line!, minutes: 5 },
      { ...line!, radius_metres: 200 },
      { ...line!, radius_metres: 300 },
      { ...line!, one_per: 'block' as const },
    ];
    const own = { ...rules, lines };
    const known = { ...summary, lines: lines.map((it) => ({ ...summary.lines[1]!, line: it })) };
    const verdicts = standings(answer, own, [5], known).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['gap', 'covered', 'gap', 'covered', 'unknown']);
  });

  it('incomplete_data_proves_no_gap_unless_judged_as_mapped', () => {
    const [, , centre] = standings(answer, rules, [15], summary);
    expect(centre).toMatchObject({ verdict: 'unknown', reason: 'source_incomplete' });
    expect(centre!.source).toMatchObject({ completeness: 0.1 });
    const asMapped = { ...summary, evidence: { ...summary.evidence, asMapped: true } };
    expect(standings(answer, rules, [15], asMapped)[2]!.verdict).toBe('gap');
    expect(standings(answer, rules, [15], null)[2]!.verdict).toBe('unknown');
  });

  it('the_nearest_beside_a_line_is_listed', () => {
    const lines = [{ ...rules.lines[1]!, beside: ['fresh_market'] }];
    const [park] = standings(answer, { ...rules, lines }, [15], summary);
    expect(park!.beside).toEqual({ category: 'fresh_market', name: null, seconds: 700 });
    const coverage = compound('甲', ['gap', 'covered', 'unknown']);
    Object.assign(coverage.properties.coverage.park!, { beside_name: '医院', beside_seconds: 480 });
    const [judged] = standings({ ...answer, coverage }, { ...rules, lines }, [5], summary);
    expect(judged!.beside).toEqual({ category: 'fresh_market', name: '医院', seconds: 480 });
  });

  it('a_compound_has_the_servers_verdicts', () => {
    const coverage = compound('甲', ['gap', 'covered', 'unknown']);
    const list = standings({ ...answer, coverage }, rules, [5], summary);
    expect(list.map(({ verdict }) => verdict)).toEqual(['gap', 'covered', 'unknown']);
  });
});

describe('placeData', () => {
  const data = placeData(answer, []);

  it('the_widest_band_is_drawn_first_and_the_shortest_ranks_lowest', () => {
    expect(data.discs.features.map(({ properties }) => properties?.index)).toEqual([2, 1, 0]);
  });

  it('neighbouring_rims_are_labelled_on_opposite_sides', () => {
    const latitudes = data['band-labels'].features.map(({ geometry }) =>
      geometry.type === 'Point' ? Math.sign(geometry.coordinates[1]!) : 0,
    );
    expect(latitudes).toEqual([1, -1, 1]);
  });

  it('the_origin_is_marked_if_there_are_no_gates', () => {
    expect(data.origin.features[0]?.properties).toEqual({ kind: 'origin' });
  });
});

describe('geometry', () => {
  it('a_band_without_a_shape_has_no_label', () => {
    const [band] = squares(5).features;
    const ranked = { ...band!, properties: { ...band!.properties, index: 0 } };
    expect(rimLabel({ ...ranked, geometry: { type: 'Polygon', coordinates: [] } })).toBeNull();
  });

  it('the_core_excludes_outliers', () => {
    const points = Array.from({ length: 101 }, (_, i): [number, number] => [i, i]);
    expect(coreBox(points, 0.05)).toEqual([5, 5, 95, 95]);
    expect(coreBox([], 0.05)).toBeNull();
  });
});
