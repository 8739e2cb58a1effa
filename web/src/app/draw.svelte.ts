/** Draws the model on the map: one effect for each thing that the map shows. */
import { untrack } from 'svelte';
import { boxOf, type Box } from '../base/geometry';
import { compoundOf } from '../base/place';
import { compoundFeatures, findingFeatures, unitFeatures } from '../map/city-data';
import { placeData } from '../map/place-data';
import type { Target, Tip } from '../map/pointer';
import type { MapView } from '../map/view';
import type { Goal, Model } from '../store/model.svelte';
import { describe } from './describe';
import { marks } from './marks.svelte';

/** What the compounds' colours are computed from. */
export function colourInputs({ city, summary, line, state }: Model): unknown[] {
  return [city, summary, line, state.colour];
}

/** What texts and paint of the map are computed from. */
export function styleInputs({ theme, lang, text }: Model): unknown[] {
  return [theme, lang, text];
}

/** The inputs that the map was created with. */
export interface Created {
  colours: unknown[];
  style: unknown[];
}

/** `view` has loaded its style. Runs within an effect, which ends the drawing. */
export function draw(model: Model, view: MapView, tip: Tip, created: Created): void {
  let { colours, style } = created;
  /** The map becomes idle again when it has drawn the change. */
  const moving = (): void => {
    marks.map = 'moving';
  };

  $effect(() => {
    const { theme, lang, text } = model;
    const inputs = styleInputs(model);
    if (same(inputs, style)) return;
    style = inputs;
    moving();
    view.restyle(theme, lang, text);
    // The fresh style shows what the table and the place hide.
    untrack(() => showCompounds());
  });

  $effect(() => {
    const { city, summary, line, state } = model;
    const inputs = colourInputs(model);
    if (!city || !summary || same(inputs, colours)) return;
    colours = inputs;
    moving();
    view.setCompounds(compoundFeatures(city, summary, line, state.colour));
  });

  $effect(() => {
    const { drawnUnits: units, state } = model;
    const { colour } = state;
    moving();
    view.setUnits(units && unitFeatures(units, colour));
  });

  $effect(() => {
    const { drawnFindings: findings } = model;
    moving();
    view.setFindings(findings && findingFeatures(findings));
  });

  function showCompounds(): void {
    view.showCompounds(!model.showsPlace && model.drawnUnits === null);
  }
  $effect(showCompounds);

  $effect(() => {
    const { markKind: kind, state } = model;
    view.mark(kind, kind ? (state.mark ?? '') : '');
  });

  const compound = $derived(model.state.place && compoundOf(model.state.place));
  $effect(() => {
    const { answer, settings } = model;
    view.setPlace(answer && placeData(answer, settings?.categories ?? []), compound);
  });

  $effect(() => view.setGroup(model.state.group));

  $effect(() => {
    view.highlight(model.lit);
    view.setWalk(model.walk?.answer ?? null);
  });

  $effect(() => {
    const { tip: shown } = model;
    const words = shown && describe(shown.target, model);
    if (words) tip.show(shown.at, words);
    else tip.hide();
  });

  $effect(() => {
    const { goal, answer } = model;
    if (!goal || (goal.kind === 'place' && !answer)) return;
    untrack(() => reach(goal));
    model.goal = null;
  });

  function reach(goal: Goal): void {
    if (goal.kind === 'camera') {
      const { lon, lat, zoom } = goal.camera;
      view.map.jumpTo({ center: [lon, lat], zoom });
    } else if (goal.kind === 'location') {
      view.show(goal.lon, goal.lat);
    } else if (goal.kind === 'target') {
      showTarget(goal.target);
    } else if (goal.kind === 'city') {
      const { cityBox } = model;
      if (cityBox && goal.atOnce) view.fitAtOnce(cityBox);
      else if (cityBox) view.fit(cityBox);
    } else {
      const box = boxOf(model.answer?.bands.features.map((disc) => disc.geometry) ?? []);
      if (box) view.fit(box);
    }
  }

  /** Moves the map to a row's target, with its tooltip. */
  function showTarget(target: Target): void {
    const { kind } = target;
    const box = boxOfTarget(target, model);
    if (!box) return;
    const [lon, lat] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    if (kind === 'unit') view.fit(box, 14);
    else view.show(lon, lat, kind === 'finding' ? 15 : 14);
    model.tip = { target, at: [lon, lat] };
  }
}

function boxOfTarget({ kind, id }: Target, model: Model): Box | null {
  const centre = kind === 'compound' ? model.compounds.get(id)?.centre : null;
  if (centre) return [...centre, ...centre];
  const thing = kind === 'unit' ? model.unit(id) : kind === 'finding' ? model.finding(id) : null;
  return thing?.geometry ? boxOf([thing.geometry]) : null;
}

const same = (one: unknown[], other: unknown[]): boolean =>
  one.every((part, at) => part === other[at]);
