import { iconPaths } from '../look/icons';
import type { Theme } from '../look/look';
import { themeTokens } from './tokens';

const ratio = 2;

function drawing(size: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = size * ratio;
  canvas.height = size * ratio;
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  return context;
}

function marker(theme: Theme, group: string, icon: string): ImageData {
  const { group: groups, page } = themeTokens(theme);
  const size = 26;
  const context = drawing(size);
  context.beginPath();
  context.arc(size / 2, size / 2, size / 2 - 1.5, 0, 2 * Math.PI);
  context.fillStyle = groups[group] ?? page.muted;
  context.fill();
  context.strokeStyle = groups.ring!;
  context.lineWidth = 1.6;
  context.stroke();
  context.translate(size / 2 - 7.2, size / 2 - 7.2);
  context.scale(0.6, 0.6);
  context.strokeStyle = groups.glyph!;
  context.lineWidth = 2.4;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.stroke(new Path2D(iconPaths[icon] ?? iconPaths.square));
  return context.getImageData(0, 0, size * ratio, size * ratio);
}

/** Diagonal lines over any colour, for unknown verdicts. */
function hatch(theme: Theme): ImageData {
  const { verdict } = themeTokens(theme);
  const size = 8;
  const context = drawing(size);
  context.strokeStyle = verdict.unknown_line;
  context.lineWidth = 1.2;
  for (const offset of [-size, 0, size]) {
    context.moveTo(offset, size);
    context.lineTo(offset + size, 0);
  }
  context.stroke();
  return context.getImageData(0, 0, size * ratio, size * ratio);
}

/** Draws the image of a style's image id such as `day/shi/cart` or `dark/hatch`. */
export function imageFor(id: string): { data: ImageData; pixelRatio: number } | null {
  const [theme, group, icon] = id.split('/');
  if (theme !== 'day' && theme !== 'dark') return null;
  if (group === 'hatch') return { data: hatch(theme), pixelRatio: ratio };
  if (!group || !icon || !(icon in iconPaths)) return null;
  return { data: marker(theme, group, icon), pixelRatio: ratio };
}
