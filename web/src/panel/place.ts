import type { RuleSet } from '../api/types';
import { h, svg, type Child } from '../base/dom';
import { compoundOf, type Place } from '../base/place';
import type { Evidence } from '../city/evidence';
import type { CompoundSummary } from '../city/summary';
import { lineNames } from '../city/words';
import { fill, hectaresOrKm2, number } from '../i18n/format';
import { named, placeName, sentence } from '../i18n';
import { isOffNetwork, type PlaceAnswer } from '../place/answer';
import type { LineStanding } from '../place/standing';
import { boardView } from './board';
import { facilityList, type FacilityContext } from './facilities';
import { noticeView } from './notice';
import { categoryTable, standingList } from './standing';

export interface PlaceContext extends Omit<FacilityContext, 'facilities'> {
  place: Place;
  rules: RuleSet;
  bands: number[];
  /** `null` before the city's verdicts are loaded. */
  evidence: Evidence | null;
  /** The place's compound; `null` before the city is loaded. */
  compound: CompoundSummary | null;
  close: () => void;
  openCompound: (id: string) => void;
}

export function placeTitle(
  place: Place,
  answer: PlaceAnswer | null,
  { compound: summary, lang, text }: Pick<PlaceContext, 'compound' | 'lang' | 'text'>,
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

function subtitle(answer: PlaceAnswer | null, context: PlaceContext): string {
  const { place, lang, text } = context;
  const parts: string[] = [];
  if (place.kind === 'point') {
    parts.push(`${place.lon.toFixed(5)}, ${place.lat.toFixed(5)}`);
  }
  const compound = answer?.coverage?.properties;
  const other = lang === 'en' ? compound?.compound_name : compound?.compound_name_en;
  if (compound && !compound.generated_name && other && other !== placeTitle(place, answer, context))
    parts.push(other);
  const gates = answer?.origin?.gates ?? [];
  if (place.kind === 'compound' && gates.length > 0) parts.push(text.gates(gates.length));
  if (place.kind === 'gate' && answer) parts.push(text.oneGate);
  if (gates.length > 0 && gates.every((gate) => gate.provenance === 'inferred')) {
    parts.push(text.gatesAssumed);
  }
  if (compound?.closed) parts.push(text.closedCompound);
  return parts.join(' · ');
}

export function placeHead(answer: PlaceAnswer | null, context: PlaceContext): HTMLElement {
  const { place, text, close, openCompound } = context;
  const compound = place.kind === 'gate' ? place.compound : undefined;
  const icon = (path: string): SVGSVGElement => svg('0 0 24 24', [path], { class: 'icon' });
  return h(
    'div',
    { class: 'place-head' },
    h(
      'div',
      { class: 'place-bar' },
      h(
        'button',
        { type: 'button', class: 'link', id: 'back', onclick: close },
        icon('M15 5l-7 7 7 7'),
        text.back,
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'icon-button',
          id: 'close',
          'aria-label': text.close,
          onclick: close,
        },
        icon('M6 6l12 12M18 6 6 18'),
      ),
    ),
    h('h2', { class: 'place-title', tabindex: -1 }, placeTitle(place, answer, context)),
    h('p', { class: 'place-sub quiet' }, subtitle(answer, context)),
    compound !== undefined &&
      h(
        'button',
        {
          type: 'button',
          class: 'link',
          id: 'all-gates',
          'data-compound': compound,
          onclick: () => openCompound(compound),
        },
        text.allGates,
      ),
  );
}

/** Maximum number of missing lines that the sentence names; with more, it gives their number. */
const namedLines = 5;

function placeSentence(list: LineStanding[], answer: PlaceAnswer, context: PlaceContext): Node[] {
  const { lang, text, minutes } = context;
  const total = answer.reach.features.length;
  const missing = list.filter((item) => item.verdict === 'gap').map((item) => item.line);
  if (total === 0) return sentence(text.placeNone, { minutes: `${minutes}` });
  const named = missing.length <= namedLines;
  const lacks = missing.length === 0 ? '' : named ? text.placeLacks : text.placeLacksMany;
  return sentence(text.placeSentence + lacks + text.end, {
    minutes: `${minutes}`,
    n: h('b', { class: 'hero good' }, number(total, lang)),
    lines: h('b', { class: 'gap-words' }, lineNames(missing, lang, text)),
    count: h('b', { class: 'gap-words' }, number(missing.length, lang)),
  });
}

function bandCards(answer: PlaceAnswer, { lang, text }: PlaceContext): HTMLElement {
  const discs = [...answer.bands.features].sort(
    (a, b) => a.properties.minutes - b.properties.minutes,
  );
  const cards = discs.map(({ properties: { minutes, area_square_metres } }, index) => {
    const area = hectaresOrKm2(area_square_metres, lang);
    const count = answer.reach.features.filter(
      ({ properties }) => properties.walk_seconds <= minutes * 60,
    ).length;
    const card = h(
      'li',
      { class: 'band', 'data-minutes': minutes, 'data-area': area_square_metres },
      h(
        'span',
        { class: 'band-minutes' },
        `${minutes}`,
        h('span', { class: 'unit' }, ` ${text.minutes}`),
      ),
      h('span', { class: 'band-count' }, text.places(count)),
      h('span', { class: 'band-area quiet' }, `${area.value} ${text[area.unit]}`),
    );
    card.style.setProperty('--band', `var(--band-colours-${Math.min(index, 2)})`);
    return card;
  });
  return h('ul', { class: 'bands', 'aria-label': text.bands }, ...cards);
}

export function placeView(
  answer: PlaceAnswer,
  list: LineStanding[],
  context: PlaceContext,
): Child[] {
  const { settings, rules, bands, evidence, lang, text, minutes } = context;
  if (isOffNetwork(answer.origin)) {
    return [noticeView({ title: text.offNetwork, what: text.offNetworkWhat })];
  }
  const standingContext = { settings, evidence, minutes: rules.minutes, lang, text };
  const compound = compoundOf(context.place);
  return [
    h('p', { class: 'answer-sentence', id: 'answer' }, ...placeSentence(list, answer, context)),
    bandCards(answer, context),
    standingList(list, named(rules, lang), standingContext),
    answer.coverage && categoryTable(answer.coverage, bands, standingContext),
    compound !== null && boardView({ compound, origin: answer.origin, text }),
    facilityList({ ...context, facilities: answer.reach.features, minutes }),
  ];
}
