export type SheetStop = 'peek' | 'half' | 'full';

const stops: SheetStop[] = ['peek', 'half', 'full'];
/** The panel on a phone: a sheet with three stops, moved by its handle. */
export class Sheet {
  private stop: SheetStop = 'half';
  private dragged = false;

  constructor(
    private readonly element: HTMLElement,
    handle: HTMLElement,
  ) {
    this.set('half');
    handle.addEventListener('click', () => {
      if (!this.dragged) this.next();
    });
    handle.addEventListener('keydown', (event) => {
      this.dragged = false;
      const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (step) this.move(step);
    });
    handle.addEventListener('pointerdown', (event) => this.drag(event));
  }

  set(stop: SheetStop): void {
    this.stop = stop;
    document.documentElement.dataset.sheet = stop;
  }

  /** The height of the present stop in pixels. */
  height(): number {
    const share = { peek: 0, half: 0.5, full: 0.9 }[this.stop];
    return share === 0 ? 132 : Math.round(window.innerHeight * share);
  }

  private move(step: number): void {
    const at = Math.min(stops.length - 1, Math.max(0, stops.indexOf(this.stop) + step));
    this.set(stops[at]!);
  }

  private next(): void {
    this.set(this.stop === 'half' ? 'full' : this.stop === 'full' ? 'peek' : 'half');
  }

  private drag(start: PointerEvent): void {
    const from = this.element.getBoundingClientRect().height;
    let moved = 0;
    this.dragged = false;
    const onMove = (event: PointerEvent): void => {
      moved = start.clientY - event.clientY;
      this.element.style.height = `${Math.min(window.innerHeight * 0.92, Math.max(96, from + moved))}px`;
    };
    const onEnd = (): void => {
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onEnd);
      window.removeEventListener('pointercancel', onEnd);
      this.element.style.height = '';
      if (Math.abs(moved) < 6) return;
      this.dragged = true;
      const share = (from + moved) / window.innerHeight;
      this.set(share < 0.3 ? 'peek' : share < 0.7 ? 'half' : 'full');
    };
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onEnd);
    window.addEventListener('pointercancel', onEnd);
  }
}
