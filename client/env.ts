interface Permissions {
  querySync(descriptor: { name: "env"; variable?: string }): { state: string };
}

interface Host {
  Deno?: { env: { get(name: string): string | undefined }; permissions: Permissions };
  process?: { env?: Record<string, string | undefined> };
}

/** Reads a variable on Deno, Node and Bun; one that may not be read counts as absent, unasked. */
export function readEnv(name: string): string | undefined {
  const host = globalThis as Host;
  const { Deno } = host;
  // On Deno a mere look at `process` loads its Node layer: 20 ms and 8 MiB at start.
  if (Deno === undefined) return host.process?.env?.[name];
  return granted(Deno.permissions, name) ? Deno.env.get(name) : undefined;
}

/** The same for many variables at one moment: asks about the permission once where it can. */
export function envReader(): (name: string) => string | undefined {
  const { Deno } = globalThis as Host;
  return Deno === undefined || !mayReadEnv() ? readEnv : (name) => Deno.env.get(name);
}

/** Whether the whole environment may be read. */
export function mayReadEnv(): boolean {
  const { Deno } = globalThis as Host;
  return Deno === undefined || Deno.permissions.querySync({ name: "env" }).state === "granted";
}

function granted(permissions: Permissions, variable: string): boolean {
  // Asking first, because a read without permission stops to ask the person at the terminal.
  return permissions.querySync({ name: "env", variable }).state === "granted";
}
