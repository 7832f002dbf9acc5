import type { Raster } from "./model.ts";

/** Turns a picture clockwise by a quarter, a half or three quarters. */
export function turn(raster: Raster, degrees: 0 | 90 | 180 | 270): Raster {
  const { width, height, data } = raster;
  if (degrees === 0) return raster;
  const out = new Uint8Array(data.length);
  if (degrees === 180) {
    for (let from = 0, to = data.length - 1; to >= 0; from++, to--) out[to] = data[from] ?? 255;
    return { width, height, data: out };
  }
  const clockwise = degrees === 90;
  for (let y = 0; y < height; y++) {
    const column = clockwise ? height - 1 - y : y;
    for (let x = 0; x < width; x++) {
      const row = clockwise ? x : width - 1 - x;
      out[row * height + column] = data[y * width + x] ?? 255;
    }
  }
  return { width: height, height: width, data: out };
}

/** Turns a picture by a small angle about its middle, clockwise in degrees; what comes in from outside is white. */
export function rotate(raster: Raster, degrees: number): Raster {
  const { width, height, data } = raster;
  const out = new Uint8Array(data.length).fill(255);
  const sin = Math.sin((degrees * Math.PI) / 180);
  const cos = Math.cos((degrees * Math.PI) / 180);
  const middleX = width / 2;
  const middleY = height / 2;
  for (let y = 0; y < height; y++) {
    let sourceX = cos * (0 - middleX) + sin * (y - middleY) + middleX;
    let sourceY = -sin * (0 - middleX) + cos * (y - middleY) + middleY;
    for (let x = 0; x < width; x++, sourceX += cos, sourceY -= sin) {
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) continue;
      // Fractions in 256ths: integers make this loop twice as fast.
      const right = ((sourceX - left) * 256) | 0;
      const down = ((sourceY - top) * 256) | 0;
      const at = top * width + left;
      // All four indexes are inside, as checked above.
      const upper = (data[at] as number) * (256 - right) + (data[at + 1] as number) * right;
      const lower =
        (data[at + width] as number) * (256 - right) + (data[at + width + 1] as number) * right;
      out[y * width + x] = (upper * (256 - down) + lower * down) >> 16;
    }
  }
  return { width, height, data: out };
}

/** Shrinks a picture by averaging, or enlarges it, to `factor` times its size. */
export function scale(raster: Raster, factor: number): Raster {
  const { width, height, data } = raster;
  const newWidth = Math.max(1, Math.round(width * factor));
  const newHeight = Math.max(1, Math.round(height * factor));
  if (newWidth === width && newHeight === height) return raster;
  return factor < 1
    ? shrink({ width, height, data }, newWidth, newHeight)
    : enlarge({ width, height, data }, newWidth, newHeight);
}

/** Averages along rows first and then along columns, with the weight of what each pixel covers. */
function shrink({ width, height, data }: Raster, newWidth: number, newHeight: number): Raster {
  const out = new Uint8Array(newWidth * newHeight);
  const stepX = width / newWidth;
  const stepY = height / newHeight;
  const sums = new Float32Array(newWidth);
  for (let row = 0; row < newHeight; row++) {
    const top = row * stepY;
    const bottom = Math.min(height, top + stepY);
    sums.fill(0);
    for (let y = Math.floor(top); y < bottom; y++) {
      const share = Math.min(bottom, y + 1) - Math.max(top, y);
      addRow(data, y * width, { sums, stepX, share, width });
    }
    const area = stepX * (bottom - top);
    for (let x = 0; x < newWidth; x++)
      out[row * newWidth + x] = Math.min(255, (sums[x] as number) / area + 0.5);
  }
  return { width: newWidth, height: newHeight, data: out };
}

function addRow(
  data: Uint8Array,
  start: number,
  into: { sums: Float32Array; stepX: number; share: number; width: number },
): void {
  const { sums, stepX, share, width } = into;
  for (let column = 0; column < sums.length; column++) {
    const left = column * stepX;
    const right = Math.min(width, left + stepX);
    let sum = 0;
    for (let x = Math.floor(left); x < right; x++)
      sum += (data[start + x] as number) * (Math.min(right, x + 1) - Math.max(left, x));
    sums[column] = (sums[column] as number) + sum * share;
  }
}

function enlarge({ width, height, data }: Raster, newWidth: number, newHeight: number): Raster {
  const out = new Uint8Array(newWidth * newHeight);
  for (let row = 0; row < newHeight; row++) {
    const sourceY = Math.min(height - 1, ((row + 0.5) * height) / newHeight - 0.5);
    const top = Math.max(0, Math.floor(sourceY));
    const bottom = Math.min(height - 1, top + 1);
    const down = Math.max(0, sourceY - top);
    for (let column = 0; column < newWidth; column++) {
      const sourceX = Math.min(width - 1, ((column + 0.5) * width) / newWidth - 0.5);
      const left = Math.max(0, Math.floor(sourceX));
      const right = Math.min(width - 1, left + 1);
      const across = Math.max(0, sourceX - left);
      const upper = mix(data[top * width + left], data[top * width + right], across);
      const lower = mix(data[bottom * width + left], data[bottom * width + right], across);
      out[row * newWidth + column] = mix(upper, lower, down) + 0.5;
    }
  }
  return { width: newWidth, height: newHeight, data: out };
}

function mix(a = 255, b = 255, share: number): number {
  return a + (b - a) * share;
}

/** Cuts a part out of a picture. */
export function crop(
  { width, data }: Raster,
  part: { left: number; top: number; width: number; height: number },
): Raster {
  const out = new Uint8Array(part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const start = (part.top + y) * width + part.left;
    out.set(data.subarray(start, start + part.width), y * part.width);
  }
  return { width: part.width, height: part.height, data: out };
}
