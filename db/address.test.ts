import { describe, expect, test } from "bun:test";
import { Secret } from "../src/core/secret.ts";
import { readDatabaseAddress } from "./address.ts";

const local = {
  host: "localhost",
  port: 5432,
  database: "shop",
  username: "postgres",
  password: "postgres",
  sslMode: "prefer",
  schema: undefined,
};

const read = (...args: Parameters<typeof readDatabaseAddress>) => {
  const address = readDatabaseAddress(...args);
  return { ...address, password: address.password.reveal() };
};

describe("readDatabaseAddress", () => {
  test.each([
    ["jdbc:postgresql://localhost:5432/shop", local],
    ["jdbc:postgresql://localhost/shop", local],
    ["postgres://localhost/shop", local],
    ["postgresql://db.example:6000/shop", { ...local, host: "db.example", port: 6000 }],
    ["postgres://ann:s%40fe@localhost/shop", { ...local, username: "ann", password: "s@fe" }],
    [
      "jdbc:postgresql://localhost/shop?user=ann&password=s%40fe&sslmode=require&currentSchema=app",
      { ...local, username: "ann", password: "s@fe", sslMode: "require", schema: "app" },
    ],
    // Neither driver knows allow: postgres.js never connected to a server without TLS.
    ["postgres://localhost/shop?sslmode=allow", local],
    ["postgres://[::1]:5433/shop", { ...local, host: "::1", port: 5433 }],
  ])("reads %s", (url, expected) => {
    expect(read(url) as unknown).toEqual(expected);
  });

  test("a login beside the URL wins over the one inside", () => {
    const login = { username: "eve", password: new Secret("other") };
    expect(read("postgres://ann:safe@localhost/shop", login)).toMatchObject({
      username: "eve",
      password: "other",
    });
  });

  test.each([
    "mysql://localhost/shop",
    "localhost:5432/shop",
    "jdbc:postgresql:shop",
    "postgres://localhost",
    "postgres://one,two/shop",
    "postgres://localhost/shop?sslmode=maybe",
    "postgres://ann:100%@localhost/shop",
    "postgres://ann:se@cr@et@:x/shop",
  ])("refuses %s without quoting it", (url) => {
    const attempt = () => readDatabaseAddress(url);
    expect(attempt).toThrow("Cannot read the database address");
    expect(attempt).not.toThrow(url);
  });
});
