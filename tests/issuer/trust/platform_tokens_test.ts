import { assert, assertEquals } from "@std/assert";
import { PlatformTokenError } from "../../../issuer/trust/errors.ts";
import { createPlatformTokenVerifier } from "../../../issuer/trust/platform_tokens.ts";
import { readPlatformToken } from "../../../issuer/trust/read_platform_token.ts";
import type { TrustRule } from "../../../issuer/trust/rule.ts";
import { goodClaims, NOW, NOW_S, signToken, type TestKey, testKey } from "../../verify/_support.ts";
import { OWN, rule } from "./_support.ts";

const key = await testKey("ES256", "k1"), stranger = await testKey("ES256", "k1");
const CI = "https://ci.example.com";

/** Issuers by origin, every request counted. */
function network(issuers: Record<string, TestKey>) {
  const asked: string[] = [];
  const fetch = ((address: string) => {
    asked.push(address);
    const issuer = Object.keys(issuers).find((url) => address.startsWith(url));
    if (issuer === undefined) return Promise.reject(new TypeError("no route"));
    const document = address.endsWith("/jwks")
      ? { keys: [issuers[issuer]!.jwk] }
      : { issuer, jwks_uri: `${issuer}/jwks` };
    return Promise.resolve(Response.json(document));
  }) as typeof globalThis.fetch;
  return { asked, fetch };
}

function setUp(options: Record<string, unknown> = {}) {
  const net = network({ [CI]: key, "https://accounts.google.com": key });
  const verifier = createPlatformTokenVerifier({
    ownIssuer: OWN,
    ownIsLoopback: false,
    fetch: net.fetch,
    now: () => NOW,
    ...options,
  });
  const outcome = async (token: string, rules: readonly TrustRule[]) => {
    try {
      const { matches } = await verifier.verify(readPlatformToken(token), rules);
      return matches.map(({ rule }) => rules.indexOf(rule)).join();
    } catch (error) {
      if (!(error instanceof PlatformTokenError)) throw error;
      assert(!error.message.includes(token.slice(0, 30)));
      return error.code;
    }
  };
  return { ...net, verifier, outcome };
}

const claims = (changes: Record<string, unknown> = {}) =>
  goodClaims({ iss: CI, aud: OWN, project: "web", ...changes });

Deno.test("verify accepts a genuine token under every rule that it meets", async () => {
  const { verifier, outcome } = setUp();
  const rules = [
    rule({ claims: { project: "api" } }),
    rule(),
    rule({ claims: { sub: { glob: "deployment:acme/web/*" } }, singleUse: false }),
    rule({ issuer: "https://other.example.com" }),
  ];
  const token = await signToken(key, claims());
  assertEquals(await outcome(token, rules), "1,2");
  const { matches, replay, parsed } = await verifier.verify(readPlatformToken(token), rules);
  assertEquals(matches.map(({ singleUse }) => singleUse), [true, false]);
  assertEquals(matches[0]?.facts, {});
  assertEquals(parsed.claims["project"], "web");
  assertEquals(replay.key.length, 64);
});

Deno.test("threat 18: verify refuses this issuer's own token before anything else", async () => {
  const { asked, outcome } = setUp();
  const token = await signToken(key, claims({ iss: OWN }));
  assertEquals(await outcome(token, [rule({ issuer: OWN })]), "own_token");
  assertEquals(asked, []);
});

Deno.test("threats 39, 40: no connection is made for an issuer that no rule names", async () => {
  const listed = { connections: 0 }, unlisted = { connections: 0 }, heads: string[] = [];
  const serve = (count: { connections: number }) => {
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const url = `http://127.0.0.1:${listener.addr.port}`;
    const done = (async () => {
      for await (const connection of listener) {
        count.connections++;
        const requestHead = await headOf(connection), path = requestHead.split(" ")[1] ?? "";
        heads.push(requestHead.toLowerCase());
        const body = JSON.stringify(
          path.endsWith("/jwks") ? { keys: [key.jwk] } : { issuer: url, jwks_uri: `${url}/jwks` },
        );
        const head =
          `HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`;
        await connection.write(new TextEncoder().encode(head + body));
        connection.close();
      }
    })();
    return { url, stop: () => (listener.close(), done) };
  };
  const friend = serve(listed), enemy = serve(unlisted);
  const { outcome } = setUp({ fetch: undefined, ownIsLoopback: true });
  const rules = [rule({ issuer: friend.url })];
  for (
    const changes of [{}, { iss: `${enemy.url}/` }, { iss: enemy.url }, {
      iss: `${friend.url}/@${enemy.url}`,
    }]
  ) {
    const token = await signToken(key, claims({ iss: enemy.url, ...changes }), { jku: undefined });
    assertEquals(await outcome(token, rules), "issuer_not_trusted");
  }
  assertEquals([listed.connections, unlisted.connections], [0, 0]);
  assertEquals(await outcome(await signToken(key, claims({ iss: friend.url })), rules), "0");
  assertEquals([listed.connections, unlisted.connections], [2, 0]);
  // Threat 40, on the wire: what leaves this machine holds no credential.
  assert(heads.every((text) => !text.includes("authorization:") && !text.includes("cookie:")));
  await friend.stop();
  await enemy.stop();
});

async function headOf(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(4096), size = await connection.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, size));
}

Deno.test("threat 36: verify never asks a forbidden place, even where a rule slipped through", async () => {
  for (
    const issuer of [
      "https://10.0.0.1",
      "http://cache.localhost",
      "http://127.0.0.1:1",
      "https://metadata.google.internal",
    ]
  ) {
    const { asked, outcome } = setUp();
    const token = await signToken(key, claims({ iss: issuer }));
    assertEquals(await outcome(token, [rule({ issuer })]), "keys_unavailable");
    assertEquals(asked, [], issuer);
  }
});

Deno.test("threat 37: Google's keys may lie on googleapis.com, nobody else's on another host", async () => {
  const google = (issuer: string) =>
    ((address: string) =>
      Promise.resolve(Response.json(
        address.startsWith("https://www.googleapis.com/")
          ? { keys: [key.jwk] }
          : { issuer, jwks_uri: "https://www.googleapis.com/oauth2/v3/certs" },
      ))) as typeof globalThis.fetch;
  for (
    const [iss, expected] of [["https://accounts.google.com", "0"], [
      CI,
      "keys_unavailable",
    ]] as const
  ) {
    const { outcome } = setUp({ fetch: google(iss) });
    const entry = rule({ issuer: iss, preset: "google", claims: { sub: "s" } });
    assertEquals(await outcome(await signToken(key, claims({ iss, sub: "s" })), [entry]), expected);
  }
});

Deno.test("threat 6: verify uses the keys of the token's own issuer only", async () => {
  const other = "https://other.example.com";
  const { fetch } = network({ [CI]: key, [other]: stranger });
  const { outcome } = setUp({ fetch });
  const rules = [rule(), rule({ issuer: other })];
  assertEquals(await outcome(await signToken(key, claims()), rules), "0");
  assertEquals(await outcome(await signToken(stranger, claims({ iss: other })), rules), "1");
  assertEquals(await outcome(await signToken(stranger, claims()), rules), "signature_invalid");
  assertEquals(
    await outcome(await signToken(key, claims({ iss: other })), rules),
    "signature_invalid",
  );
});

Deno.test("threat 6: keys given in one rule never vouch under another rule for that issuer", async () => {
  const { asked, outcome } = setUp();
  const planted = rule({ jwks: { keys: [stranger.jwk] } });
  const forged = await signToken(stranger, claims());
  assertEquals(await outcome(forged, [rule()]), "signature_invalid");
  assertEquals(await outcome(forged, [planted]), "0");
  assertEquals(await outcome(forged, [rule(), planted]), "1");
  assertEquals(await outcome(await signToken(key, claims()), [planted, rule()]), "1");
  assertEquals(asked.length, 2);
});

Deno.test("verify needs no network for a rule with keys of its own", async () => {
  const { asked, outcome } = setUp();
  const issuer = "https://kubernetes.default.svc.cluster.local";
  const entry = rule({ issuer, jwks: { keys: [key.jwk] } });
  assertEquals(await outcome(await signToken(key, claims({ iss: issuer })), [entry]), "0");
  assertEquals(asked, []);
});

Deno.test("verify refuses a genuine token that meets no rule, and checks the signature first", async () => {
  const { outcome } = setUp();
  const rules = [rule()];
  assertEquals(
    await outcome(await signToken(key, claims({ project: "api" })), rules),
    "no_rule_matches",
  );
  assertEquals(
    await outcome(await signToken(stranger, claims({ project: "api" })), rules),
    "signature_invalid",
  );
  assertEquals(
    await outcome(await signToken(key, claims({ aud: "https://other.test" })), rules),
    "audience_mismatch",
  );
  assertEquals(
    await outcome(await signToken(key, claims({ aud: [OWN, "x"] })), rules),
    "audience_mismatch",
  );
});

Deno.test("threat 12: verify bounds the life of a platform token to a day", async () => {
  const { outcome } = setUp();
  const lasting = (seconds: number) => signToken(key, claims({ exp: NOW_S + seconds }));
  assertEquals(await outcome(await lasting(86_400), [rule()]), "0");
  assertEquals(await outcome(await lasting(86_401), [rule()]), "lifetime_too_long");
  assertEquals(
    await outcome(await signToken(key, claims({ iat: NOW_S - 90, exp: NOW_S - 30 })), [rule()]),
    "token_expired",
  );
});

Deno.test("threat 8: verify takes the types of an exchange and no other", async () => {
  const { outcome } = setUp();
  for (const typ of ["JWT", undefined, "authorization-grant+jwt"]) {
    assertEquals(await outcome(await signToken(key, claims(), { typ }), [rule()]), "0");
  }
  assertEquals(
    await outcome(await signToken(key, claims(), { typ: "at+jwt" }), [rule()]),
    "type_not_allowed",
  );
  assertEquals(await outcome("a.b", [rule()]), "token_malformed");
});

Deno.test("verify forgets the issuer used longest ago when it knows too many", async () => {
  const urls = Array.from({ length: 4 }, (_, i) => `https://ci${i}.example.com`);
  const { asked, fetch } = network(Object.fromEntries(urls.map((url) => [url, key])));
  const { outcome } = setUp({ fetch, maxIssuers: 3 });
  const visit = async (index: number) => {
    const before = asked.length, issuer = urls[index]!;
    assertEquals(
      await outcome(await signToken(key, claims({ iss: issuer })), [rule({ issuer })]),
      "0",
    );
    return asked.length > before;
  };
  assertEquals([await visit(0), await visit(1), await visit(2)], [true, true, true]);
  assertEquals(await visit(0), false);
  assertEquals(await visit(3), true);
  assertEquals([await visit(0), await visit(2)], [false, false]);
  assertEquals(await visit(1), true);
});

Deno.test("threat 51: an outage of one issuer is told apart from a refusal, for a retry", async () => {
  const { outcome } = setUp({ fetch: () => Promise.reject(new TypeError("down")) });
  assertEquals(await outcome(await signToken(key, claims()), [rule()]), "keys_unavailable");
  const planted = rule({ jwks: { keys: [stranger.jwk] } });
  assertEquals(
    await outcome(await signToken(key, claims()), [planted, rule()]),
    "keys_unavailable",
  );
});
