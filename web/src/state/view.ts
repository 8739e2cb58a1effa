import type { Place } from '../base/place';
import type { Lang } from '../i18n/lang';

export type ThemeChoice = 'auto' | 'day' | 'dark';

/** What the city is coloured by if one line is selected. */
export type ColourBy = 'verdict' | 'minutes';

export interface Camera {
  zoom: number;
  lat: number;
  lon: number;
}

/** Everything that a link must contain to restore the view. */
export interface ViewState {
  lang: Lang;
  theme: ThemeChoice;
  /** `null`: the server's default. */
  profile: string | null;
  /** `null`: the server's default. */
  rules: string | null;
  /** Bands in minutes, ascending; `null`: the server's default. */
  minutes: number[] | null;
  /** Judge as if the map were complete. */
  asMapped: boolean;
  place: Place | null;
  /** Group of facilities that the list and the map are filtered by. */
  group: string | null;
  /** Category of the line that the city is coloured by; `null`: all lines. */
  line: string | null;
  colour: ColourBy;
  /** What the planner's table lists: a level or `findings`; `null`: the drawer is closed. */
  table: string | null;
  /** Findings are on the map beside another table. */
  findings: boolean;
  /** Id of the marked row. */
  mark: string | null;
  camera: Camera | null;
}

export const initialState: ViewState = {
  lang: 'zh',
  theme: 'auto',
  profile: null,
  rules: null,
  minutes: null,
  asMapped: false,
  place: null,
  group: null,
  line: null,
  colour: 'verdict',
  table: null,
  findings: false,
  mark: null,
  camera: null,
};
