import type { SetupArtifact, SetupPlan } from "../../setup/types.ts";
import type { CliContext } from "../context.ts";
import { CliError } from "../errors.ts";
import type { SetupOptions } from "./options.ts";

/** Every file of a plan: the script, the Terraform, the documents. */
export function planFiles(plan: SetupPlan, format?: SetupOptions["format"]): SetupArtifact[] {
  const script = { name: "setup.sh", contents: plan.cli };
  const terraform = { name: "main.tf", contents: plan.terraform };
  if (format === "json") {
    return [{ name: "plan.json", contents: JSON.stringify(plan, null, 2) + "\n" }];
  }
  return [
    ...(format === "terraform" ? [] : [script]),
    ...(format === "cli" ? [] : [terraform]),
    ...plan.artifacts,
  ];
}

/** Writes files into a directory, all or none; a file that is there already is never overwritten. */
export async function writeFiles(
  { host, out }: CliContext,
  { directory, files }: { directory: string; files: readonly SetupArtifact[] },
): Promise<void> {
  const places = files.map((file) => ({ ...file, path: join(directory, file.name) }));
  const before = await Promise.all(places.map(({ path }) => host.files.read(path)));
  const taken = places.filter((_, i) =>
    before[i] !== undefined && before[i] !== places[i]!.contents
  );
  if (taken.length > 0) throw wouldOverwrite(taken.map(({ path }) => path));
  for (const [i, { path, contents }] of places.entries()) {
    const written = before[i] === undefined && await host.files.create(path, contents);
    if (!written && before[i] === undefined) throw wouldOverwrite([path]);
    out.line(`${written ? "wrote    " : "unchanged"}  ${path}`);
  }
}

function join(directory: string, name: string): string {
  return `${directory.replace(/\/+$/, "") || (directory.startsWith("/") ? "" : ".")}/${name}`;
}

function wouldOverwrite(paths: readonly string[]): CliError {
  return new CliError("conflict", "Cannot write the plan: other files are there already", {
    details: paths,
    next: "Move them away, or name another directory with --out. Nothing was overwritten.",
  });
}
