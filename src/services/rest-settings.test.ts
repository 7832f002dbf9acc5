import { expect, test } from "bun:test";
import { restSettings } from "./rest-settings.ts";

// Hints end the sentence themselves: two stops appeared.
test("no setting's text ends with a full stop", () => {
  const settings = restSettings({ port: 8081, database: "shop", corsOrigins: "" });
  const stopped = Object.values(settings).filter(({ about }) => about.endsWith("."));
  expect(stopped).toEqual([]);
});
