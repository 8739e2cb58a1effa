import pictograms from 'virtual:pictograms';
import type { Category } from '../api/types';

/** Stroked paths on a 24 × 24 grid by name, from `data/pictograms.toml`, which the boards use too. */
export const iconPaths: Record<string, string> & { square: string } = pictograms;

/** The name of a category's pictogram; `square` if it has none. */
export function iconOf(category: Category | undefined): string {
  return category && category.icon in iconPaths ? category.icon : 'square';
}

/** The path of a category's pictogram. */
export function iconPath(category: Category | undefined): string {
  return iconPaths[iconOf(category)] ?? iconPaths.square;
}
