import type { SheetStop } from '../store/model.svelte';

export const stops: SheetStop[] = ['peek', 'half', 'full'];

const peekPixels = 132;

/** The height of the sheet at a stop in pixels. */
export function sheetHeight(stop: SheetStop): number {
  const share = { peek: 0, half: 0.5, full: 0.9 }[stop];
  return share === 0 ? peekPixels : Math.round(window.innerHeight * share);
}

/** The stop that is nearest to a share of the window's height. */
export function stopAt(share: number): SheetStop {
  return share < 0.3 ? 'peek' : share < 0.7 ? 'half' : 'full';
}
