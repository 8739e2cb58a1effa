import type { Gate, Origin } from '../api-types';
import { h } from '../dom';
import type { Messages } from '../i18n';

export interface BoardContext {
  compound: string;
  origin: Origin | null;
  text: Messages;
}

/** Papers, with the dots an inch that make a preview about a thousand pixels wide. */
const sizes: Record<string, string> = { A0: '30', A1: '43', A2: '60', A3: '85', A4: '120' };

/** The most certain gates first, as the server chooses them. */
const certainty = ['own', 'mapped', 'crossing', 'inferred'];

function gateName(gate: Gate, number: number, text: Messages): string {
  const name = gate.name ?? text.gateNumber(number);
  return gate.provenance === 'inferred' ? `${name} · ${text.gateAssumed}` : name;
}

function address(compound: string, kind: string, query: Record<string, string>): string {
  return `api/boards/${encodeURIComponent(compound)}.${kind}?${new URLSearchParams(query)}`;
}

/** The board 导视图 of a compound's gate: a preview, and files to print. Nothing is drawn before it is opened. */
export function boardView({ compound, origin, text }: BoardContext): HTMLElement | null {
  const gates = [...(origin?.gates ?? [])].sort(
    (a, b) => certainty.indexOf(a.provenance) - certainty.indexOf(b.provenance),
  );
  if (gates.length === 0) return null;
  const option = (value: string, label: string, selected = false): HTMLOptionElement =>
    h('option', { value, selected }, label);
  const gate = h(
    'select',
    { id: 'board-gate' },
    ...gates.map((it, index) => option(it.id, gateName(it, index + 1, text))),
  );
  const size = h(
    'select',
    { id: 'board-size' },
    ...Object.keys(sizes).map((it) => option(it, it, it === 'A1')),
  );
  const picture = h('img', { class: 'board-picture', alt: text.boardPicture, decoding: 'async' });
  const note = h('p', { class: 'quiet', id: 'board-note', role: 'status' });
  const links = ['pdf', 'svg', 'png'].map((kind) =>
    h('a', { class: 'button', 'data-kind': kind }, kind.toUpperCase()),
  );
  const update = (): void => {
    const chosen = gates.find((it) => it.id === gate.value) ?? gates[0]!;
    const assumed = chosen.provenance === 'inferred';
    const query = { gate: chosen.id, size: size.value, ...(assumed && { inferred: 'true' }) };
    note.textContent = assumed ? text.boardAssumed : '';
    picture.hidden = false;
    picture.setAttribute('src', address(compound, 'png', { ...query, dpi: sizes[size.value]! }));
    for (const link of links) {
      const kind = link.dataset.kind!;
      link.setAttribute('href', address(compound, kind, { ...query, download: 'true' }));
    }
  };
  picture.addEventListener('error', () => {
    picture.hidden = true;
    note.textContent = text.boardFailed;
  });
  gate.addEventListener('change', update);
  size.addEventListener('change', update);
  const details = h(
    'details',
    { class: 'board', id: 'board' },
    h('summary', {}, text.board),
    h('p', { class: 'quiet' }, text.boardWhat),
    h(
      'div',
      { class: 'board-choices' },
      h('label', {}, text.boardGate, gate),
      h('label', {}, text.boardSize, size),
    ),
    h('div', { class: 'board-files' }, ...links),
    note,
    picture,
  );
  details.addEventListener('toggle', () => {
    if (details.open && !picture.hasAttribute('src')) update();
  });
  return details;
}
