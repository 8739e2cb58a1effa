import { isPhone } from '../base/screen';
import { sheetHeight } from '../frame/sheet';
import type { Model } from '../store/model.svelte';

export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** Pixels of the map that panel, sheet and drawer cover, and a margin. */
export function mapPadding({ sheet, state }: Model): Padding {
  if (isPhone()) return { top: 72, right: 24, bottom: sheetHeight(sheet) + 16, left: 24 };
  const panel = document.getElementById('panel')!.getBoundingClientRect().right;
  const drawer = state.table === null ? 0 : (document.getElementById('drawer')?.offsetHeight ?? 0);
  return { top: 72, right: 48, bottom: 48 + drawer, left: panel + 40 };
}
