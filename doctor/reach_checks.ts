import { isLoopbackHost, issuerFitness } from "../setup/issuer_fitness.ts";
import type { SetupVendor } from "../setup/types.ts";
import { type Check, check, fail, ok, skip, type Verdict, warn } from "./check.ts";
import type { IssuerObservation } from "./observe_issuer.ts";

const PRIVATE_HOST =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cd])|\.(?:internal|local|lan|corp|home\.arpa)$|^[^.:]+$/;

/** Check what one vendor says to the issuer URL. */
export function issuerUrlCheck(
  { issuer }: IssuerObservation,
  rule: {
    readonly vendor: SetupVendor;
    readonly name: string;
    readonly source: string;
    readonly cloud: boolean;
  },
): Check {
  return check({
    id: `${rule.vendor}.issuer_url`,
    title: `Issuer URL as ${rule.name} takes it`,
    expected: rule.cloud ? "public https address" : "address that the server reaches",
    remedy: `Give the issuer a URL that ${rule.name} takes and reaches.`,
    source: rule.source,
  }, judgeUrl(issuer, rule));
}

function judgeUrl(
  issuer: string,
  { vendor, name, cloud }: {
    readonly vendor: SetupVendor;
    readonly name: string;
    readonly cloud: boolean;
  },
): Verdict {
  if (!URL.canParse(issuer)) return skip("not a URL");
  const { malformed, refusals } = issuerFitness(issuer, vendor);
  const own = refusals.filter((problem) => !malformed.includes(problem));
  const { protocol, hostname } = new URL(issuer);
  if (own.length > 0) return fail(`${issuer} ${own.join("; ")}`);
  if (cloud && isLoopbackHost(hostname)) return fail(`${name} cannot reach ${hostname}`);
  if (vendor === "kubernetes" && protocol === "http:") {
    return fail("the API server takes https only");
  }
  if (protocol === "http:") return warn("http: fine on one machine only");
  if (cloud && PRIVATE_HOST.test(hostname)) {
    return warn(`${hostname} looks private; ${name} must reach it from the internet`);
  }
  return ok(issuer);
}

/** Check what one vendor says to a certificate that no public CA signed. */
export function certificateCheck(
  { tls }: IssuerObservation,
  rule: {
    readonly vendor: SetupVendor;
    /** `fail` where nothing can be configured. */
    readonly status: "warn" | "fail";
    readonly remedy: string;
    readonly source: string;
  },
): Check {
  return check(
    {
      id: `${rule.vendor}.tls`,
      title: "Certificate",
      expected: rule.status === "fail"
        ? "signed by a public CA"
        : "signed by a public CA, or its CA is configured",
      remedy: rule.remedy,
      source: rule.source,
    },
    !tls
      ? skip("no TLS chain was read")
      : tls.trusted
      ? ok("signed by a public CA")
      : { status: rule.status, found: `no public CA: ${tls.reason ?? "unknown CA"}` },
  );
}

/** Check that a key exists that signs with an algorithm of the vendor. */
export function algorithmCheck(
  { keys }: IssuerObservation,
  rule: {
    readonly vendor: SetupVendor;
    readonly algorithms: readonly string[];
    readonly source: string;
  },
): Check {
  const algorithms = [...new Set(keys.map((key) => String(key.alg)))];
  const usable = algorithms.filter((alg) => rule.algorithms.includes(alg));
  return check(
    {
      id: `${rule.vendor}.algorithms`,
      title: "Algorithms of the keys",
      expected: `at least one of ${rule.algorithms.join(", ")}`,
      remedy: "Keep an RS256 key in the key set: every vendor takes it.",
      source: rule.source,
    },
    keys.length === 0
      ? skip("no keys were read")
      : usable.length === 0
      ? fail(algorithms.join(", "))
      : ok(algorithms.join(", ")),
  );
}
