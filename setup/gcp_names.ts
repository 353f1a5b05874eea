/** Resource names of a pool and its provider. */
export interface GcpNames {
  readonly pool: string;
  readonly provider: string;
  /** `projects/{number}/locations/global/workloadIdentityPools/{pool}` */
  readonly poolResource: string;
  /** The same and `/providers/{provider}`. */
  readonly providerResource: string;
  /** Audience that Google expects when no other is allowed. */
  readonly audience: string;
}

/** Build the names; the parts are checked by the caller. */
export function gcpNames(
  options: { readonly projectNumber: string; readonly pool?: string; readonly provider?: string },
): GcpNames {
  const { projectNumber, pool = "signet", provider = "signet" } = options;
  const poolResource = `projects/${projectNumber}/locations/global/workloadIdentityPools/${pool}`;
  const providerResource = `${poolResource}/providers/${provider}`;
  return {
    pool,
    provider,
    poolResource,
    providerResource,
    audience: `https://iam.googleapis.com/${providerResource}`,
  };
}
