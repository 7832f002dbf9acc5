/** What an archive may cost; each bound ends a kind of zip bomb. */
export interface ArchiveLimits {
  /** The archive itself. It is held in memory while it is read. */
  archiveBytes: number;
  /** Files and folders; the largest known bundle has about 6,000. */
  entries: number;
  /** All files together, unpacked. */
  totalBytes: number;
  /** One file, unpacked. A compiled server with its runtime is about 110 MB. */
  fileBytes: number;
  /** Unpacked bytes for each packed byte, counted from `ratioFromBytes` on: text rarely passes 30, deflate can reach 1032. */
  ratio: number;
  /** Smaller files may compress as well as they like. */
  ratioFromBytes: number;
  /** The path of one entry. */
  pathBytes: number;
  /** Folders above one entry. */
  pathDepth: number;
}

export const defaultArchiveLimits: Readonly<ArchiveLimits> = {
  archiveBytes: 512 * 1024 * 1024,
  entries: 20_000,
  totalBytes: 1024 * 1024 * 1024,
  fileBytes: 512 * 1024 * 1024,
  ratio: 200,
  ratioFromBytes: 1024 * 1024,
  pathBytes: 512,
  pathDepth: 32,
};
