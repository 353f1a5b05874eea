import { issuerFitness } from "../setup/issuer_fitness.ts";
import { type Check, check, fail, failIfAny, ok, skip, type Verdict, warn } from "./check.ts";
import { documentChecks } from "./document_checks.ts";
import { keyChecks } from "./key_checks.ts";
import type { IssuerObservation } from "./observe_issuer.ts";

const DISCOVERY = "OpenID Connect Discovery 1.0 §3, §4";

/** Check what every relying party demands of an issuer. */
export function issuerChecks(observation: IssuerObservation): Check[] {
  const { discovery, jwks } = observation;
  return [
    urlForm(observation),
    ...documentChecks(discovery, { name: "discovery", title: "Discovery" }),
    discoveryIssuer(observation),
    discoveryMembers(observation),
    discoveryAlgorithms(observation),
    jwksUri(observation),
    ...documentChecks(jwks, { name: "jwks", title: "Key set" }),
    ...keyChecks(observation),
    clock(observation),
    tlsChain(observation),
  ];
}

function urlForm({ issuer }: IssuerObservation): Check {
  const { malformed, loopback } = issuerFitness(issuer, "vault");
  const verdict = malformed.length > 0
    ? fail(`${issuer}: ${malformed.join("; ")}`)
    : loopback
    ? warn(
      `${issuer} is on loopback`,
      "Give the issuer a public https URL before others rely on it.",
    )
    : ok(issuer);
  return check({
    id: "issuer.url_form",
    title: "Form of the issuer URL",
    expected: "https, lower-case host, no user, query, fragment or trailing slash",
    remedy: "Set SIGNET_ISSUER to the URL in that form and change it in every trust that names it.",
    source: "OpenID Connect Core 1.0 §2 (iss)",
  }, verdict);
}

/** Judge the discovery document, or skip when there is none. */
function onDiscovery(
  { discovery }: IssuerObservation,
  judge: (body: Readonly<Record<string, unknown>>) => Verdict,
): Verdict {
  return discovery.body ? judge(discovery.body) : skip("discovery could not be read");
}

function discoveryIssuer(observation: IssuerObservation): Check {
  return check(
    {
      id: "issuer.discovery_issuer",
      title: "issuer in discovery",
      expected: observation.issuer,
      remedy:
        "Serve the issuer under the very URL that it calls itself: same case, no trailing slash.",
      source: `${DISCOVERY}.3; Vault oidc_discovery_url, Kubernetes issuer.url`,
    },
    onDiscovery(
      observation,
      ({ issuer }) => issuer === observation.issuer ? ok(observation.issuer) : fail(String(issuer)),
    ),
  );
}

const REQUIRED = [
  "jwks_uri",
  "response_types_supported",
  "subject_types_supported",
  "id_token_signing_alg_values_supported",
];

function discoveryMembers(observation: IssuerObservation): Check {
  return check(
    {
      id: "issuer.discovery_members",
      title: "Members of discovery",
      expected: `${REQUIRED.join(", ")}, claims_supported`,
      remedy: "Publish the missing members: AWS and strict clients refuse a thinner document.",
      source: `${DISCOVERY}; AWS IAM user guide, OIDC prerequisites`,
    },
    onDiscovery(observation, (body) => {
      const missing = REQUIRED.filter((name) => body[name] === undefined);
      if (missing.length > 0) return fail(`missing: ${missing.join(", ")}`);
      return body.claims_supported === undefined
        ? warn("missing: claims_supported")
        : ok("all there");
    }),
  );
}

function discoveryAlgorithms(observation: IssuerObservation): Check {
  return check(
    {
      id: "issuer.discovery_algorithms",
      title: "Algorithms in discovery",
      expected: "RS256, neither none nor HS*",
      remedy:
        "Sign with RS256 (the one algorithm that every cloud takes) and list only what you sign with.",
      source: `${DISCOVERY} (RS256 MUST be included)`,
    },
    onDiscovery(observation, (body) => {
      const listed = body.id_token_signing_alg_values_supported;
      if (!Array.isArray(listed)) return skip("not listed");
      const weak = listed.filter((alg) => alg === "none" || /^HS/.test(String(alg)));
      if (weak.length > 0) return fail(`lists ${weak.join(", ")}`);
      return listed.includes("RS256") ? ok(listed.join(", ")) : fail(listed.join(", "));
    }),
  );
}

function jwksUri(observation: IssuerObservation): Check {
  const { issuer } = observation;
  return check(
    {
      id: "issuer.jwks_uri",
      title: "Address of the key set",
      expected: "https, on the issuer's host, no fragment",
      remedy: "Serve the key set over https under the issuer URL.",
      source: `${DISCOVERY} (jwks_uri)`,
    },
    onDiscovery(observation, ({ jwks_uri: uri }) => {
      if (uri === undefined) return skip("not named");
      if (typeof uri !== "string" || !URL.canParse(uri)) return fail("not a URL");
      const url = new URL(uri);
      const loopback = issuerFitness(url.origin, "vault").loopback;
      if (url.protocol !== "https:" && !loopback) return fail(`${uri} is not https`);
      if (url.hash !== "") return fail(`${uri} has a fragment`);
      const same = URL.canParse(issuer) && new URL(issuer).host === url.host;
      return same ? ok(uri) : warn(`${uri} is on another host`);
    }),
  );
}

function clock({ discovery, jwks }: IssuerObservation): Check {
  return check({
    id: "issuer.clock",
    title: "Clock of the issuer",
    expected: "within 60 s of this machine",
    remedy:
      "Synchronize the clocks of the issuer and of this machine (NTP): Google and Vault refuse beyond 60 s, AWS beyond 300 s.",
    source: "RFC 7519 §4.1.4-4.1.6; Vault clock_skew_leeway",
  }, judgeClock(jwks?.status === 200 ? jwks : discovery));
}

function judgeClock(document: IssuerObservation["discovery"]): Verdict {
  const { status, headers, elapsedMs, receivedAt } = document;
  if (status === 0) return skip("no answer came");
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(date)) return skip("the answer has no Date header");
  // A cache hands out the origin's old Date and says in Age how old it is.
  const age = Number(headers.get("age") ?? "0") * 1000;
  const skew = Math.round((date + age - (receivedAt - elapsedMs / 2)) / 1000);
  const found = `${Math.abs(skew)} s ${skew < 0 ? "behind" : "ahead"}`;
  if (Math.abs(skew) > 300) return fail(found);
  return Math.abs(skew) > 60 ? warn(found) : ok(found);
}

function tlsChain({ issuer, tls, tlsError }: IssuerObservation): Check {
  const rule = {
    id: "issuer.tls_chain",
    title: "TLS certificate",
    expected: "a chain that a public CA signed, valid now for this host",
    remedy:
      "Use a certificate of a public CA; with a private one, give its CA to Vault and Kubernetes and its thumbprint to AWS. Google and Entra refuse it.",
    source: "RFC 9110 §4.3.4; AWS IAM user guide, OIDC thumbprint",
  };
  if (tlsError) return check(rule, fail(tlsError));
  if (!tls) {
    return check(rule, skip(issuer.startsWith("https:") ? "no reader was given" : "not https"));
  }
  const problems = tls.certificates.length === 0 ? ["the host sent no certificate"] : [];
  if (problems.length > 0) return check(rule, failIfAny(problems, ""));
  if (!tls.trusted) {
    return check(rule, warn(`not signed by a public CA: ${tls.reason ?? "unknown CA"}`));
  }
  return check(rule, ok(`${tls.certificates.length} certificates, trusted`));
}
