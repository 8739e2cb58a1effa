import { h, svg, type Child } from '../base/dom';

/** The panel's frame around its changing content. */
export class Panel {
  private readonly title = h('h1', { class: 'panel-title' });
  private readonly date = h('span', { class: 'panel-date' });
  /** The switch 按地图所示, between search and content. */
  private readonly basis = h('div', { class: 'panel-basis' });
  /** A live region for news that the reader did not ask for. */
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

  /** `basis` is appended to the document's title. */
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

  /** Unchanged news is not announced again. */
  setNews(words: string[], close: string, dismiss: () => void): void {
    const joined = words.join('\n');
    if (joined === this.news.dataset.words) return;
    this.news.dataset.words = joined;
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
