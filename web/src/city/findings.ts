import type { Finding } from '../api/types';
import type { Messages } from '../i18n';
import { generatedName } from './words';

/** Ids of findings, which the report does not have: kind and key, with a number from the second of equal ones on. */
export function findingIds(findings: Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ properties: { kind, id } }) => {
    const name = `${kind}.${id}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  });
}

export function findingKind(finding: Finding, text: Messages): string {
  const { kind } = finding.properties;
  return text.findingKinds[kind] ?? kind.replaceAll('_', ' ');
}

export function findingName({ properties }: Finding, text: Messages): string {
  return generatedName(properties.name, text) || properties.id;
}

/** What is wrong and what to do, in the page's language. */
export function findingHelp({ properties }: Finding, text: Messages): string {
  return text.findingHelp[properties.kind] ?? properties.message;
}
