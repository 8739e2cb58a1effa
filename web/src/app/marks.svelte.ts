import type { Model } from '../store/model.svelte';

/** Attributes `data-…` of the document element: the state of the page for styles and tests (`README.md` lists them). */
export const marks = document.documentElement.dataset;

function setMark(name: string, value: string | null): void {
  if (value === null) delete marks[name];
  else marks[name] = value;
}

/** Keeps the marks equal to the model's state; called while a component is created. */
export function writeMarks(model: Model): void {
  const values: Record<string, () => string | null> = {
    view: () => model.screen,
    ready: () => String(model.isReady),
    drawer: () => String(model.state.table !== null),
    table: () => (model.state.table === null ? null : model.tableWaits ? 'loading' : 'ready'),
    walk: () => model.walk?.facility ?? null,
    names: () => (model.pinyin ? 'true' : null),
    edition: () => model.edition,
    news: () => model.editions.newsMark,
    asMapped: () => String(model.state.asMapped),
    sheet: () => model.sheet,
  };
  for (const [name, value] of Object.entries(values)) $effect(() => setMark(name, value()));
}
