/** A part of a component that is compiled into it, so that no package of its own tells of it. */
export interface Part {
  name: string;
  /** An SPDX expression. */
  licence: string;
  /** Who holds the rights, as its licence names them. */
  copyright?: string;
  /** Where its source and its licence are. */
  address: string;
}

/** Something of others that an artefact holds. */
export interface Component {
  name: string;
  version: string;
  /** An SPDX expression. */
  licence: string;
  /** Where its source and its licence are; empty when its package does not say. */
  address: string;
  /** What a reader should know beside the texts. */
  remark?: string;
  /** The texts of its licences and notices, as its package holds them. */
  texts: readonly string[];
  parts: readonly Part[];
}
