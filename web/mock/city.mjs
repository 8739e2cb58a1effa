import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';

const data = (name) => fileURLToPath(new URL(`../../data/${name}`, import.meta.url));
const catalogue = parse(readFileSync(data('categories.toml'), 'utf8'));
const board = parse(readFileSync(data('rules/board.toml'), 'utf8'));
const folder = process.env.MOCK_DATA ?? null;

let seed = 20240409;
function random() {
  seed = (seed * 1664525 + 1013904223) >>> 0;
  return seed / 2 ** 32;
}

const stems = ['荣耀', '松江', '红升', '会展', '东方', '明园', '悦山', '河畔', '龙江', '和兴'];
const ends = ['小区', '新城', '名都', '家园', '花园', '国际'];

function block(lon, lat) {
  const [w, h] = [0.0016 + random() * 0.002, 0.0012 + random() * 0.0014];
  const ring = [
    [lon - w, lat - h],
    [lon + w, lat - h],
    [lon + w, lat + h],
    [lon - w, lat + h],
    [lon - w, lat - h],
  ];
  return { type: 'Polygon', coordinates: [ring] };
}

function inventedCompounds() {
  const list = [];
  for (let row = 0; row < 20; row += 1) {
    for (let column = 0; column < 26; column += 1) {
      if (random() < 0.3) continue;
      const [lon, lat] = [126.54 + column * 0.0078, 45.69 + row * 0.0062];
      const name = stems[(row + column) % 10] + ends[(row * 3 + column) % 6] + (row + 1);
      list.push({ name: random() < 0.2 ? null : name, name_en: null, geometry: block(lon, lat) });
    }
  }
  list.push({
    name: '荣耀世纪小区',
    name_en: 'Rongyao Century',
    geometry: block(126.66, 45.742),
  });
  return list;
}

function storedCompounds(path) {
  return JSON.parse(readFileSync(path, 'utf8')).features.map(({ properties, geometry }) => ({
    name: properties.name,
    name_en: properties.name_en,
    geometry,
  }));
}

function centre(geometry) {
  const ring =
    geometry.type === 'MultiPolygon' ? geometry.coordinates[0][0] : geometry.coordinates[0];
  const mean = (axis) => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length;
  return { lon: mean(0), lat: mean(1) };
}

function compounds() {
  const path = folder && `${folder}/compounds.geojson`;
  const list = path && existsSync(path) ? storedCompounds(path) : inventedCompounds();
  return list.map((compound, index) => ({
    ...compound,
    ...centre(compound.geometry),
    id: `w${index + 1}`,
    generated: !compound.name,
    name: compound.name ?? `住宅 ${index + 1}`,
  }));
}

const unmapped = new Set(['party_service_center', 'community_office', 'subdistrict_office']);

function inventedFacilities() {
  const kinds = catalogue.category.filter((category) => !unmapped.has(category.id));
  return Array.from({ length: 1500 }, (_, index) => {
    const category = kinds[Math.floor(random() ** 1.6 * kinds.length)];
    const near = random() < 0.7;
    return {
      id: `n${index}`,
      name: random() < 0.8 ? `${stems[index % 10]}${category.short}` : null,
      name_en: null,
      category: category.id,
      lon: near ? 126.645 + (random() - 0.5) * 0.1 : 126.54 + random() * 0.2,
      lat: near ? 45.745 + (random() - 0.5) * 0.07 : 45.69 + random() * 0.12,
    };
  });
}

const tags = {
  supermarket: 'supermarket',
  convenience: 'convenience',
  greengrocer: 'fresh_supermarket',
  mall: 'supermarket',
  marketplace: 'fresh_market',
  school: 'school',
  kindergarten: 'kindergarten',
  hospital: 'hospital',
  clinic: 'clinic',
  pharmacy: 'pharmacy',
  park: 'park',
  bus_stop: 'bus_stop',
  bank: 'bank',
  restaurant: 'restaurant',
  fast_food: 'breakfast',
  cafe: 'cafe',
  library: 'library',
  toilets: 'toilet',
  parking: 'parking',
  police: 'police_station',
  post_office: 'post_office',
  hairdresser: 'hairdresser',
};

function storedFacilities(path) {
  return JSON.parse(readFileSync(path, 'utf8')).features.flatMap(
    ({ properties, geometry }, index) => {
      const { amenity, shop, leisure, highway } = properties;
      const category = tags[amenity] ?? tags[shop] ?? tags[leisure] ?? tags[highway];
      if (!category || geometry?.type !== 'Point') return [];
      const [lon, lat] = geometry.coordinates;
      return [
        { id: `n${index}`, name: properties.name, name_en: properties.name_en, category, lon, lat },
      ];
    },
  );
}

function facilities() {
  const path = folder && `${folder}/facilities.geojson`;
  const list = path && existsSync(path) ? storedFacilities(path) : inventedFacilities();
  const groups = new Map(catalogue.category.map(({ id, group }) => [id, group]));
  return list.map((facility) => ({ ...facility, group: groups.get(facility.category) }));
}

const allCompounds = compounds();
const allFacilities = facilities();
const { line, ...rules } = board;

export const city = {
  folder,
  compounds: allCompounds,
  facilities: allFacilities,
  lines: line,
  categories: catalogue.category,
  settings: {
    version: 'mock',
    data_date: '2024-04-09T17:37:50Z',
    bounds: [126.506, 45.658, 126.772, 45.831],
    bands: [5, 10, 15],
    default_profile: 'adult',
    default_rules: 'board',
    profiles: [
      { id: 'adult', zh: '成年人', en: 'Adult', speed_kmh: 4.5 },
      { id: 'elder', zh: '老年人', en: 'Older person', speed_kmh: 3.2 },
      { id: 'pram', zh: '推婴儿车', en: 'With a pram', speed_kmh: 3.8 },
    ],
    groups: catalogue.group,
    categories: catalogue.category.map(({ id, zh, short, en, group, board: onBoard }) => ({
      id,
      zh,
      short,
      en,
      group,
      board: onBoard,
      facilities: allFacilities.filter((facility) => facility.category === id).length,
    })),
    rule_sets: [{ ...rules, lines: line }],
    counts: {
      compounds: allCompounds.length,
      gates: allCompounds.length * 2,
      facilities: allFacilities.length,
      units: 0,
    },
    attribution: '© OpenStreetMap contributors (ODbL)',
    statement: '',
  },
};
