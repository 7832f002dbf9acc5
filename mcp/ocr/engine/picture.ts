import { findInk } from "./ink.ts";
import { findLost } from "./lost-ink.ts";
import { type Box, meanConfidence, type PageText, type Raster, type Word } from "./model.ts";
import { crop, rotate, turn } from "./raster.ts";
import { type Recognizer, segmentation } from "./recognizer.ts";
import { lookAgain } from "./second-look.ts";
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
/** Below this confidence even a page that lies on its side may have been upright. */
const despairBelow = 0.6;
/** The part of the page that is read to find its orientation. */
const probeShare = 0.14;

/** Reads a repaired picture of a page, whichever way up it is. */
export async function readPicture(
  recognizer: Recognizer,
  raster: Raster,
  options: PictureOptions,
): Promise<PictureText> {
  const lie = measureLie(findInk(raster));
  if (!lie.isSideways)
    return readEitherWay(recognizer, raster, { ...options, ...lie, turns: [0, 180] });
  const skew = lie.turnedSkew;
  const turns = [90, 270] as const;
  const probed = await betterTurn(recognizer, raster, turns, { ...options, skew });
  const order = probed === 90 ? turns : ([270, 90] as const);
  const sideways = await readEitherWay(recognizer, raster, { ...options, skew, turns: order });
  if (sideways.confidence >= despairBelow) return sideways;
  // Grain and shadows can look like lines that run up and down.
  const upright = { ...options, skew: lie.skew, turns: [0, 180] } as const;
  return better(sideways, await readEitherWay(recognizer, raster, upright));
}

/** Reads a picture in the first of two turns, and in the other one when that looks upside down. */
async function readEitherWay(
  recognizer: Recognizer,
  raster: Raster,
  options: PictureOptions & { skew: number; turns: readonly [Rotation, Rotation] },
): Promise<PictureText> {
  const [rotation, opposite] = options.turns;
  const first = await readTurned(recognizer, raster, { ...options, rotation });
  if (first.confidence >= doubtBelow || first.words.length === 0) return first;
  const best = await betterTurn(recognizer, raster, options.turns, options);
  if (best === rotation) return first;
  return better(first, await readTurned(recognizer, raster, { ...options, rotation: opposite }));
}

function better(first: PictureText, second: PictureText): PictureText {
  return second.confidence > first.confidence ? second : first;
}

type Rotation = PageText["rotation"];

interface TurnOptions extends PictureOptions {
  rotation: Rotation;
  skew: number;
}

async function readTurned(
  recognizer: Recognizer,
  raster: Raster,
  { rotation, skew, languages, dpi }: TurnOptions,
): Promise<PictureText> {
  const upright = turn(raster, rotation);
  const angle = Math.abs(skew) > straightenAbove ? skew : 0;
  const straight = angle === 0 ? upright : rotate(upright, -angle);
  const first = await recognizer.recognize(straight, { languages, dpi });
  const sure = await lookAgain(recognizer, straight, { words: first, languages, dpi });
  const words = await findLost(recognizer, straight, { words: sure, languages, dpi });
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
