import type { Resolved } from "./subject.ts";

/** Algorithms that Signet signs with and Vault verifies. */
export const VAULT_ALGORITHMS: readonly string[] = ["RS256", "ES256"];

/** Options of the Vault and OpenBao plan. */
export interface VaultSetupOptions {
  /** Program to call. Default `vault`. */
  readonly program?: "vault" | "bao";
  /** Address of the server, for the program. Default: a placeholder to fill in. */
  readonly address?: string;
  /** Path of the JWT auth method, `[A-Za-z0-9_-]` and `/`. Default `jwt`. */
  readonly mount?: string;
  /** Role to write. Default `{app}-{context}`. */
  readonly role?: string;
  /** Policies of the token. Default: one with the role's name. */
  readonly policies?: readonly string[];
  /** Paths that a policy with the role's name may read. Default none: no policy is written. */
  readonly readPaths?: readonly string[];
  /** Life of the Vault token in seconds, 60 to 86,400. Default 900. */
  readonly tokenTtlSeconds?: number;
  /** PEM of the CA that signed the issuer's certificate. Default: the CAs of the Vault server. */
  readonly issuerCa?: string;
}

/** The checked parts of a plan. */
export interface VaultPlanParts {
  readonly base: Resolved;
  readonly program: string;
  readonly mount: string;
  readonly role: string;
  readonly policies: readonly string[];
  readonly readPaths: readonly string[];
  readonly org: string;
  readonly ttl: number;
  readonly ca: string | undefined;
}
