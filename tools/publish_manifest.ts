/** Where each `@std` package lives on JSR; the checkout takes the same files from npm, so that it tests anywhere. */
const jsrPackages: Readonly<Record<string, string>> = {
  "@std/encoding": "jsr:@std/encoding@^1",
  "@std/html": "jsr:@std/html@^1",
  "@std/http": "jsr:@std/http@^1",
};

/** The part of deno.json that publishing changes. */
export interface Manifest {
  readonly imports: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/**
 * The manifest to publish: `@std/*` from JSR, and nothing that only the checkout needs.
 *
 * @throws {TypeError} for an `@std` import that the list above does not know.
 */
export function publishManifest(manifest: Manifest): Manifest {
  const { scopes: _scopes, tasks: _tasks, lint: _lint, deploy: _deploy, ...published } = manifest;
  const imports = Object.entries(manifest.imports).map((
    [name, target],
  ) => [name, onJsr(name) ?? target]);
  return { ...published, imports: Object.fromEntries(imports) };
}

function onJsr(name: string): string | undefined {
  if (!name.startsWith("@std/")) return undefined;
  const [scope, base, ...path] = name.split("/");
  const target = jsrPackages[`${scope}/${base}`];
  if (target) return [target, ...path].join("/");
  throw new TypeError(
    `Cannot publish: add ${scope}/${base} to the list in tools/publish_manifest.ts`,
  );
}
