import { encodeBase64Url } from "@std/encoding/base64url";
import { CliError } from "../errors.ts";
import type { CliHost } from "../io.ts";

/** What a development issuer keeps between runs. */
export interface DevSecrets {
  readonly adminToken: string;
  readonly keyEncryptionKey: string;
  readonly requestToken?: string;
  readonly credentialId?: string;
}

/** Where a development issuer keeps its secrets and its keys; one set per port. */
export function devPaths(port: number): { secrets: string; kv: string } {
  return { secrets: `.signet/dev-${port}.json`, kv: `.signet/dev-${port}.kv` };
}

/** Reads the secrets of an earlier run, or makes new ones and keeps them. */
export async function loadDevSecrets(host: CliHost, port: number): Promise<DevSecrets> {
  const path = devPaths(port).secrets;
  try {
    const kept = parse(await host.files.read(path));
    if (kept) return kept;
    const secrets = { adminToken: random(host), keyEncryptionKey: random(host) };
    await saveDevSecrets(host, { port, secrets });
    return secrets;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError("failed", `Cannot keep what development needs in ${path}: ${reason}`, {
      next: "start it in a folder of your own, or see who owns .signet",
      cause,
    });
  }
}

/** Keeps the secrets for the next run; only the owner can read them. */
export async function saveDevSecrets(
  host: CliHost,
  { port, secrets }: { port: number; secrets: DevSecrets },
): Promise<void> {
  await host.files.writePrivate(devPaths(port).secrets, JSON.stringify(secrets, null, 2) + "\n");
}

function parse(text: string | undefined): DevSecrets | undefined {
  try {
    const value = text === undefined ? undefined : JSON.parse(text);
    const complete = typeof value?.adminToken === "string" &&
      typeof value.keyEncryptionKey === "string";
    return complete ? value : undefined;
  } catch {
    return undefined; // a torn file is worth no more than none
  }
}

function random(host: CliHost): string {
  return encodeBase64Url(host.randomBytes(32));
}
