import { formatHash } from '../state/link';
import type { ViewState } from '../state/view';

/** Writes the view into the address; `push` adds an entry to the history. */
export function writeAddress(state: ViewState, push: boolean): void {
  const hash = formatHash(state);
  if (hash === location.hash) return;
  if (push) history.pushState(null, '', hash);
  else history.replaceState(null, '', hash);
}
