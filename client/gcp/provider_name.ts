import { firstEnv } from "../credentials/context.ts";
import { googleFailure } from "./gcp_error.ts";
import type { GoogleProviderOptions } from "./options.ts";

const host = "//iam.googleapis.com/";
const shape =
  /^projects\/([^/]+)\/locations\/global\/workloadIdentityPools\/([a-z0-9-]{4,32})\/providers\/([a-z0-9-]{4,32})$/;

/** The full resource name of a provider, `//iam.googleapis.com/projects/…`; a TypeError when it can be none. */
export function parseProviderName(text: string): string {
  const path = text.replace(/^(?:https:)?\/\/iam\.googleapis\.com\//, "");
  const match = shape.exec(path);
  if (!match) {
    throw new TypeError(
      "Cannot use provider: expected projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>",
    );
  }
  if (!/^\d+$/.test(match[1]!)) {
    throw new TypeError(
      "Cannot use projectNumber: Google wants the project's number here, not its id",
    );
  }
  return host + path;
}

/** The provider that the options name, or undefined when they leave it to the environment. */
export function namedProvider(options: GoogleProviderOptions): string | undefined {
  const { projectNumber, pool, provider } = options;
  if (projectNumber === undefined && pool === undefined) {
    return provider === undefined ? undefined : parseProviderName(provider);
  }
  return parseProviderName(
    `projects/${projectNumber}/locations/global/workloadIdentityPools/${pool}/providers/${provider}`,
  );
}

/** The provider by the environment; an error that says what to set when there is none. */
export function providerFromEnv(env: (name: string) => string | undefined): string {
  const name = firstEnv(env, ["SIGNET_GCP_WORKLOAD_PROVIDER", "GCP_WORKLOAD_PROVIDER_ID"]);
  if (name) return parseProviderName(name);
  throw googleFailure("sign in to Google Cloud")({
    code: "not_configured",
    vendorMessage: "no workload identity provider is named",
    advice: "Pass projectNumber, pool and provider, or set SIGNET_GCP_WORKLOAD_PROVIDER.",
  });
}
