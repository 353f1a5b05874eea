import { type Check, check, fail, ok, skip, type Verdict, warn } from "./check.ts";
import type { FetchedDocument } from "./observe_issuer.ts";

/** Names of a document. */
export interface DocumentName {
  readonly name: "discovery" | "jwks";
  readonly title: string;
}

/** Check how a document is served: answer, redirect, type, time, caching. */
export function documentChecks(
  document: FetchedDocument | undefined,
  { name, title }: DocumentName,
): Check[] {
  const rule = (
    id: string,
    about: string,
    rest: { expected: string; remedy: string; source: string },
  ) => ({
    id: `issuer.${name}_${id}`,
    title: `${title}: ${about}`,
    ...rest,
  });
  const judge = (verdict: (document: FetchedDocument) => Verdict): Verdict => {
    if (!document) return skip("its address is unknown");
    return document.status === 200 ? verdict(document) : skip("no good answer came");
  };
  return [
    check(
      rule("answer", "answer", {
        expected: "200 with a JSON object",
        remedy:
          "Make it reachable from the internet without login: relying parties fetch it themselves.",
        source: "OpenID Connect Discovery 1.0 §4.2; RFC 7517 §5",
      }),
      document ? answer(document) : skip("its address is unknown"),
    ),
    check(
      rule("redirect", "redirect", {
        expected: "no redirect",
        remedy: "Serve it at its address directly: many verifiers do not follow redirects.",
        source: "OpenID Connect Discovery 1.0 §4.2 (200 OK)",
      }),
      judge(({ redirect }) => redirect ? fail(`redirects to ${redirect}`) : ok("none")),
    ),
    check(
      rule("content_type", "content type", {
        expected: "application/json",
        remedy: "Send Content-Type: application/json.",
        source: "OpenID Connect Discovery 1.0 §4.2; RFC 7517 §8.5",
      }),
      judge(contentType),
    ),
    check(
      rule("time", "response time", {
        expected: "less than 5 s",
        remedy: "Bring the issuer closer or keep it warm: AWS gives up after 5 s.",
        source: "AWS re:Post, InvalidIdentityToken; jose createRemoteJWKSet timeout",
      }),
      judge(({ elapsedMs }) => elapsedMs < 5000 ? ok(`${elapsedMs} ms`) : fail(`${elapsedMs} ms`)),
    ),
    ...(name === "jwks" ? [caching(judge), etag(judge)] : []),
  ];
}

const START =
  "See that the issuer runs and that its address is right; relying parties must reach " +
  "it from the internet, without login.";

function answer({ error, status, body }: FetchedDocument): Verdict {
  if (error) return fail(error, START);
  if (status !== 200) return fail(`status ${status}`);
  return body ? ok("200, a JSON object") : fail("200, but not a JSON object");
}

function contentType({ headers }: FetchedDocument): Verdict {
  const type = headers.get("content-type") ?? "none";
  return /^application\/(?:json|jwk-set\+json)\s*(?:;|$)/i.test(type) ? ok(type) : fail(type);
}

type Judge = (verdict: (document: FetchedDocument) => Verdict) => Verdict;

function caching(judge: Judge): Check {
  return check(
    {
      id: "issuer.jwks_caching",
      title: "Key set: caching",
      expected: "Cache-Control with max-age of 60 to 86400 s",
      remedy:
        "Send Cache-Control: public, max-age=600. AWS fails on parallel logins without caching; a long max-age delays a rotation.",
      source: "RFC 9111 §5.2; GitLab merge request 138405 quoting AWS",
    },
    judge(({ headers }) => {
      const value = headers.get("cache-control") ?? "";
      if (/\b(?:no-store|no-cache|private)\b/i.test(value)) return fail(value);
      const age = /\bmax-age=(\d+)/i.exec(value)?.[1];
      if (age === undefined) return warn(value || "no Cache-Control");
      if (Number(age) === 0) return fail(value);
      return Number(age) < 60 || Number(age) > 86400 ? warn(value) : ok(value);
    }),
  );
}

function etag(judge: Judge): Check {
  return check({
    id: "issuer.jwks_etag",
    title: "Key set: ETag",
    expected: "an ETag",
    remedy: "Send an ETag, so that a refresh without change costs nothing.",
    source: "RFC 9110 §8.8.3",
  }, judge(({ headers }) => headers.get("etag") ? ok("there") : warn("none")));
}
