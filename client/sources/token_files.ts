import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";
import { notReady, pickHeldToken } from "./held_token.ts";

/** Where the documentation has a projected token for Signet mounted. */
export const PROJECTED_TOKEN: string = "/var/run/secrets/tokens/signet";

// Its audience is the cluster's API server, so it would open the cluster to whoever gets it.
const API_SERVER_TOKEN = /\/kubernetes\.io\/serviceaccount\/token$/;

/** Projected service account tokens: our own path, EKS (IRSA) and AKS. Read at each use, as kubelet renews them. */
export function kubernetes(setup: SourceSetup): TokenSource {
  const names = [
    "SIGNET_ID_TOKEN_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AZURE_FEDERATED_TOKEN_FILE",
  ];
  const named = names.map(setup.env).filter((path) => path !== undefined);
  return tokenFiles([...named, PROJECTED_TOKEN], {
    label: "Kubernetes",
    advice: "Mount a projected serviceAccountToken with this audience at " + PROJECTED_TOKEN,
    setup,
  });
}

/** The file that `SIGNET_ID_TOKEN_FILE` names. */
export function tokenFile(setup: SourceSetup): TokenSource {
  const label = "the file of SIGNET_ID_TOKEN_FILE";
  const path = setup.env("SIGNET_ID_TOKEN_FILE");
  if (path === undefined) throw notReady(label, "the variable is not set");
  return tokenFiles([path], { label, advice: "Have a token for this audience put there", setup });
}

/** Whether a pod has a projected token where the documentation puts it. */
export function hasProjectedToken({ runtime }: SourceSetup): Promise<boolean> {
  return runtime.readFile(PROJECTED_TOKEN).then(() => true, () => false);
}

function tokenFiles(
  paths: readonly string[],
  { label, advice, setup }: { label: string; advice: string; setup: SourceSetup },
): TokenSource {
  const safe = paths.filter((path) => !API_SERVER_TOKEN.test(path));
  const read = (path: string) => setup.runtime.readFile(path).catch(() => undefined);
  return {
    label,
    async getToken(request: TokenRequest) {
      const held = await Promise.all(safe.map(read));
      if (held.some((token) => token !== undefined)) {
        return pickHeldToken(held, request, { label, advice, now: setup.now });
      }
      const missing = `no token file can be read (${paths.join(", ")}), for which Deno wants ` +
        `--allow-read. ${advice}`;
      throw notReady(label, missing);
    },
  };
}
