import type { Findings, Units } from '../api/types';
import type { CitySummary, LineSummary } from '../city/summary';
import type { Messages } from '../i18n';
import type { Lang } from '../i18n/lang';
import type { Choice } from '../state/choice';
import type { ColourBy } from '../state/view';

/** Everything that the drawer shows. */
export interface DrawerContext {
  choice: Choice;
  summary: CitySummary;
  line: LineSummary | null;
  colour: ColourBy;
  /** A level or `findings`. */
  table: string;
  /** `null` before the units of this choice are loaded. */
  units: Units | null;
  findings: Findings | null;
  findingsShown: boolean;
  failed: boolean;
  /** The summary is of another rule set, profile or bands; the present one is still loading. */
  stale: boolean;
  mark: string | null;
  lang: Lang;
  text: Messages;
}

export interface DrawerHandlers {
  table: (table: string | null) => void;
  rules: (id: string) => void;
  line: (category: string | null) => void;
  colour: (by: ColourBy) => void;
  findings: (shown: boolean) => void;
  mark: (id: string) => void;
  open: (compound: string) => void;
}
