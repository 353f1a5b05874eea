import type { CredentialOptions } from "../credentials/options.ts";
import type { AzureCloud } from "./clouds.ts";

/** Which cloud, and which audience the identity token shall have. */
export interface AzureAssertionOptions extends CredentialOptions {
  /** Microsoft's cloud. Default: that of `authorityHost`, else `public`. */
  cloud?: AzureCloud;
  /** URL of the authority, without a tenant. Default: that of `cloud`, else `AZURE_AUTHORITY_HOST`, else the public one. */
  authorityHost?: string;
  /** Audience of the identity token, at most 600 characters. Default: the one recommended for the cloud. */
  audience?: string;
}

/** Options of {@linkcode azureCredential}. */
export interface AzureCredentialOptions extends AzureAssertionOptions {
  /** Id or domain of the tenant. Default: `SIGNET_AZURE_TENANT_ID`, else `AZURE_TENANT_ID`. */
  tenantId?: string;
  /** Client id of the app registration or managed identity. Default: `SIGNET_AZURE_CLIENT_ID`, else `AZURE_CLIENT_ID`. */
  clientId?: string;
  /** Other tenants that a client may ask tokens for; `*` for any. Default: none. */
  additionallyAllowedTenants?: readonly string[];
}

/** What an Azure client may ask besides scopes (`GetTokenOptions` of `@azure/core-auth`). */
export interface AzureGetTokenOptions {
  /** Ends this caller's wait. */
  abortSignal?: AzureAbortSignal;
  /** Another tenant than the credential's own. */
  tenantId?: string;
  /** Claims that a resource demands in a challenge; such a token is fetched anew. */
  claims?: string;
  /** Whether the client can handle continuous access evaluation. */
  enableCae?: boolean;
}

/** The part of an abort signal that Azure clients pass (`AbortSignalLike` of `@azure/abort-controller`). */
export interface AzureAbortSignal {
  /** Whether it has fired. */
  readonly aborted: boolean;
  /** Hears when it fires. */
  addEventListener(
    type: "abort",
    listener: (this: AzureAbortSignal, event: unknown) => unknown,
  ): void;
  /** No longer hears. */
  removeEventListener(
    type: "abort",
    listener: (this: AzureAbortSignal, event: unknown) => unknown,
  ): void;
}

/** An access token in the shape of `@azure/core-auth`. */
export interface AzureAccessToken {
  /** The token. */
  token: string;
  /** When it ends by this machine's clock, in milliseconds since the epoch. */
  expiresOnTimestamp: number;
  /** When to fetch the next one, in milliseconds since the epoch. */
  refreshAfterTimestamp?: number;
  /** Always `Bearer`. */
  tokenType?: "Bearer";
}

/** What every Azure client takes as a credential (`TokenCredential` of `@azure/core-auth`). */
export interface AzureCredential {
  /** An access token for the scopes, from memory while it is fresh. */
  getToken(scopes: string | string[], options?: AzureGetTokenOptions): Promise<AzureAccessToken>;
  /** Fetches the token for these scopes now, so that the first request finds it. */
  prefetch(scopes: string | string[]): Promise<void>;
}
