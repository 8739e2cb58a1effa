import { ApiError } from '../api/client';
import { h } from '../base/dom';
import type { Place } from '../base/place';
import type { Messages } from '../i18n';
import { isGone, OldLink } from '../place/stand-in';

export function loadingView(text: Messages): HTMLElement {
  const bone = (kind: string): HTMLElement => h('div', { class: `bone ${kind}` });
  return h(
    'div',
    { class: 'loading', role: 'status' },
    h('span', { class: 'visually-hidden' }, text.loading),
    bone('wide'),
    bone('half'),
    ...Array.from({ length: 5 }, () => bone('row')),
  );
}

interface Notice {
  title: string;
  what: string;
  action?: { label: string; run: () => void };
}

export function noticeView({ title, what, action }: Notice): HTMLElement {
  return h(
    'div',
    { class: 'notice', role: 'alert' },
    h('p', { class: 'notice-title' }, title),
    h('p', { class: 'notice-what' }, what),
    action &&
      h('button', { type: 'button', class: 'button', onclick: () => action.run() }, action.label),
  );
}

export function errorView(
  error: unknown,
  text: Messages,
  retry: () => void,
  asked: Place['kind'] = 'compound',
): HTMLElement {
  const action = { label: text.retry, run: retry };
  if (error instanceof OldLink) {
    return noticeView({ title: text.oldLink, what: text.oldLinkWhat });
  }
  if (isGone(error)) {
    return asked === 'gate'
      ? noticeView({ title: text.notFoundGate, what: text.notFoundGateWhat })
      : noticeView({ title: text.notFound, what: text.notFoundWhat });
  }
  if (error instanceof ApiError && error.status < 500) {
    return noticeView({ title: text.badRequest, what: error.message, action });
  }
  return noticeView({ title: text.failed, what: text.failedWhat, action });
}
