import { X509Certificate } from "node:crypto";
import { awsThumbprint } from "../setup/aws_thumbprint.ts";
import { awsClaimProblems } from "./aws_claims.ts";
import { type Check, check, fail, failIfAny, ok, skip, warn } from "./check.ts";
import { keyName } from "./key_checks.ts";
import type { IssuerObservation, PublishedKey } from "./observe_issuer.ts";
import { probeVendor } from "./probe_vendor.ts";
import { algorithmCheck, issuerUrlCheck } from "./reach_checks.ts";
import type { VendorContext } from "./vendor_context.ts";

const SOURCE = "AWS IAM user guide, OIDC identity providers; STS AssumeRoleWithWebIdentity";
const ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];

/** Check an issuer and its tokens as AWS STS does. */
export async function awsChecks(context: VendorContext): Promise<Check[]> {
  const { observation } = context;
  return [
    issuerUrlCheck(observation, { vendor: "aws", name: "AWS", source: SOURCE, cloud: true }),
    algorithmCheck(observation, { vendor: "aws", algorithms: ALGORITHMS, source: SOURCE }),
    keyOps(observation),
    x5c(observation),
    keyCount(observation),
    await thumbprint(observation),
    ...await probeVendor(context, {
      audience: "sts.amazonaws.com",
      algorithms: ALGORITHMS,
      maxSubjectBytes: 255,
      claimProblems: awsClaimProblems,
      source: SOURCE,
    }),
  ];
}

function keyOps({ keys }: IssuerObservation): Check {
  const found = keys.filter((key) => "key_ops" in key).map((key) => `${keyName(key)} has key_ops`);
  return check({
    id: "aws.key_ops",
    title: "key_ops",
    expected: "absent in every key",
    remedy: "Strip key_ops (WebCrypto's export adds it): AWS refuses every token of such a key.",
    source: "recorded answers of STS, 2026-09",
  }, keys.length === 0 ? skip("no keys were read") : failIfAny(found, "absent"));
}

function x5c({ keys }: IssuerObservation): Check {
  const found = keys.filter((key) => "x5c" in key);
  const wrong = found.filter((key) => !agrees(key)).map((key) =>
    `${keyName(key)}: x5c does not agree with its own key`
  );
  return check(
    {
      id: "aws.x5c",
      title: "x5c",
      expected: "absent, or the certificate of the same key",
      remedy: "Leave x5c out, or put the certificate of this very key there.",
      source: "recorded answers of STS, 2026-09; RFC 7517 §4.7",
    },
    keys.length === 0
      ? skip("no keys were read")
      : failIfAny(wrong, found.length > 0 ? "agrees" : "absent"),
  );
}

function agrees(key: PublishedKey): boolean {
  const [first] = Array.isArray(key.x5c) ? key.x5c : [];
  try {
    const der = Uint8Array.from(atob(String(first)), (char) => char.charCodeAt(0));
    const jwk = new X509Certificate(der).publicKey.export({ format: "jwk" });
    return ["kty", "n", "e", "crv", "x", "y"].every((name) =>
      jwk[name as keyof typeof jwk] === key[name]
    );
  } catch {
    return false;
  }
}

function keyCount({ keys }: IssuerObservation): Check {
  const count = (kty: string) => keys.filter((key) => key.kty === kty).length;
  const [rsa, ec] = [count("RSA"), count("EC")];
  return check(
    {
      id: "aws.key_count",
      title: "Number of keys",
      expected: "at most 100 RSA and 100 EC keys",
      remedy: "Remove retired keys: one RSA key too many makes AWS refuse all RSA tokens.",
      source: SOURCE,
    },
    keys.length === 0
      ? skip("no keys were read")
      : rsa > 100 || ec > 100
      ? fail(`${rsa} RSA, ${ec} EC`)
      : ok(`${rsa} RSA, ${ec} EC`),
  );
}

async function thumbprint({ tls, jwks }: IssuerObservation): Promise<Check> {
  const rule = {
    id: "aws.thumbprint",
    title: "Thumbprint",
    expected: "not needed: a public CA signed the certificate",
    remedy: "Enter the thumbprint in the OIDC provider, and anew before the certificate changes.",
    source: "AWS IAM user guide, obtain the thumbprint",
  };
  if (!tls || !jwks?.url.startsWith("https:")) return check(rule, skip("no TLS chain was read"));
  const found = await awsThumbprint(jwks.url, { readTlsChain: () => Promise.resolve(tls) });
  if (!found.needed) return check(rule, ok("not needed"));
  return check(rule, warn(`needed: ${found.thumbprint ?? "not readable here"}`, found.explanation));
}
