import { h, svg } from '../base/dom';
import { parsePoint, type Place } from '../base/place';
import type { CompoundSummary } from '../city/summary';
import { placeName, type Messages } from '../i18n';
import type { Lang } from '../i18n/lang';
import { matchCompounds } from './match';
import type { Syllables } from './pinyin';

interface Option {
  title: string;
  note: string;
  place: Place;
}

const listId = 'search-list';
const limit = 8;

/** The search field: a combobox of compounds that also accepts coordinates. */
export class SearchBox {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private readonly status: HTMLElement;
  private readonly clear: HTMLButtonElement;
  private compounds: CompoundSummary[] = [];
  private pinyin: ReadonlyMap<string, Syllables> = new Map();
  private options: Option[] = [];
  private active = -1;
  private text!: Messages;
  private lang!: Lang;

  constructor(private readonly pick: (place: Place) => void) {
    this.input = h('input', {
      type: 'text',
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': listId,
      autocomplete: 'off',
      spellcheck: 'false',
      enterkeyhint: 'search',
    });
    this.list = h('ul', { id: listId, role: 'listbox', class: 'search-list', hidden: true });
    this.status = h('p', { class: 'search-status', role: 'status' });
    this.clear = h(
      'button',
      { type: 'button', class: 'search-clear', hidden: true },
      svg('0 0 24 24', ['M6 6l12 12M18 6L6 18'], { class: 'icon' }),
    );
    this.element = h(
      'div',
      { class: 'search', role: 'search' },
      h(
        'div',
        { class: 'search-field' },
        svg('0 0 24 24', ['M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5'], { class: 'icon' }),
        this.input,
        this.clear,
      ),
      this.list,
      this.status,
    );
    this.input.addEventListener('input', () => this.update());
    this.input.addEventListener('keydown', (event) => this.onKey(event));
    this.input.addEventListener('focus', () => this.update());
    this.input.addEventListener('blur', () => this.close());
    this.clear.addEventListener('click', () => {
      this.input.value = '';
      this.update();
      this.input.focus();
    });
    this.list.addEventListener('pointerdown', (event) => event.preventDefault());
  }

  setLanguage(lang: Lang, text: Messages): void {
    this.lang = lang;
    this.text = text;
    this.input.placeholder = text.searchHint;
    this.input.setAttribute('aria-label', text.search);
    this.list.setAttribute('aria-label', text.search);
    this.clear.setAttribute('aria-label', text.clear);
    this.close();
  }

  setCompounds(compounds: CompoundSummary[]): void {
    this.compounds = compounds;
    if (document.activeElement === this.input && this.input.value) this.update();
  }

  setPinyin(pinyin: ReadonlyMap<string, Syllables>): void {
    this.pinyin = pinyin;
    if (document.activeElement === this.input && this.input.value) this.update();
  }

  private find(query: string): Option[] {
    const point = parsePoint(query.trim().replace(/[,\s]+/, ','));
    if (point) {
      const title = `${point.lon}, ${point.lat}`;
      return [{ title, note: this.text.searchPoint, place: { kind: 'point', ...point } }];
    }
    return matchCompounds(this.compounds, query, limit, this.pinyin).map((compound) => {
      const title = placeName(compound.name, compound.nameEn, this.lang) ?? compound.id;
      const other = this.lang === 'en' ? compound.name : compound.nameEn;
      return {
        title,
        note: other && other !== title ? other : '',
        place: { kind: 'compound', id: compound.id },
      };
    });
  }

  private update(): void {
    const query = this.input.value;
    this.clear.hidden = query === '';
    this.options = this.find(query);
    this.active = this.options.length > 0 ? 0 : -1;
    this.list.replaceChildren(
      ...this.options.map((option, index) =>
        h(
          'li',
          {
            id: `${listId}-${index}`,
            role: 'option',
            onclick: () => this.choose(index),
            onpointermove: () => this.activate(index),
          },
          h('span', { class: 'search-title' }, option.title),
          option.note && h('span', { class: 'search-note' }, option.note),
        ),
      ),
    );
    const open = this.options.length > 0;
    this.list.hidden = !open;
    this.input.setAttribute('aria-expanded', String(open));
    const nothing = query.trim() !== '' && !open && this.compounds.length > 0;
    this.status.textContent = nothing
      ? this.text.searchNone
      : open
        ? this.text.searchCount(this.options.length)
        : '';
    this.status.classList.toggle('visually-hidden', !nothing);
    this.activate(this.active);
  }

  private activate(index: number): void {
    this.active = index;
    [...this.list.children].forEach((item, at) =>
      item.setAttribute('aria-selected', String(at === index)),
    );
    if (index >= 0) this.input.setAttribute('aria-activedescendant', `${listId}-${index}`);
    else this.input.removeAttribute('aria-activedescendant');
    this.list.children[index]?.scrollIntoView({ block: 'nearest' });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const count = this.options.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (this.list.hidden) this.update();
      else if (count) {
        const step = event.key === 'ArrowDown' ? 1 : -1;
        this.activate((this.active + step + count) % count);
      }
    } else if (event.key === 'Enter' && !this.list.hidden && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === 'Escape' && (!this.list.hidden || this.input.value)) {
      event.stopPropagation();
      this.input.value = '';
      this.update();
    }
  }

  private choose(index: number): void {
    const option = this.options[index];
    if (!option) return;
    this.input.value = '';
    this.clear.hidden = true;
    this.close();
    this.pick(option.place);
  }

  private close(): void {
    this.options = [];
    this.list.hidden = true;
    this.list.replaceChildren();
    this.status.textContent = '';
    this.status.classList.add('visually-hidden');
    this.input.setAttribute('aria-expanded', 'false');
    this.activate(-1);
  }
}
