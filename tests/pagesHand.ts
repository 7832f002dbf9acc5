import type { Locator, Page } from "playwright-core";

/** The most keys that it may take to reach something, from anywhere on a page. */
const tabLimitCount = 150;

/** How a reader works a page: with a pointer, or with the keyboard alone. */
export interface Hand {
  name: "pointer" | "keyboard";
  click(target: Locator): Promise<void>;
  fill(target: Locator, text: string): Promise<void>;
  /** Chooses from a list by what it reads. */
  choose(target: Locator, label: string): Promise<void>;
  /** Ticks a box, or unticks it. */
  tick(target: Locator): Promise<void>;
  upload(target: Locator, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void>;
}

export const hands: readonly Hand[] = [
  {
    name: "pointer",
    click: (target) => target.click(),
    fill: (target, text) => target.fill(text),
    choose: async (target, label) => {
      await target.selectOption({ label });
    },
    tick: (target) => target.click(),
    upload: (target, file) => target.setInputFiles(file),
  },
  {
    name: "keyboard",
    async click(target) {
      await reach(target);
      await target.page().keyboard.press("Enter");
    },
    async fill(target, text) {
      const { keyboard } = target.page();
      await reach(target);
      await keyboard.press("ControlOrMeta+a");
      await keyboard.insertText(text);
    },
    async choose(target, label) {
      await reach(target);
      await target.page().keyboard.type(label);
    },
    async tick(target) {
      await reach(target);
      await target.page().keyboard.press("Space");
    },
    async upload(target, file) {
      await reach(target);
      const page: Page = target.page();
      const chooser = page.waitForEvent("filechooser");
      await page.keyboard.press("Enter");
      await (await chooser).setFiles(file);
    },
  },
];

/** Presses Tab until the target has the focus, as someone without a pointer does. */
async function reach(target: Locator): Promise<void> {
  await target.waitFor();
  for (let count = 0; count < tabLimitCount; count++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await target.page().keyboard.press("Tab");
  }
  throw new Error(`${target} cannot be reached with ${tabLimitCount} presses of Tab`);
}
