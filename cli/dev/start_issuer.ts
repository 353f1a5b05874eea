import type { CliHost, CliProcess } from "../io.ts";
import { CliError } from "../errors.ts";
import { devPaths, type DevSecrets } from "./dev_secrets.ts";

const START_MS = 30_000;
const POLL_MS = 100;

/** Starts `issuer/main.ts` as a program of its own, with the permissions that it needs and no others. */
export function startIssuer(
  host: CliHost,
  { issuer, port, secrets }: { issuer: string; port: number; secrets: DevSecrets },
): CliProcess {
  const env = {
    SIGNET_ISSUER: issuer,
    SIGNET_KV: devPaths(port).kv,
    SIGNET_KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey,
    SIGNET_ADMIN_TOKEN: secrets.adminToken,
  };
  const main = new URL("../../issuer/main.ts", import.meta.url);
  const place = ["--host", "127.0.0.1", "--port", String(port)]; // nobody else on the network
  return host.spawn({ args: ["serve", ...place, ...issuerFlags(main), main.href], env });
}

/** Exactly what a development issuer may do; it reads `keys/` for its signing workers. */
export function issuerFlags(main: URL): string[] {
  const local = (path: string) => decodeURIComponent(new URL(path, main).pathname);
  const checkout = main.protocol === "file:";
  return [
    ...["--quiet", "--no-prompt", "--unstable-kv", "--unstable-cron"],
    // `deno serve` looks for it where it is started, not where the program is.
    ...(checkout ? ["--config", local("../deno.json")] : []),
    "--allow-net", // platforms whose tokens it exchanges may be anywhere
    "--allow-env=SIGNET_*,PORT,DENO_DEPLOY,DENO_TIMELINE",
    `--allow-read=.signet${checkout ? `,${local("../keys/")}` : ""}`,
    "--allow-write=.signet",
  ];
}

/** Waits until the issuer can sign. @throws {CliError} when it ends or takes too long. */
export async function waitUntilReady(
  host: CliHost,
  { issuer, child }: { issuer: string; child: CliProcess },
): Promise<void> {
  let ended: number | undefined;
  child.exited.then((code) => ended = code);
  const deadline = host.now() + START_MS;
  while (host.now() < deadline && !host.signal.aborted) {
    if (await isReady(host, issuer)) return;
    if (ended !== undefined) {
      throw new CliError("failed", `The issuer ended with exit code ${ended}`, {
        next: "Its own words stand above. Is the port taken? Try another one with --port.",
      });
    }
    await host.sleep(POLL_MS);
  }
  if (host.signal.aborted) throw new CliError("interrupted", "Stopped before the issuer was ready");
  throw new CliError("unreachable", `The issuer was not ready within ${START_MS / 1000} s`);
}

async function isReady(host: CliHost, issuer: string): Promise<boolean> {
  try {
    const response = await host.fetch(`${issuer}/healthz`, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
