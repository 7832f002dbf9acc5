import type { Raster } from "./model.ts";

/** Side of the squares in which the paper's brightness is measured, in pixels. */
const tileSide = 64;
/** The part of a tile's pixels that are darker than its paper: text covers less than the rest. */
const paperShare = 0.8;
/** The part of a page's pixels that are surely ink, if there is any. */
const inkShare = 0.005;
/** Ink that is darker than this part of the paper, on evenly lit paper, is read best as it is. */
const goodInk = 0.55;
const evenPaper = 0.82;
/** Ink above this part of the paper is lost in the paper's own grain. */
const lostInk = 0.97;

/** A pixel that is darker or brighter than all its neighbours by this many greys is a speck. */
const speckDifference = 24;
/** Fewer specks than this part of all pixels do no harm. */
const specksShare = 0.001;

/** Removes specks, evens out shadows and strengthens faint ink; a page that needs nothing is returned as it is. */
export function repair(raster: Raster): Raster {
  return repairContrast(removeSpecks(raster));
}

/** Single pixels that stand out from all eight neighbours become the mean of those. */
function removeSpecks(raster: Raster): Raster {
  const { width, height, data } = raster;
  const out = new Uint8Array(data);
  let specks = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const value = data[at] as number;
      // The left neighbour alone rules out nearly every pixel.
      if (Math.abs(value - (data[at - 1] as number)) < speckDifference) continue;
      const around = neighbours(data, at, width);
      if (value > around.least - speckDifference && value < around.most + speckDifference) continue;
      out[at] = around.mean;
      specks++;
    }
  }
  return specks > data.length * specksShare ? { width, height, data: out } : raster;
}

function neighbours(
  data: Uint8Array,
  at: number,
  width: number,
): { least: number; most: number; mean: number } {
  let least = 255;
  let most = 0;
  let sum = 0;
  for (const offset of [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1]) {
    const value = data[at + offset] as number;
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
  }
  return { least, most, mean: sum / 8 };
}

/** Brightness of the paper in each tile. */
interface Paper {
  columns: number;
  rows: number;
  levels: Float32Array;
  /** The darkest tile's level as a part of the brightest one's. */
  evenness: number;
}

/** Evens out shadows and strengthens faint ink; a page that needs neither is returned as it is. */
function repairContrast(raster: Raster): Raster {
  const paper = measurePaper(raster);
  const ink = measureInk(raster, paper);
  if (ink > lostInk || (ink < goodInk && paper.evenness > evenPaper)) return raster;
  return stretch(raster, paper, ink);
}

function measurePaper({ width, height, data }: Raster): Paper {
  const columns = Math.ceil(width / tileSide);
  const rows = Math.ceil(height / tileSide);
  const levels = new Float32Array(columns * rows);
  const histogram = new Uint32Array(256);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      histogram.fill(0);
      const right = Math.min(width, (column + 1) * tileSide);
      const bottom = Math.min(height, (row + 1) * tileSide);
      for (let y = row * tileSide; y < bottom; y++)
        for (let x = column * tileSide; x < right; x++)
          count(histogram, data[y * width + x] ?? 255);
      levels[row * columns + column] = percentile(histogram, paperShare);
    }
  }
  return withoutHoles({ columns, rows, levels });
}

/** Pictures and bars are no paper: where the level drops below half of the page's, the page's own counts. */
function withoutHoles({ columns, rows, levels }: Omit<Paper, "evenness">): Paper {
  const sorted = levels.toSorted();
  const usual = sorted[Math.floor(sorted.length / 2)] ?? 255;
  const filled = levels.map((level) => (level < usual * 0.5 ? usual : Math.max(1, level)));
  const ordered = filled.toSorted();
  const low = ordered[Math.floor(ordered.length * 0.03)] ?? 255;
  const high = ordered[Math.floor(ordered.length * 0.97)] ?? 255;
  return { columns, rows, levels: filled, evenness: low / high };
}

/** How bright the ink is as a part of the paper around it. */
function measureInk({ width, height, data }: Raster, paper: Paper): number {
  const histogram = new Uint32Array(256);
  for (let y = 1; y < height; y += 2) {
    const tileRow = Math.floor(y / tileSide) * paper.columns;
    for (let x = y & 2 ? 1 : 0; x < width; x += 2) {
      const level = paper.levels[tileRow + Math.floor(x / tileSide)] ?? 255;
      count(histogram, Math.min(255, Math.round(((data[y * width + x] ?? 255) / level) * 200)));
    }
  }
  return percentile(histogram, inkShare) / 200;
}

/** Divides by the paper's level, which is interpolated between tiles, and spreads ink to paper over all greys. */
function stretch({ width, height, data }: Raster, paper: Paper, ink: number): Raster {
  const out = new Uint8Array(data.length);
  const across = Float32Array.from({ length: width }, (_, x) => x / tileSide - 0.5);
  const black = Math.min(ink, 0.9);
  const white = Math.max(black + 0.04, 1 - (1 - black) * 0.12);
  const gain = 255 / (white - black);
  for (let y = 0; y < height; y++) {
    const down = y / tileSide - 0.5;
    const row = clamp(Math.floor(down), paper.rows - 2);
    const downShare = Math.min(1, Math.max(0, down - row));
    for (let x = 0; x < width; x++) {
      const column = clamp(Math.floor(across[x] as number), paper.columns - 2);
      const share = Math.min(1, Math.max(0, (across[x] as number) - column));
      const at = row * paper.columns + column;
      const level = mix(
        mixAt(paper.levels, at, share),
        mixAt(paper.levels, at + paper.columns, share),
        downShare,
      );
      const value = ((data[y * width + x] as number) / level - black) * gain;
      out[y * width + x] = Math.min(255, Math.max(0, value));
    }
  }
  return { width, height, data: out };
}

function mixAt(levels: Float32Array, at: number, share: number): number {
  const left = levels[at] ?? levels.at(-1) ?? 255;
  return mix(left, levels[at + 1] ?? left, share);
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, Math.max(0, most)));
}

function count(histogram: Uint32Array, value: number): void {
  histogram[value] = (histogram[value] ?? 0) + 1;
}

/** The grey below which a part of the counted pixels is. */
function percentile(histogram: Uint32Array, share: number): number {
  const total = histogram.reduce((sum, amount) => sum + amount, 0);
  let sum = 0;
  for (let grey = 0; grey < histogram.length; grey++) {
    sum += histogram[grey] ?? 0;
    if (sum > total * share) return grey;
  }
  return 255;
}
