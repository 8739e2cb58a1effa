/** Names and words of a facility in reach. */
import type { Category, Facility, Settings } from '../../api/types';
import type { Words } from '../../city/words';
import { named, placeName } from '../../i18n';
import { fill, metres, minutesUp, number } from '../../i18n/format';

/** Id of the facility's row. */
export function facilityId(id: string): string {
  return `facility-${id}`;
}

export function categoryOf({ properties }: Facility, settings: Settings): Category | undefined {
  return settings.categories.find(({ id }) => id === properties.category);
}

export function facilityTitle(
  facility: Facility,
  settings: Settings,
  { lang, text }: Words,
): string {
  const { name, name_en } = facility.properties;
  const category = categoryOf(facility, settings);
  return (
    placeName(name, name_en, lang) ?? (category ? named(category, lang) : text.unnamedFacility)
  );
}

/** Minutes and metres of the walk to it. */
export function walkWords({ properties }: Facility, { lang, text }: Words): string {
  return fill(text.walk, {
    min: number(minutesUp(properties.walk_seconds), lang),
    m: metres(properties.walk_metres, lang),
  });
}
