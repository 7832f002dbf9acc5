import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AppError } from "../../core/fault.ts";

/** A size as people read it. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The text of a key file that the command line names. */
export function readKeyFile(path: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), "utf8");
  } catch (cause) {
    throw new AppError(
      "invalid_input",
      `Cannot read the key ${JSON.stringify(path)}: no such readable file`,
      {
        hint: "Give the path of a key in PEM form.",
        cause,
      },
    );
  }
}

/**
 * Control and format characters as their escapes, so that the texts of a stranger's bundle cannot repaint the terminal on
 * which they are judged. In JSON the escape means the same character.
 */
export function visible(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** Rows as aligned columns, two blanks between them. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
