import type { Check } from "./check.ts";
import { probeVendor } from "./probe_vendor.ts";
import { algorithmCheck, certificateCheck, issuerUrlCheck } from "./reach_checks.ts";
import type { VendorContext } from "./vendor_context.ts";

const SOURCE = "Google Cloud IAM API, workloadIdentityPools.providers";
const ALGORITHMS = ["RS256", "ES256"];

/** Check an issuer and its tokens as Google's STS does. Needs the probe's audience. */
export async function gcpChecks(context: VendorContext): Promise<Check[]> {
  const { observation } = context;
  return [
    issuerUrlCheck(observation, {
      vendor: "gcp",
      name: "Google Cloud",
      source: SOURCE,
      cloud: true,
    }),
    algorithmCheck(observation, { vendor: "gcp", algorithms: ALGORITHMS, source: SOURCE }),
    certificateCheck(observation, {
      vendor: "gcp",
      status: "fail",
      remedy: "Use a certificate of a public CA, or upload the key set to the provider.",
      source: SOURCE,
    }),
    ...await probeVendor(context, {
      audience: undefined,
      algorithms: ALGORITHMS,
      maxSubjectBytes: 127,
      // Below this the client libraries refresh on every call: they do so 5 min before the end.
      minLifetime: 600,
      maxLifetime: 48 * 3600 - 1,
      source: SOURCE,
    }),
  ];
}
