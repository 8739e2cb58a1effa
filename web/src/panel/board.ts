import { boardUrl, type BoardFormat } from '../api/address';
import type { Gate, Origin } from '../api/types';
import { h } from '../base/dom';
import type { Messages } from '../i18n';

export interface BoardContext {
  compound: string;
  origin: Origin | null;
  text: Messages;
}

/** Paper sizes, with the dots per inch of a preview about 1,000 pixels wide. */
const sizes: Record<string, string> = { A0: '30', A1: '43', A2: '60', A3: '85', A4: '120' };

/** Provenances, the most certain first: the server chooses the board's gate in the same order. */
const certainty = ['own', 'mapped', 'crossing', 'inferred'];

function gateName(gate: Gate, number: number, text: Messages): string {
  const name = gate.name ?? text.gateNumber(number);
  return gate.provenance === 'inferred' ? `${name} · ${text.gateAssumed}` : name;
}

/** The board 导视图 of a compound's gate: a preview, requested when the section is opened, and files to print. */
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
  const formats: BoardFormat[] = ['pdf', 'svg', 'png'];
  const links = formats.map((format) => ({
    format,
    link: h('a', { class: 'button', 'data-kind': format }, format.toUpperCase()),
  }));
  const update = (): void => {
    const chosen = gates.find((it) => it.id === gate.value) ?? gates[0]!;
    const assumed = chosen.provenance === 'inferred';
    const query = { gate: chosen.id, size: size.value, ...(assumed && { inferred: 'true' }) };
    note.textContent = assumed ? text.boardAssumed : '';
    picture.hidden = false;
    picture.setAttribute('src', boardUrl(compound, 'png', { ...query, dpi: sizes[size.value]! }));
    for (const { format, link } of links) {
      link.setAttribute('href', boardUrl(compound, format, { ...query, download: 'true' }));
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
    h('div', { class: 'board-files' }, ...links.map(({ link }) => link)),
    note,
    picture,
  );
  details.addEventListener('toggle', () => {
    if (details.open && !picture.hasAttribute('src')) update();
  });
  return details;
}
