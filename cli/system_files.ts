import type { CliFiles } from "./io.ts";

/** The file system of this machine. */
export function systemFiles(): CliFiles {
  return { read, writePrivate, create, remove, absolute, isOpenToOthers };
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function writePrivate(path: string, text: string): Promise<void> {
  await Deno.mkdir(directoryOf(path), { recursive: true, mode: 0o700 });
  // A name that nobody can guess, and a file that must be new: a link laid there beforehand is not followed.
  const temporary = `${path}.${crypto.randomUUID()}`;
  try {
    await Deno.writeTextFile(temporary, text, { mode: 0o600, createNew: true });
    await Deno.rename(temporary, path);
  } catch (error) {
    await remove(temporary);
    throw error;
  }
}

async function create(path: string, text: string): Promise<boolean> {
  await Deno.mkdir(directoryOf(path), { recursive: true });
  try {
    await Deno.writeTextFile(path, text, { createNew: true });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function absolute(path: string): string {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path)
    ? path
    : `${Deno.cwd()}/${path.replace(/^(?:\.\/)+/, "")}`;
}

async function isOpenToOthers(path: string): Promise<boolean> {
  const { mode } = await Deno.stat(directoryOf(path));
  return mode !== null && (mode & 0o077) !== 0;
}

function directoryOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end === -1 ? "." : path.slice(0, end) || "/";
}
