import { h, svg, type Child } from '../dom';

/** The panel's frame: what stays while its contents change. */
export class Panel {
  private readonly title = h('h1', { class: 'panel-title' });
  private readonly date = h('span', { class: 'panel-date' });
  /** What stands between the search and what changes. */
  private readonly basis = h('div', { class: 'panel-basis' });
  /** What the reader did not ask for and has to know: a live region. */
  private readonly news = h('div', { class: 'panel-news', role: 'status' });
  private readonly body = h('div', { class: 'panel-body' });
  private readonly foot = h('footer', { class: 'panel-foot' });
  readonly handle = h('button', { type: 'button', class: 'sheet-handle' });

  constructor(
    readonly element: HTMLElement,
    search: HTMLElement,
  ) {
    element.replaceChildren(
      this.handle,
      h(
        'header',
        { class: 'panel-head' },
        h('div', { class: 'panel-heading' }, this.title, this.date),
        search,
        this.basis,
        this.news,
      ),
      this.body,
      this.foot,
    );
  }

  /** `basis` says what the title does not, where it is judged otherwise. */
  setTitle(title: string, basis: string, date: string | null): void {
    this.title.textContent = title;
    this.date.textContent = date ?? '';
    document.title = title + basis;
  }

  setBasis(basis: Child): void {
    const focused = this.basis.contains(document.activeElement);
    this.basis.replaceChildren(...[basis].filter((child): child is Node | string => !!child));
    if (focused) this.basis.querySelector('input')?.focus();
  }

  /** The same words are not said again. */
  setNews(words: string[], close: string, dismiss: () => void): void {
    const said = words.join('\n');
    if (said === this.news.dataset.said) return;
    this.news.dataset.said = said;
    this.news.replaceChildren();
    if (words.length === 0) return;
    const button = h(
      'button',
      { type: 'button', class: 'icon-button', id: 'news-close', 'aria-label': close },
      svg('0 0 24 24', ['M6 6l12 12M18 6 6 18'], { class: 'icon' }),
    );
    button.addEventListener('click', dismiss);
    this.news.append(h('div', {}, ...words.map((line) => h('p', {}, line))), button);
  }

  setLabels(panel: string, handle: string): void {
    this.element.setAttribute('aria-label', panel);
    this.handle.setAttribute('aria-label', handle);
  }

  show(...content: Child[]): void {
    this.body.replaceChildren(...content.filter((child): child is Node | string => !!child));
  }

  scrollToTop(): void {
    this.body.scrollTop = 0;
  }

  setFoot(...content: Child[]): void {
    this.foot.replaceChildren(...content.filter((child): child is Node | string => !!child));
  }

  setBusy(busy: boolean): void {
    this.body.setAttribute('aria-busy', String(busy));
  }
}
