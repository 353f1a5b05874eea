import type { CredentialOptions } from "../credentials/options.ts";

/** How the identity token is presented. */
export type ExchangeGrant = "token-exchange" | "jwt-bearer" | "bearer";

/** Options of {@linkcode exchangeToken} and {@linkcode tokenExchange}. */
export interface ExchangeTokenOptions extends CredentialOptions {
  /** URL of the token endpoint; https, or http on loopback. */
  endpoint: string;
  /** Audience of the identity token, as the endpoint's trust demands it. */
  audience: string;
  /**
   * How the identity token is presented: `token-exchange` (RFC 8693: `subject_token`), `jwt-bearer` (RFC 7523:
   * `assertion`), or `bearer` (`Authorization: Bearer`, as octo-sts and npm have it). Default `token-exchange`.
   */
  grant?: ExchangeGrant;
  /**
   * Further parameters, for example `scope`, `resource`, `client_id`, or the `audience` of the token that is wanted.
   * They win over the ones that the grant sets; an empty string leaves one of those out. Default: none.
   */
  parameters?: Record<string, string>;
  /** Name of the parameter that carries the identity token. Default: the grant's; Tailscale calls it `jwt`. */
  tokenParameter?: string;
  /** How the parameters are sent: as a form (the RFCs), as JSON, or as a query of a GET. Default `form`. */
  format?: "form" | "json" | "query";
  /** Further headers. Default: none. */
  headers?: Record<string, string>;
  /** Lifetime to ask of the identity token, in seconds, at least 1. Default: the issuer's. */
  ttl?: number;
}

/** The token that an endpoint gave. */
export interface ExchangedToken {
  /** The token (`access_token`, or `token` where the endpoint calls it so). */
  readonly token: string;
  /** `token_type`, for example `Bearer`; `N_A` where it is no access token (RFC 8693 section 2.2.1). */
  readonly tokenType: string | undefined;
  /** `issued_token_type` of RFC 8693. */
  readonly issuedTokenType: string | undefined;
  /** `scope`, where the endpoint states it. */
  readonly scope: string | undefined;
  /** When it ends by this machine's clock: by `expires_in`, else by the token itself where it is a JWT. */
  readonly expiresAt: Date | undefined;
}

/** Gives a token, from memory while it is fresh; `prefetch` has it ready before the first request. */
export interface TokenExchange {
  /** The token. An abort ends only this caller's wait. */
  (options?: { signal?: AbortSignal }): Promise<ExchangedToken>;
  /** Fetches the token now, so that the first request finds it. */
  prefetch(): Promise<void>;
}
