export type Child = Node | string | null | undefined | false;

type Props = Record<string, string | number | boolean | null | undefined | EventListener>;

/** Builds an element. Text becomes text nodes only, so data cannot become markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(key.replace(/^on/, ''), value);
    else element.setAttribute(key, value === true ? '' : `${value}`);
  }
  element.append(...children.filter((child): child is Node | string => !!child));
  return element;
}

export function svg(
  viewBox: string,
  paths: string[],
  props: Record<string, string> = {},
): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const element = document.createElementNS(namespace, 'svg');
  element.setAttribute('viewBox', viewBox);
  element.setAttribute('aria-hidden', 'true');
  for (const [key, value] of Object.entries(props)) element.setAttribute(key, value);
  for (const d of paths) {
    const path = document.createElementNS(namespace, 'path');
    path.setAttribute('d', d);
    element.append(path);
  }
  return element;
}
