import type { Check } from "./check.ts";
import { probeVendor } from "./probe_vendor.ts";
import { algorithmCheck, certificateCheck, issuerUrlCheck } from "./reach_checks.ts";
import type { VendorContext } from "./vendor_context.ts";

const SOURCE = "vault-plugin-auth-jwt; hashicorp/cap jwt";
/** What `signet setup vault` writes as jwt_supported_algs. */
const ALGORITHMS = ["RS256", "ES256"];

/** Check an issuer and its tokens as the JWT auth method of Vault and OpenBao does. */
export async function vaultChecks(context: VendorContext): Promise<Check[]> {
  const { observation } = context;
  return [
    issuerUrlCheck(observation, { vendor: "vault", name: "Vault", source: SOURCE, cloud: false }),
    algorithmCheck(observation, { vendor: "vault", algorithms: ALGORITHMS, source: SOURCE }),
    certificateCheck(observation, {
      vendor: "vault",
      status: "warn",
      remedy: "Write the CA to auth/MOUNT/config as oidc_discovery_ca_pem.",
      source: SOURCE,
    }),
    ...await probeVendor(context, {
      audience: "vault",
      algorithms: ALGORITHMS,
      maxSubjectBytes: 255,
      source: SOURCE,
    }),
  ];
}
