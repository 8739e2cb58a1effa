import { facilityTitle, walkWords } from '../modes/place/facility';
import { describeCompound, describeFinding, describeUnit } from '../modes/planner/describe';
import type { Target, TipWords } from '../map/pointer';
import type { Model } from '../store/model.svelte';

/** The tooltip of a target; `null` if it is not loaded. */
export function describe({ kind, id }: Target, model: Model): TipWords | null {
  const { summary, line, compounds, settings } = model;
  if (kind === 'finding') return describeFinding(model.finding(id), model);
  if (kind === 'unit') return describeUnit(model.unit(id), model);
  if (kind === 'compound') {
    return summary && describeCompound(compounds.get(id), summary, line, model);
  }
  const facility = model.facility(id);
  if (!facility || !settings) return null;
  return { title: facilityTitle(facility, settings, model), body: walkWords(facility, model) };
}
