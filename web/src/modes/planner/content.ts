/** The rows of the planner's table. */
import type { Finding, UnitFeature } from '../../api/types';
import type { CompoundSummary } from '../../city/summary';
import { named, type Messages } from '../../i18n';
import type { Lang } from '../../i18n/lang';
import { findingsTable } from '../../state/choice';
import type { Model } from '../../store/model.svelte';
import { compoundRows } from './compound-rows';
import { findingRows } from './finding-rows';
import type { Rows } from './rows';
import { unitRows } from './unit-rows';

export type Row = CompoundSummary | UnitFeature | Finding;

export function levelName(id: string, zh: string, lang: Lang, text: Messages): string {
  return lang === 'en' ? (text.levels[id] ?? id) : zh;
}

/** The rows of the present table and choice; `null` before they are loaded. */
export function contentOf(table: string, model: Model): Rows<Row> | null {
  const { summary, line, choice, lang, text } = model;
  if (model.tableFailed || model.isStale || !choice || !summary) return null;
  const words = { lang, text };
  const { levels, label } = choice.settings;
  const level = levels.find(({ id }) => id === table);
  const title = [
    line ? named(line.line, lang) : text.allLines,
    level ? levelName(level.id, level.zh, lang, text) : text.findings,
    choice.asMapped && text.asMapped,
    label,
  ]
    .filter(Boolean)
    .join(' · ');
  // Rows of different kinds share no column, and a table shows one kind only.
  if (table === findingsTable) {
    return model.findings && (findingRows(model.findings.features, title, words) as Rows<Row>);
  }
  if (table === 'compound') return compoundRows(summary, line, title, words) as Rows<Row>;
  return model.presentUnits && (unitRows(model.presentUnits.features, title, words) as Rows<Row>);
}
