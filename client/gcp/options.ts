import type { CredentialOptions } from "../credentials/options.ts";

/** Which provider of a workload identity pool to use, and how to reach Google. */
export interface GoogleProviderOptions extends CredentialOptions {
  /** Number (not id) of the project that holds the pool. Default: from `provider`. */
  projectNumber?: string | number;
  /** Id of the pool, 4 to 32 of `a-z 0-9 -`. Default: from `provider`. */
  pool?: string;
  /**
   * Id of the provider; or, without `projectNumber` and `pool`, its full resource name
   * `projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>`.
   * Default: `SIGNET_GCP_WORKLOAD_PROVIDER`, else `GCP_WORKLOAD_PROVIDER_ID`.
   */
  provider?: string;
  /** Audience of the identity token. Default: `https:` and the provider's full resource name, as Google expects. */
  idTokenAudience?: string;
  /** Universe domain. Default `googleapis.com`. */
  universeDomain?: string;
  /** URL of the Security Token Service. Default `https://sts.<universeDomain>/v1/token`. */
  stsUrl?: string;
  /** URL of IAM Service Account Credentials, without a path. Default `https://iamcredentials.<universeDomain>`. */
  iamCredentialsUrl?: string;
}

/** Options of {@linkcode googleAccessToken}. */
export interface GoogleAccessTokenOptions extends GoogleProviderOptions {
  /**
   * Email of the service account to act as; `null` for direct access, whatever the environment says.
   * Default: `SIGNET_GCP_SERVICE_ACCOUNT`, else `GCP_SERVICE_ACCOUNT_EMAIL`, else direct access.
   */
  serviceAccount?: string | null;
  /** OAuth scopes. Default `https://www.googleapis.com/auth/cloud-platform`. */
  scopes?: readonly string[];
  /**
   * Lifetime of a service account's token in seconds, 1 to 43,200; more than 3,600 needs an organization policy.
   * Default 3,600. With direct access the identity token's lifetime rules, for which 3,600 is asked.
   */
  lifetime?: number;
  /** Emails of the service accounts between this identity and `serviceAccount`. Default: none. */
  delegates?: readonly string[];
}

/** Options of {@linkcode googleIdToken}. */
export interface GoogleIdTokenOptions extends GoogleProviderOptions {
  /** Who the ID token is for, for example the URL of a Cloud Run service. */
  targetAudience: string;
  /** Email of the service account to act as. Default: `SIGNET_GCP_SERVICE_ACCOUNT`, else `GCP_SERVICE_ACCOUNT_EMAIL`. */
  serviceAccount?: string;
  /** Whether the ID token names the service account's email. Default true. */
  includeEmail?: boolean;
  /** Emails of the service accounts between this identity and `serviceAccount`. Default: none. */
  delegates?: readonly string[];
}

/** A token of Google. */
export interface GoogleToken {
  /** The token, for `Authorization: Bearer`. */
  readonly token: string;
  /** When it ends, by this machine's clock. */
  readonly expiresAt: Date;
}

/** Gives a token, from memory while it is fresh; `prefetch` has it ready before the first request. */
export interface GoogleTokenSource {
  /** The token. An abort ends only this caller's wait. */
  (options?: { signal?: AbortSignal }): Promise<GoogleToken>;
  /** Fetches the token now, so that the first request finds it. */
  prefetch(): Promise<void>;
}
