import type { CliContext } from "./context.ts";
import { CliError } from "./errors.ts";

/** Reads JSON from a file, or from stdin for `-`. @throws {CliError} when there is none. */
export async function readJson(context: CliContext, path: string): Promise<unknown> {
  const text = path === "-"
    ? await context.host.stdin.readAll()
    : await context.host.files.read(path);
  if (text === undefined) throw new CliError("usage", `Cannot read ${path}: there is no such file`);
  try {
    return JSON.parse(text);
  } catch {
    const name = path === "-" ? "stdin" : path;
    throw new CliError("usage", `Cannot read ${name}: it is not JSON`);
  }
}

/** The text of a file; undefined without a path. @throws {CliError} when there is no such file. */
export async function readText(
  context: CliContext,
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = await context.host.files.read(path);
  if (text === undefined) throw new CliError("usage", `Cannot read ${path}: there is no such file`);
  return text;
}

/** A token given as an argument, or read from stdin for `-`; surrounding space does not matter. */
export async function readToken(context: CliContext, argument: string): Promise<string> {
  const text = argument === "-" ? await context.host.stdin.readAll() : argument;
  const token = text.trim();
  if (token === "") {
    throw new CliError("usage", "Cannot read a token: the input is empty", {
      next: "signet token --audience sts.amazonaws.com | signet inspect -",
    });
  }
  return token;
}
