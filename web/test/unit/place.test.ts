import { describe, expect, it } from 'vitest';
import type { Bands, Facility } from '../../src/api-types';
import { summarise } from '../../src/coverage';
import { coreBox, rimLabel } from '../../src/geometry';
import { placeData, standings, type PlaceAnswer } from '../../src/place';
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
      direction_degrees: 0,
      gate_id: null,
    },
  };
}

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
  discs: squares(5, 10, 15),
  rings: squares(5, 10, 15),
  reach: {
    type: 'FeatureCollection',
    features: [facility('a', 'supermarket', 250), facility('b', 'fresh_market', 700)],
  },
  coverage: null,
  origin: { lon: 0, lat: 0, status: 'ok', gates: [] },
};

describe('standings', () => {
  const summary = summarise(...city(compound('甲', ['covered', 'gap', 'unknown'])), rules);

  it('judges a place by what it reaches', () => {
    const [shop, park, centre] = standings(answer, rules, [5, 10, 15], summary);
    expect(shop).toMatchObject({ verdict: 'covered', nearestId: 'a', seconds: 250 });
    expect(shop!.counts.map(({ count }) => count)).toEqual([1, 1, 2]);
    expect(park!.verdict).toBe('gap');
    expect(centre!.verdict).toBe('unknown');
  });

  it('asks for what the line asks for: minutes or metres of its own, and not what a point cannot tell', () => {
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

  it('calls nothing missing where the map holds too few of it, unless the map counts as complete', () => {
    const [, , centre] = standings(answer, rules, [15], summary);
    expect(centre).toMatchObject({ verdict: 'unknown', reason: 'source_incomplete' });
    expect(centre!.source).toMatchObject({ completeness: 0.1 });
    const asMapped = { ...summary, evidence: { ...summary.evidence, asMapped: true } };
    expect(standings(answer, rules, [15], asMapped)[2]!.verdict).toBe('gap');
    expect(standings(answer, rules, [15], null)[2]!.verdict).toBe('unknown');
  });

  it('says beside a line what does not meet it', () => {
    const lines = [{ ...rules.lines[1]!, beside: ['fresh_market'] }];
    const [park] = standings(answer, { ...rules, lines }, [15], summary);
    expect(park!.beside).toEqual({ category: 'fresh_market', name: null, seconds: 700 });
    const coverage = compound('甲', ['gap', 'covered', 'unknown']);
    Object.assign(coverage.properties.coverage.park!, { beside_name: '医院', beside_seconds: 480 });
    const [told] = standings({ ...answer, coverage }, { ...rules, lines }, [5], summary);
    expect(told!.beside).toEqual({ category: 'fresh_market', name: '医院', seconds: 480 });
  });

  it("takes the server's word for a compound", () => {
    const coverage = compound('甲', ['gap', 'covered', 'unknown']);
    const list = standings({ ...answer, coverage }, rules, [5], summary);
    expect(list.map(({ verdict }) => verdict)).toEqual(['gap', 'covered', 'unknown']);
  });
});

describe('placeData', () => {
  const data = placeData(answer, []);

  it('draws the widest band first and ranks the nearest lowest', () => {
    expect(data.discs.features.map(({ properties }) => properties?.index)).toEqual([2, 1, 0]);
  });

  it('labels neighbouring rims on opposite sides', () => {
    const latitudes = data['band-labels'].features.map(({ geometry }) =>
      geometry.type === 'Point' ? Math.sign(geometry.coordinates[1]!) : 0,
    );
    expect(latitudes).toEqual([1, -1, 1]);
  });

  it('marks the place itself where there are no gates', () => {
    expect(data.origin.features[0]?.properties).toEqual({ kind: 'origin' });
  });
});

describe('geometry', () => {
  it('has no label for a band without a shape', () => {
    const [band] = squares(5).features;
    expect(
      rimLabel({ ...band!, geometry: { type: 'Polygon', coordinates: [] } }, false),
    ).toBeNull();
  });

  it('leaves outliers out of the core', () => {
    const points = Array.from({ length: 101 }, (_, i): [number, number] => [i, i]);
    expect(coreBox(points, 0.05)).toEqual([5, 5, 95, 95]);
    expect(coreBox([], 0.05)).toBeNull();
  });
});
