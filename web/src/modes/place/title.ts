/** The names of a place. */
import type { Place } from '../../base/place';
import type { CompoundSummary } from '../../city/summary';
import type { Words } from '../../city/words';
import { placeName } from '../../i18n';
import { fill } from '../../i18n/format';
import type { PlaceAnswer } from '../../place/answer';

/** `summary` is of the place's compound; `null` before the city is loaded. */
export function placeTitle(
  place: Place,
  answer: PlaceAnswer | null,
  summary: CompoundSummary | null,
  { lang, text }: Words,
): string {
  if (place.kind === 'gate') {
    const gate = answer?.origin?.gates[0]?.name ?? text.gate;
    const compound = summary?.generatedName
      ? text.unnamed
      : placeName(
          summary?.name ?? answer?.origin?.compound_name ?? null,
          summary?.nameEn ?? null,
          lang,
        );
    return compound ? fill(text.gateOf, { compound, gate }) : gate;
  }
  const compound = answer?.coverage?.properties;
  if (compound?.generated_name) return text.unnamed;
  if (compound) {
    return placeName(compound.compound_name, compound.compound_name_en, lang) ?? text.unnamed;
  }
  if (place.kind === 'point') return text.point;
  return answer?.origin?.compound_name || '…';
}

/** Coordinates, the other name, gates and remarks. */
export function placeSubtitle(
  place: Place,
  answer: PlaceAnswer | null,
  title: string,
  { lang, text }: Words,
): string {
  const parts: string[] = [];
  if (place.kind === 'point') parts.push(`${place.lon.toFixed(5)}, ${place.lat.toFixed(5)}`);
  const compound = answer?.coverage?.properties;
  const other = lang === 'en' ? compound?.compound_name : compound?.compound_name_en;
  if (compound && !compound.generated_name && other && other !== title) parts.push(other);
  const gates = answer?.origin?.gates ?? [];
  if (place.kind === 'compound' && gates.length > 0) parts.push(text.gates(gates.length));
  if (place.kind === 'gate' && answer) parts.push(text.oneGate);
  if (gates.length > 0 && gates.every((gate) => gate.provenance === 'inferred')) {
    parts.push(text.gatesAssumed);
  }
  if (compound?.closed) parts.push(text.closedCompound);
  return parts.join(' · ');
}
