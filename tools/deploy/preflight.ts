/**
 * The checks of images by Red Hat's preflight that need neither a cluster nor Red Hat's catalogue, under its own names for
 * them: the program itself cannot be built here, because its module is not to be had. What it needs the catalogue for, to
 * look up the hash of the base's layer, is told from what the base says of itself.
 */
import type { InspectedImage } from "./inspectImage.ts";

/** Whether an image keeps to it. */
type Check = (image: InspectedImage) => boolean;

const requiredLabels: readonly string[] = [
  "name",
  "vendor",
  "version",
  "release",
  "summary",
  "description",
  "maintainer",
];
const layersLimit = 40;
/** Packages of RHEL that may not be handed on: kernels, boot loaders and firmware. */
const prohibited =
  /^(grub2?|kernel|kernel-(core|debug|devel|doc|modules|tools)(-.*)?|kmod-kvdo|linux-firmware|kpatch.*)$/;

export const preflightChecks: Readonly<Record<string, Check>> = {
  HasLicense: ({ layers }) =>
    filesOf(layers).some(({ path, bytes }) => path.startsWith("licenses/") && bytes > 0),
  HasUniqueTag: ({ tags }) => tags.some((tag) => tag.toLowerCase() !== "latest"),
  LayerCountAcceptable: ({ layers }) => layers.length <= layersLimit,
  HasRequiredLabel: ({ labels }) => requiredLabels.every((label) => (labels[label] ?? "") !== ""),
  HasNoProhibitedLabels: ({ labels }) =>
    !["name", "vendor", "maintainer"].some((label) => usesTrademark(labels[label] ?? "")),
  HasProhibitedContainerName: ({ name }) => !usesTrademark(name),
  // A name other than root is taken for what it is; a number is never 0, with whatever group.
  RunAsNonRoot: ({ user }) => !/^(root|0+)?(:|$)/.test(user),
  HasModifiedFiles: ({ layers }) => {
    const [base = [], ...later] = layers;
    const own = new Set(base.map(({ path }) => path));
    return !later.flat().some(({ path }) => isOf(own, path));
  },
  BasedOnUbi: ({ osRelease, labels }) =>
    /^ID="?rhel"?$/m.test(osRelease) && (labels["com.redhat.component"] ?? "").startsWith("ubi"),
  HasNoProhibitedPackages: ({ rpms }) =>
    rpms !== undefined && !rpms.some((name) => prohibited.test(name)),
};

/** The names of the checks that an image does not pass. */
export function failedChecks(image: InspectedImage): string[] {
  return Object.entries(preflightChecks).flatMap(([name, keeps]) => (keeps(image) ? [] : [name]));
}

function filesOf(layers: InspectedImage["layers"]): InspectedImage["layers"][number] {
  return layers.flat();
}

/** A path, or what stands for its removal: `.wh.name` of a file or folder, `.wh..wh..opq` of all that a folder had. */
function isOf(own: ReadonlySet<string>, path: string): boolean {
  const [, folder = "", gone] = /^(.*\/)?\.wh\.(.+)$/.exec(path) ?? [];
  if (gone === undefined) return own.has(path);
  const removed = gone === ".wh..opq" ? folder : `${folder}${gone}`;
  return own.has(removed) || [...own].some((each) => each.startsWith(removed.replace(/\/?$/, "/")));
}

/** "Red Hat" in any spelling, but for one "for Red Hat" that is not at the beginning. */
function usesTrademark(text: string): boolean {
  const small = text.toLowerCase();
  if (/^[^a-z0-9]*red[^a-z0-9]*hat/.test(small)) return true;
  const all = small.match(/red[^a-z0-9]*hat/g) ?? [];
  return all.length > (/for[^a-z0-9]*red[^a-z0-9]*hat/.test(small) ? 1 : 0);
}
