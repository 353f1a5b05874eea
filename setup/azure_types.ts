import type { Resolved } from "./subject.ts";

/** The object that gets the federated credential. */
export type AzureTarget =
  /** An application registration: `displayName` creates or finds it, `appId` names an existing one. */
  | { readonly kind: "app"; readonly displayName?: string; readonly appId?: string }
  /** A user-assigned managed identity, created in the region of the group when absent. */
  | { readonly kind: "managed-identity"; readonly name: string; readonly resourceGroup: string };

/** Options of the Azure plan. */
export interface AzureSetupOptions {
  /** Directory (tenant) id. */
  readonly tenantId: string;
  /** Subscription that the commands run in. */
  readonly subscriptionId: string;
  /** The application or managed identity that the workload logs in as. */
  readonly target: AzureTarget;
  /** Name of the credential, 3 to 120 of `[A-Za-z0-9_-]`, immutable. Default `signet-{app}-{context}`. */
  readonly credentialName?: string;
  /** Roles to assign. Default none. */
  readonly roles?: readonly { readonly role: string; readonly scope: string }[];
  /** Cloud, which decides the audience. Default `public`. */
  readonly cloud?: "public" | "china" | "usgov" | "france" | "germany" | "singapore-gov";
}

/** The checked parts of a plan. */
export interface AzurePlanParts {
  readonly base: Resolved;
  readonly name: string;
  /** The credential as Microsoft Graph takes it. */
  readonly credential: Readonly<Record<string, unknown>>;
  readonly options: AzureSetupOptions;
}
