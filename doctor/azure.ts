import { type Check, check, fail, ok, skip } from "./check.ts";
import type { IssuerObservation } from "./observe_issuer.ts";
import { probeVendor } from "./probe_vendor.ts";
import { algorithmCheck, certificateCheck, issuerUrlCheck } from "./reach_checks.ts";
import type { VendorContext } from "./vendor_context.ts";

const SOURCE = "Microsoft Entra, workload identity federation considerations";
const ALGORITHMS = ["RS256"];

/** Check an issuer and its tokens as Microsoft Entra does. */
export async function azureChecks(context: VendorContext): Promise<Check[]> {
  const { observation } = context;
  return [
    issuerUrlCheck(observation, { vendor: "azure", name: "Entra", source: SOURCE, cloud: true }),
    algorithmCheck(observation, { vendor: "azure", algorithms: ALGORITHMS, source: SOURCE }),
    keyCount(observation),
    certificateCheck(observation, {
      vendor: "azure",
      status: "fail",
      remedy: "Use a certificate of a public CA: Entra takes no other.",
      source: SOURCE,
    }),
    ...await probeVendor(context, {
      audience: "api://AzureADTokenExchange",
      algorithms: ALGORITHMS,
      maxSubjectBytes: 600,
      source: SOURCE,
    }),
  ];
}

function keyCount({ keys }: IssuerObservation): Check {
  return check(
    {
      id: "azure.key_count",
      title: "Number of keys",
      expected: "at most 100",
      remedy: "Remove retired keys: Entra stores the first 100 and knows no others.",
      source: SOURCE,
    },
    keys.length === 0
      ? skip("no keys were read")
      : keys.length > 100
      ? fail(String(keys.length))
      : ok(String(keys.length)),
  );
}
