/** Attributes `data-…` of the document element: the state of the page for styles and tests (`README.md` lists them). */
export const marks = document.documentElement.dataset;

export const element = (id: string): HTMLElement => document.getElementById(id)!;
