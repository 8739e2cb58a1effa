import { city } from './city.mjs';

const latMetres = 111_195;
const lonMetres = latMetres * Math.cos((45.75 * Math.PI) / 180);
const detour = 1.3;

export function originOf(from) {
  const off = !from.id && from.lon < 126.52;
  const gate = (id, name, dx, dy) => ({
    id: `${from.id}-${id}`,
    lon: from.lon + dx,
    lat: from.lat + dy,
    name,
    provenance: 'inferred',
  });
  return {
    lon: from.lon,
    lat: from.lat,
    status: off ? 'off_network' : 'ok',
    ...(from.id && { compound_id: from.id, compound_name: from.name }),
    gates: from.id ? [gate('e', '东门', 0.001, 0), gate('s', '南门', 0, -0.0008)] : [],
  };
}

function circle({ lon, lat }, radius) {
  return Array.from({ length: 73 }, (_, step) => {
    const angle = -(step % 72) * (Math.PI / 36);
    const wobble = 1 + 0.1 * Math.sin(angle * 5) + 0.06 * Math.cos(angle * 11 + lon * 900);
    const reach = radius * wobble;
    return [
      lon + (reach * Math.sin(angle)) / lonMetres,
      lat + (reach * Math.cos(angle)) / latMetres,
    ];
  });
}

export function bandsAround(from, minutes, profile, speed, form = 'discs') {
  const origin = originOf(from);
  const radius = (minute) => ((speed / 3.6) * minute * 60) / detour;
  const features = minutes.map((minute, index) => {
    const inner = form === 'rings' && index > 0 ? minutes[index - 1] : 0;
    const hole = inner ? [circle(from, radius(inner)).reverse()] : [];
    return {
      type: 'Feature',
      geometry: { type: 'Polygon', coordinates: [circle(from, radius(minute)), ...hole] },
      properties: {
        origin_id: from.id ?? 'at',
        minutes: minute,
        from_minutes: inner,
        profile,
        area_square_metres: Math.PI * (radius(minute) ** 2 - (inner ? radius(inner) ** 2 : 0)),
      },
    };
  });
  return {
    type: 'FeatureCollection',
    features: origin.status === 'ok' ? features : [],
    origin,
  };
}

function walk(from, to, speed) {
  const dx = (to.lon - from.lon) * lonMetres;
  const dy = (to.lat - from.lat) * latMetres;
  const metres = Math.hypot(dx, dy) * detour;
  const direction = (Math.atan2(dx, dy) * 180) / Math.PI;
  return { metres, seconds: metres / (speed / 3.6), direction: (direction + 360) % 360 };
}

const tenth = (value) => Math.round(value * 10) / 10;

export function reachFrom(from, minutes, speed) {
  const features =
    originOf(from).status !== 'ok'
      ? []
      : city.facilities
          .map((facility) => ({ facility, ...walk(from, facility, speed) }))
          .filter(({ seconds }) => seconds <= minutes * 60)
          .sort((a, b) => a.seconds - b.seconds)
          .map(({ facility, metres, seconds, direction }) => ({
            type: 'Feature',
            geometry: { type: 'Point', coordinates: [facility.lon, facility.lat] },
            properties: {
              id: facility.id,
              name: facility.name,
              name_en: facility.name_en,
              category: facility.category,
              categories: [facility.category],
              group: facility.group,
              band_minutes: [5, 10, 15].find((band) => seconds <= band * 60) ?? minutes,
              walk_seconds: tenth(seconds),
              walk_metres: tenth(metres),
              access_metres: 0,
              direction_degrees: Math.round(direction),
              gate_id: null,
            },
          }));
  return { type: 'FeatureCollection', features };
}

function entry(from, categories, name, minutes, speed, judged) {
  const facilities = city.facilities.filter(({ category }) => categories.includes(category));
  const walks = facilities
    .map((facility) => ({ facility, ...walk(from, facility, speed) }))
    .sort((a, b) => a.seconds - b.seconds);
  const nearest = walks[0];
  const counts = minutes.map((band) => [
    `count_${band}min`,
    walks.filter(({ seconds }) => seconds <= band * 60).length,
  ]);
  const within = nearest && nearest.seconds <= 900;
  return {
    category: name,
    tier: '',
    nearest_facility_id: nearest?.facility.id ?? null,
    nearest_facility_name: nearest?.facility.name ?? null,
    gate_id: null,
    walk_seconds: nearest ? tenth(nearest.seconds) : null,
    walk_metres: nearest ? tenth(nearest.metres) : null,
    ...Object.fromEntries(counts),
    verdict: !judged ? '' : !nearest ? 'unknown' : within ? 'covered' : 'gap',
    reason: nearest || !judged ? '' : '数据中没有这一类设施',
  };
}

export function coverageOf(compounds, minutes, speed, all) {
  const features = compounds.map((compound) => {
    const lines = city.lines.map(({ zh, any_of }) => [
      zh,
      entry(compound, any_of, zh, minutes, speed, true),
    ]);
    const rest = all
      ? city.categories.map(({ id }) => [id, entry(compound, [id], id, minutes, speed, false)])
      : [];
    return {
      type: 'Feature',
      geometry: compound.geometry,
      properties: {
        compound_id: compound.id,
        compound_name: compound.name,
        compound_name_en: compound.name_en,
        generated_name: compound.generated,
        closed: true,
        gates: 2,
        coverage: Object.fromEntries([...rest, ...lines]),
      },
    };
  });
  return { type: 'FeatureCollection', features };
}
