import type { CredentialOptions } from "../credentials/options.ts";

/** Options of {@linkcode vaultLogin}. */
export interface VaultLoginOptions extends CredentialOptions {
  /** URL of Vault or OpenBao. Default: `SIGNET_VAULT_ADDR`, `VAULT_ADDR`, else `BAO_ADDR`. */
  address?: string;
  /** Role of the JWT auth method. Default: `SIGNET_VAULT_ROLE`. */
  role?: string;
  /** Where the JWT auth method is mounted, without `auth/`. Default `jwt`. */
  mount?: string;
  /** Namespace. Default: `VAULT_NAMESPACE`, else `BAO_NAMESPACE`, else none. */
  namespace?: string;
  /** Audience of the identity token, one of the role's `bound_audiences`. Default `vault`. */
  audience?: string;
}

/** What Vault said at login. */
export interface VaultTokenInfo {
  /** Names the token in audit logs without being it; empty for a batch token. */
  readonly accessor: string;
  /** Policies of the token. */
  readonly policies: readonly string[];
  /** Metadata that the role attached. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether the token can be renewed. */
  readonly renewable: boolean;
  /** When the token ends by this machine's clock; undefined when it does not. */
  readonly expiresAt: Date | undefined;
}

/** A login that lasts: it renews its token, and logs in again where that ends. Revokes the token when disposed. */
export interface VaultSession extends AsyncDisposable {
  /** The token, renewed or replaced when it nears its end. An abort ends only this caller's wait. */
  token(options?: { signal?: AbortSignal }): Promise<string>;
  /** What Vault said of the token in use. */
  readonly info: VaultTokenInfo;
  /**
   * Calls Vault with the token: a path such as `secret/data/app` (`/v1/` is added) or `/v1/secret/data/app`. Never
   * another host. Logs in again, and asks once more, when Vault no longer knows the token. Answers as `fetch` does;
   * an error status does not throw. The answer must begin within `timeoutMs`, else it rejects with a `TimeoutError`;
   * the session's signal ends it as `init.signal` does.
   */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Revokes the token; later calls throw. Never throws itself. */
  close(): Promise<void>;
}
