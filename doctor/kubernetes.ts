import type { Check } from "./check.ts";
import { probeVendor } from "./probe_vendor.ts";
import { algorithmCheck, certificateCheck, issuerUrlCheck } from "./reach_checks.ts";
import type { VendorContext } from "./vendor_context.ts";

const SOURCE = "Kubernetes AuthenticationConfiguration; coreos/go-oidc";
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "ES256",
  "ES384",
  "ES512",
  "PS256",
  "PS384",
  "PS512",
];

/** Check an issuer and its tokens as the API server does. */
export async function kubernetesChecks(context: VendorContext): Promise<Check[]> {
  const { observation } = context;
  return [
    issuerUrlCheck(observation, {
      vendor: "kubernetes",
      name: "the API server",
      source: SOURCE,
      cloud: false,
    }),
    algorithmCheck(observation, { vendor: "kubernetes", algorithms: ALGORITHMS, source: SOURCE }),
    certificateCheck(observation, {
      vendor: "kubernetes",
      status: "warn",
      remedy: "Put the CA into issuer.certificateAuthority of the AuthenticationConfiguration.",
      source: SOURCE,
    }),
    ...await probeVendor(context, {
      audience: "kubernetes",
      algorithms: ALGORITHMS,
      maxSubjectBytes: 255,
      // The rule that `signet setup kubernetes` writes.
      maxLifetime: 3600,
      source: SOURCE,
    }),
  ];
}
