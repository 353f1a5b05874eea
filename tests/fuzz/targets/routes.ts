import { adminToken, type StartedIssuer, startIssuer } from "../../_support/start_issuer.ts";
import { assertionClaims, createSigner, grants, type Signer } from "../../threats/_support.ts";
import { anyText, anyValue, mutateBytes, mutateText, mutateValue } from "../mutate.ts";
import type { Random } from "../random.ts";
import { ensure, type Target } from "../target.ts";

const PATHS = [
  ...["/", "/token", "/healthz", "/console", "/trust", "/.well-known/jwks.json", "/blue/token"],
  ...["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"],
  ...[
    "/admin/workloads",
    "/admin/workloads/web",
    "/admin/workloads/web/credentials",
    "/admin/audit",
  ],
  ...[
    "/admin/workloads/web/credentials/none",
    "/admin/keys",
    "/admin/keys/rotate",
    "/admin/keys/none",
  ],
  "/admin/explain",
];
const METHODS = [
  "GET",
  "GET",
  "POST",
  "POST",
  "PATCH",
  "DELETE",
  "PUT",
  "HEAD",
  "OPTIONS",
  "constructor",
  "BREW",
];
const TYPES = [
  "application/json",
  "application/x-www-form-urlencoded",
  "application/merge-patch+json",
  "text/plain",
  "",
];
const BODIES: readonly unknown[] = [
  { id: "new", org: "acme", app: "new", context: "production", audiences: ["*"], trust: [] },
  { type: "request_token", expiresIn: 60, deployment: "d1", audiences: ["https://a.test"] },
  { type: "public_key", jwk: { kty: "OKP", crv: "Ed25519", x: "A".repeat(43) } },
  { audiences: ["https://a.test"], claims: { team: "x" }, maxTtlSeconds: 60 },
  { emergency: true, alg: "EdDSA" },
  { token: "a.b.c" },
];

interface World {
  readonly started: StartedIssuer;
  readonly secret: string;
  readonly signer: Signer;
  readonly events: string[];
}

async function start(): Promise<World> {
  const events: string[] = [];
  const profiles = [{ name: "quick", audiences: ["https://quick.test"], alg: "EdDSA" as const }];
  const onEvent = (event: unknown) => void events.push(JSON.stringify(event));
  const signer = await createSigner("own");
  const platform = "https://platform.test";
  const network = (url: string | URL | Request) =>
    Promise.resolve(Response.json(
      String(url).endsWith("/jwks")
        ? { keys: [signer.publicJwk] }
        : { issuer: platform, jwks_uri: `${platform}/jwks` },
    ));
  const started = startIssuer({ fetch: network, profiles, tenants: { blue: {} }, onEvent });
  const trust = [{
    issuer: "https://platform.test",
    audience: started.url,
    claims: { project: "7" },
  }];
  const secret = await started.register({ trust });
  return { started, secret, signer, events };
}

/** A form with a presented token, nearly sound. */
async function formOf(random: Random, { started, signer }: World): Promise<string> {
  const grant = random.pick(Object.values(grants));
  const iss = random.pick([
    "https://platform.test",
    "web",
    anyText(random),
    "w".repeat(random.int(4_000)),
    "w".repeat(3_000),
  ]);
  const sound = assertionClaims(started.url, {
    now: started.clock.now,
    iss,
    sub: iss,
    project: "7",
  });
  const claims = random.oneIn(3) ? sound : mutateValue(random, sound);
  const header = random.oneIn(4)
    ? mutateValue(random, { kid: "own" }) as Record<string, unknown>
    : {};
  const token = await signer.sign(claims, header);
  const shown = random.oneIn(4) ? mutateText(random, token) : token;
  const form = new URLSearchParams({ audience: "https://quick.test", ...grant(shown) }).toString();
  return random.oneIn(4) ? mutateText(random, form) : form;
}

async function bodyOf(random: Random, world: World): Promise<Uint8Array<ArrayBuffer>> {
  const kind = random.int(4);
  const text = kind === 0
    ? await formOf(random, world)
    : kind === 1
    ? anyText(random, 40)
    : JSON.stringify(kind === 2 ? mutateValue(random, random.pick(BODIES)) : anyValue(random)) ??
      "";
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(random.oneIn(6) ? mutateBytes(random, bytes) : bytes);
}

function placeOf(random: Random): string {
  const path = random.pick(PATHS);
  const query = random.oneIn(3)
    ? `?${mutateText(random, "audience=https%3A%2F%2Fquick.test&ttl=60&limit=5&cursor=a")}`
    : "?audience=https://quick.test";
  return (random.oneIn(4) ? mutateText(random, path) : path) + (random.oneIn(2) ? query : "");
}

/** Half of the requests are of one piece, so that they come as far as what they are about. */
async function soundRequest(random: Random, world: World): Promise<Request> {
  const { url } = world.started, isForm = random.oneIn(2);
  if (isForm) return new Request(`${url}/token`, form(await formOf(random, world)));
  const path = random.pick(PATHS.filter((path) => path.startsWith("/admin/")));
  const method = random.pick(["POST", "PATCH", "DELETE", "GET"]);
  const value = random.oneIn(6) ? random.pick(BODIES) : mutateValue(random, random.pick(BODIES));
  const headers = {
    authorization: `Bearer ${adminToken}`,
    "content-type": "application/json",
    "if-match": "*",
  };
  return new Request(url + path, {
    method,
    headers,
    body: method === "GET" ? undefined : JSON.stringify(value),
  });
}

const form = (body: string): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body,
});

async function requestOf(random: Random, world: World): Promise<Request | undefined> {
  if (random.oneIn(2)) return await soundRequest(random, world);
  const { started, secret } = world;
  const method = random.oneIn(20) ? anyText(random, 3) : random.pick(METHODS);
  const bearer = random.pick([
    adminToken,
    adminToken,
    secret,
    mutateText(random, secret),
    anyText(random),
  ]);
  try {
    const headers = new Headers({ "content-type": random.pick(TYPES), "if-match": "*" });
    if (!random.oneIn(5)) headers.set("authorization", `Bearer ${bearer}`);
    if (random.oneIn(5)) {
      headers.set(random.pick(["if-match", "if-none-match", "accept", "host"]), anyText(random));
    }
    const body = ["GET", "HEAD"].includes(method) ? undefined : await bodyOf(random, world);
    return new Request(started.url + placeOf(random), { method, headers, body });
  } catch {
    // What cannot be written down as a request cannot be sent either.
  }
}

/** No request at any route gets a 5xx, nor a secret back, nor one into an event. */
export function routesTarget(): Target {
  let world: Promise<World> | undefined, tries = 0;
  return {
    name: "routes",
    cases: 400,
    async run(random) {
      // Now and then a new one, or whatever a case wrote would weigh on all that follow.
      if (tries++ % 2_000 === 0) world = start();
      const it = await world!;
      it.started.clock.now += random.int(1_000);
      const request = await requestOf(random, it);
      if (request === undefined) return;
      const shown = [request.method, request.url, [...request.headers]];
      it.events.length = 0;
      const response = await it.started.issuer.fetch(request, {
        remoteAddr: { transport: "tcp", hostname: "192.0.2.1" },
      });
      const { status } = response, text = await response.text();
      ensure(status >= 200 && status < 500, `status ${status}: ${text}`, shown);
      for (const said of [text, ...it.events]) {
        const isTold = said.includes(it.secret) || said.includes(adminToken);
        ensure(!isTold, `a secret is told: ${said}`, shown);
      }
    },
  };
}
