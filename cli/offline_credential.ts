import { createRequestToken, sha256Hex } from "../issuer/workloads/request_token.ts";
import { CliError } from "./errors.ts";

/** Seconds that a token made offline works when nothing else is asked for: 90 days. */
export const OFFLINE_EXPIRES_IN = 7_776_000;

/** What {@linkcode createOfflineCredential} makes. */
export interface OfflineCredential {
  /** The request token; nobody else ever sees it. */
  readonly secret: string;
  /** The entry for `SIGNET_CONFIG`; holds the SHA-256 only. */
  readonly credential: Readonly<Record<string, unknown>>;
}

/** Makes a request token without an issuer, and the entry that makes the issuer accept it. */
export function createOfflineCredential(options: {
  readonly issuer: string;
  readonly workload: string;
  readonly expiresIn: number;
  readonly deployment?: string;
  readonly audiences?: readonly string[];
  readonly now: number;
  readonly randomBytes: (length: number) => Uint8Array;
}): OfflineCredential {
  const { issuer, workload, deployment, audiences, now, randomBytes } = options;
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(workload)) {
    throw new CliError("usage", `Cannot use ${workload} as a workload id`, {
      next: "1 to 63 characters a-z, 0-9 and hyphens, starting with a letter or digit.",
    });
  }
  const secret = createRequestToken({ issuer, workload, randomBytes });
  const sha256 = sha256Hex(secret);
  const credential = {
    type: "request_token",
    id: sha256.slice(0, 12),
    sha256,
    expiresAt: new Date(now + options.expiresIn * 1000).toISOString(),
    ...(deployment !== undefined && { deployment }),
    ...(audiences && { audiences }),
  };
  return { secret, credential };
}
