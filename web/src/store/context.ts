import { createContext } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import type { Actions } from './actions';
import type { Focus, Model } from './model.svelte';

export interface Store {
  model: Model;
  actions: Actions;
}

/** The store of the page, for every component below `App`. */
export const [useStore, provideStore] = createContext<Store>();

/** Gives the element the keyboard focus when an action asks for it. */
export function focusable(model: Model, name: Focus): Attachment<HTMLElement> {
  return (element) => {
    if (model.focus !== name) return;
    model.focus = null;
    element.focus({ preventScroll: true });
  };
}
