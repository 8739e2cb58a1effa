import type { Category } from './api-types';

/** Pictograms on a 24 × 24 grid, drawn as strokes. */
export const iconPaths = {
  basket: 'M4 10h16l-2 9H6zM8 10l3-6M16 10l-3-6M10 13v3M14 13v3',
  cart: 'M3 5h3l2 10h10l2-7H7M9 19.5h.01M17 19.5h.01',
  leaf: 'M5 19C5 10 10 5 19 5c0 9-5 14-14 14zM5 19l8-8',
  bowl: 'M4 11h16a8 8 0 0 1-16 0zM9 7V4M15 7V4M12 7V3',
  cup: 'M5 8h11v6a5 5 0 0 1-5 5h-1a5 5 0 0 1-5-5zM16 9h2a2 2 0 0 1 0 5h-2',
  cross: 'M9.5 4.5h5v5h5v5h-5v5h-5v-5h-5v-5h5z',
  pill: 'M8.5 20a4.5 4.5 0 0 1-3.2-7.7l7-7a4.5 4.5 0 0 1 6.4 6.4l-7 7A4.5 4.5 0 0 1 8.5 20zM9 9l6 6',
  elder: 'M11 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM11 9v6l-3 6M11 15l3 6M11 10l4 3h2v8',
  child: 'M12 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 10v6M7 12l5 1 5-1M12 16l-3 5M12 16l3 5',
  swing: 'M4 20 8 4h8l4 16M10 4v10M14 4v10M9 14h6',
  cap: 'M2 10l10-5 10 5-10 5zM6 12v5c3 2.5 9 2.5 12 0v-5',
  blocks: 'M4 13h7v7H4zM13 13h7v7h-7zM8.5 4h7v7h-7z',
  flag: 'M6 21V4M6 5h12l-3 4 3 4H6',
  shield: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z',
  tree: 'M12 21v-9M12 3a6 6 0 0 1 2.5 11.5h-5A6 6 0 0 1 12 3z',
  book: 'M12 6c-2-2-5-2-8-1.5v13c3-.5 6-.5 8 1.5 2-2 5-2 8-1.5v-13C17 4 14 4 12 6zM12 6v13',
  dumbbell: 'M4 9v6M7 7v10M17 7v10M20 9v6M7 12h10',
  music:
    'M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z',
  square: 'M4 4h16v16H4zM12 8v8M8 12h8',
  bus: 'M5 4h14v13H5zM5 11h14M8 17v3M16 17v3M8 14h.01M16 14h.01',
  metro: 'M6 3h12v13H6zM6 9h12M9 13h.01M15 13h.01M9 16l-3 5M15 16l3 5',
  parking: 'M9 20V4h4.5a4.5 4.5 0 0 1 0 9H9',
  bolt: 'M13 3 6 13h5l-1 8 8-11h-6z',
  box: 'M4 8l8-4 8 4v9l-8 4-8-4zM4 8l8 4 8-4M12 12v9',
  mail: 'M4 6h16v12H4zM4 7l8 6 8-6',
  coin: 'M7 4l5 8 5-8M12 12v9M7 13h10M7 17h10',
  phone: 'M8 3h8v18H8zM11 18h2',
  drop: 'M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11z',
  scissors:
    'M8.5 8 19 18M8.5 16 19 6M6 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM6 20a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  wrench: 'M14 7a4 4 0 0 1 5-3l-2.5 2.5 1 2 2 1L22 7a4 4 0 0 1-6 4.5L8 20a2 2 0 0 1-3-3l8.5-8.5z',
  toilet:
    'M8 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 10v10M5 14l3-4 3 4M16 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM16 10l-3 6h6zM16 16v4',
  bin: 'M5 7h14M7 7l1 13h8l1-13M10 7V4h4v3',
  heart: 'M12 20s-8-5-8-11a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 6-8 11-8 11z',
  house: 'M4 20v-9l8-7 8 7v9zM10 20v-6h4v6',
} as const;

export type IconName = keyof typeof iconPaths;

/** The pictogram that the catalogue names for a category. */
export function iconOf(category: Category | undefined): IconName {
  return category && category.icon in iconPaths ? (category.icon as IconName) : 'square';
}
