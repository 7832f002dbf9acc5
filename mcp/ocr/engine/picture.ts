import { type Box, meanConfidence, type PageText, type Raster, type Word } from "./model.ts";
import { crop, rotate, turn } from "./raster.ts";
import { type Recognizer, segmentation } from "./recognizer.ts";
import { repair } from "./repair.ts";
import { measureLie } from "./skew.ts";

/** How a picture is read. */
export interface PictureOptions {
  languages: readonly string[];
  dpi: number;
}

/** What a picture says; boxes are in the pixels of the picture as it was given. */
export interface PictureText {
  words: Word[];
  confidence: number;
  rotation: PageText["rotation"];
  skew: number;
}

/** Smaller skews cost nothing: the core follows them by itself. Degrees. */
const straightenAbove = 0.35;
/** Below this confidence a page may be upside down: good pages reach .9, turned ones .3 to .6. */
const doubtBelow = 0.72;
/** The part of the page that is read to find its orientation. */
const probeShare = 0.14;

/** Reads a picture of a page, whichever way up it is. */
export async function readPicture(
  recognizer: Recognizer,
  given: Raster,
  options: PictureOptions,
): Promise<PictureText> {
  const raster = repair(given);
  const { isSideways, skew } = measureLie(raster);
  const probed = isSideways
    ? await betterTurn(recognizer, raster, [90, 270], { ...options, skew })
    : 0;
  const first = await readTurned(recognizer, raster, { ...options, rotation: probed, skew });
  if (first.confidence >= doubtBelow || isBlank(first)) return first;
  const best = await betterTurn(recognizer, raster, [probed, opposite(probed)], {
    ...options,
    skew,
  });
  if (best === probed) return first;
  const second = await readTurned(recognizer, raster, { ...options, rotation: best, skew });
  return second.confidence > first.confidence ? second : first;
}

type Rotation = PageText["rotation"];

interface TurnOptions extends PictureOptions {
  rotation: Rotation;
  skew: number;
}

function isBlank({ words }: PictureText): boolean {
  return words.length === 0;
}

function opposite(rotation: Rotation): Rotation {
  const turned = { 0: 180, 90: 270, 180: 0, 270: 90 } as const;
  return turned[rotation];
}

async function readTurned(
  recognizer: Recognizer,
  raster: Raster,
  { rotation, skew, languages, dpi }: TurnOptions,
): Promise<PictureText> {
  const upright = turn(raster, rotation);
  const angle = Math.abs(skew) > straightenAbove ? skew : 0;
  const straight = angle === 0 ? upright : rotate(upright, -angle);
  const words = await recognizer.recognize(straight, { languages, dpi });
  const place = placeBack(raster, upright, { rotation, angle });
  return {
    words: words.map((word) => ({ ...word, box: place(word.box) })),
    confidence: meanConfidence(words),
    rotation,
    skew: Math.round(angle * 100) / 100,
  };
}

/** Reads the band with most ink in both turns and says in which one it reads better. */
async function betterTurn(
  recognizer: Recognizer,
  raster: Raster,
  turns: readonly [Rotation, Rotation],
  { languages, dpi, skew }: PictureOptions & { skew: number },
): Promise<Rotation> {
  const upright = turn(raster, turns[0]);
  const straight = Math.abs(skew) > straightenAbove ? rotate(upright, -skew) : upright;
  const band = busiestBand(straight);
  const mode = segmentation.block;
  const asIs = await recognizer.recognize(band, { languages, dpi, mode });
  const turned = await recognizer.recognize(turn(band, 180), { languages, dpi, mode });
  return score(turned) > score(asIs) ? turns[1] : turns[0];
}

/** Words that were read well count by their length; a turned page yields few of them. */
function score(words: readonly Word[]): number {
  return words
    .filter(({ confidence }) => confidence > 0.5)
    .reduce((sum, { text, confidence }) => sum + text.length * confidence, 0);
}

/** The band across the page in which neighbouring pixels differ most. */
function busiestBand(raster: Raster): Raster {
  const { width, height, data } = raster;
  const bandHeight = Math.min(height, Math.max(120, Math.round(height * probeShare)));
  const rows = new Float64Array(height + 1);
  for (let y = 0; y < height; y++) {
    let change = 0;
    for (let x = 2; x < width; x += 2)
      change += Math.abs((data[y * width + x] as number) - (data[y * width + x - 2] as number));
    rows[y + 1] = (rows[y] as number) + change;
  }
  let top = 0;
  for (let y = 0; y + bandHeight <= height; y++) {
    const change = (rows[y + bandHeight] as number) - (rows[y] as number);
    if (change > (rows[top + bandHeight] as number) - (rows[top] as number)) top = y;
  }
  return crop(raster, { left: 0, top, width, height: bandHeight });
}

/** From the straightened picture back to the one that was given. */
function placeBack(
  given: Raster,
  upright: Raster,
  { rotation, angle }: { rotation: Rotation; angle: number },
): (box: Box) => Box {
  const sin = Math.sin((-angle * Math.PI) / 180);
  const cos = Math.cos((-angle * Math.PI) / 180);
  const middleX = upright.width / 2;
  const middleY = upright.height / 2;
  const back = (x: number, y: number) => {
    const upX = cos * (x - middleX) + sin * (y - middleY) + middleX;
    const upY = -sin * (x - middleX) + cos * (y - middleY) + middleY;
    return unturn[rotation](upX, upY, given);
  };
  return ({ x0, y0, x1, y1 }) => {
    const corners = [back(x0, y0), back(x1, y0), back(x0, y1), back(x1, y1)];
    const xs = corners.map(([x]) => Math.round(x));
    const ys = corners.map(([, y]) => Math.round(y));
    const within = (value: number, most: number) => Math.max(0, Math.min(most, value));
    return {
      x0: within(Math.min(...xs), given.width),
      y0: within(Math.min(...ys), given.height),
      x1: within(Math.max(...xs), given.width),
      y1: within(Math.max(...ys), given.height),
    };
  };
}

const unturn: Record<Rotation, (x: number, y: number, given: Raster) => [number, number]> = {
  0: (x, y) => [x, y],
  90: (x, y, { height }) => [y, height - x],
  180: (x, y, { width, height }) => [width - x, height - y],
  270: (x, y, { width }) => [width - y, x],
};
