/** The part of `data/look.toml` that the page uses. */
export interface Look {
  font: { family: string[]; regular: number; bold: number };
  type: Record<string, number>;
  shape: {
    grid: number;
    radius: number;
    radius_small: number;
    panel_width: number;
    transition_ms: number;
  };
  day: ThemeTokens;
  dark: ThemeTokens;
}

export interface ThemeTokens {
  page: Record<
    | 'paper'
    | 'panel'
    | 'raised'
    | 'text'
    | 'muted'
    | 'line'
    | 'accent'
    | 'on_accent'
    | 'accent_soft'
    | 'warning'
    | 'track'
    | 'shadow',
    string
  >;
  map: Record<
    | 'ground'
    | 'block'
    | 'block_work'
    | 'block_school'
    | 'green'
    | 'wood'
    | 'farmland'
    | 'water'
    | 'building'
    | 'building_line'
    | 'street'
    | 'casing'
    | 'path'
    | 'railway'
    | 'label'
    | 'label_minor'
    | 'label_water'
    | 'label_green'
    | 'halo',
    string
  >;
  verdict: Record<'covered' | 'gap' | 'gap_text' | 'unknown' | 'unknown_line', string>;
  scale: { steps: string[]; proven: string[]; opacity: number };
  band: { colours: string[]; labels: string[]; opacity: number };
  group: Record<string, string>;
}

export type Theme = 'day' | 'dark';
