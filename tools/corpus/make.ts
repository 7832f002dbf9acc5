import { PDFDocument } from "pdf-lib";
import { applyEffects } from "../documents/effects.ts";
import { encodeJpeg, encodePng, encodeTiff } from "../documents/encode.ts";
import type { GreyImage } from "../documents/image.ts";
import { emptyPdf, setDocument } from "../documents/pdf.ts";
import { seededRandom } from "../documents/random.ts";
import { readPdf } from "../documents/render.ts";
import { addScan } from "../documents/scan.ts";
import type { DocumentPlan, PagePlan } from "./catalogue.ts";
import { type Condition, drawDamage } from "./conditions.ts";
import { type Kind, kinds } from "./pages.ts";
import type { Language } from "./wording.ts";

/** What is known to be on a document: the ground truth. */
export interface CorpusDocument {
  name: string;
  file: string;
  language: Language;
  /** Of the scans. */
  dpi: number;
  pages: readonly CorpusPage[];
  /** Values that stand on it, by name, as they are printed. */
  fields: Readonly<Record<string, string>>;
}

export interface CorpusPage {
  kind: Kind;
  condition: Condition;
  /** In reading order, a printed line a line. */
  text: string;
}

/** A document of the corpus with its bytes. */
export interface MadeDocument {
  truth: CorpusDocument;
  bytes: Uint8Array;
}

interface MadePage {
  truth: CorpusPage;
  fields: Readonly<Record<string, string>>;
  /** One page with a text layer. */
  pdf: Uint8Array;
  /** Absent where the text layer stays. */
  scan?: { image: GreyImage; quality: number };
}

/** Makes one document; the same plan makes the same bytes. */
export async function makeDocument(plan: DocumentPlan): Promise<MadeDocument> {
  const pages: MadePage[] = [];
  for (const [index, page] of plan.pages.entries()) pages.push(await makePage(plan, page, index));
  const truth: CorpusDocument = {
    name: plan.name,
    file: `${plan.name}.${plan.format}`,
    language: plan.language,
    dpi: plan.dpi,
    pages: pages.map((page) => page.truth),
    fields: pages.length === 1 ? (pages[0]?.fields ?? {}) : {},
  };
  return { truth, bytes: await encodePages(plan, pages) };
}

async function makePage(plan: DocumentPlan, page: PagePlan, index: number): Promise<MadePage> {
  const random = seededRandom(`${plan.name}/${index}`);
  const { blocks, fields, paper } = kinds[page.kind]({ random, language: plan.language });
  const size = random.pick([10, 10.5, 11, 12]) - (paper === "receipt" ? 1 : 0);
  const layout = { title: plan.name, blocks, paper, family: plan.family, size, mostPages: 1 };
  const { pdf, pages } = await setDocument(layout);
  const made = { truth: { ...page, text: pages[0] ?? "" }, fields, pdf };
  if (page.condition === "text") return made;
  const [read] = await readPdf(pdf, plan.dpi);
  if (read === undefined) throw new Error(`no page in "${plan.name}"`);
  const { effects, quality } = drawDamage(page.condition, random);
  return { ...made, scan: { image: applyEffects(read.image, effects, random), quality } };
}

async function encodePages(plan: DocumentPlan, pages: readonly MadePage[]): Promise<Uint8Array> {
  const scans = pages.flatMap(({ scan }) => scan ?? []);
  const [first] = scans;
  if (plan.format === "tif") return encodeTiff(scans.map(({ image }) => image));
  if (plan.format === "pdf" || first === undefined) return encodePdf(plan, pages);
  if (plan.format === "png") return encodePng(first.image);
  return encodeJpeg(first.image, first.quality);
}

async function encodePdf(plan: DocumentPlan, pages: readonly MadePage[]): Promise<Uint8Array> {
  const document = await emptyPdf(plan.name);
  for (const { pdf, scan } of pages) {
    if (scan !== undefined) {
      await addScan(document, scan.image, scan.quality);
      continue;
    }
    const source = await PDFDocument.load(pdf, { updateMetadata: false });
    for (const page of await document.copyPages(source, source.getPageIndices())) {
      document.addPage(page);
    }
  }
  return document.save();
}
