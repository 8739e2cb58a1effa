import pictograms from 'virtual:pictograms';
import type { Category } from './api-types';

/** Pictograms on a 24 × 24 grid, drawn as strokes: `data/pictograms.toml`, which the boards draw too. */
export const iconPaths: Record<string, string> & { square: string } = pictograms;

/** The pictogram that the catalogue names for a category. */
export function iconOf(category: Category | undefined): string {
  return category && category.icon in iconPaths ? category.icon : 'square';
}

/** The path of the pictogram for a category. */
export function iconPath(category: Category | undefined): string {
  return iconPaths[iconOf(category)] ?? iconPaths.square;
}
