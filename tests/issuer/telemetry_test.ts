import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { type Attributes, type Meter, registeredMeter } from "../../issuer/telemetry/meter.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { startMain, tempFolder } from "../e2e/_support.ts";
import { adminToken, startIssuer } from "../_support/start_issuer.ts";
import { eventually } from "../_support/eventually.ts";
import { faultyKv } from "../kv/faulty_kv.ts";

const audience = "https://api.acme.test";

/** A meter that keeps all it is told. */
function memoryMeter() {
  type Callback = Parameters<ReturnType<Meter["createObservableGauge"]>["addCallback"]>[0];
  const values: { name: string; value: number; attributes: Attributes }[] = [];
  const gauges: [name: string, callback: Callback][] = [];
  const take = (name: string) => (value: number, attributes: Attributes = {}) =>
    void values.push({ name, value, attributes });
  const meter: Meter = {
    createCounter: (name) => ({ add: take(name) }),
    createHistogram: (name) => ({ record: take(name) }),
    createObservableGauge: (name) => ({
      addCallback: (callback) => void gauges.push([name, callback]),
    }),
  };
  return {
    meter,
    of: (name: string) => values.filter((value) => value.name === name),
    look() {
      values.length = 0;
      for (const [name, callback] of gauges) callback({ observe: take(name) });
    },
  };
}

Deno.test("telemetry counts tokens and refusals by reason, and times signatures and KV calls", async () => {
  const { meter, of } = memoryMeter();
  const { kv, faults } = faultyKv(memoryKv());
  await using issuer = startIssuer({ kv, meter, rateLimit: 3 });
  const secret = await issuer.register();
  for (const bearer of [secret, secret, secret.slice(0, -1), secret, secret]) {
    await (await issuer.token(bearer, { audience })).body?.cancel();
  }
  await (await issuer.token(secret, { audience, ttl: "99999" })).body?.cancel();
  const counts = (name: string) =>
    of(name).map(({ value, attributes: { method, error, reason } }) =>
      [value, method, error, reason].join(" ").trim()
    );
  assertEquals(counts("signet.tokens.issued"), Array(3).fill("1 request_token"));
  assertEquals(counts("signet.tokens.refused"), [
    "1 none invalid_client no request token of this issuer",
    "1 none slow_down rate_limited_credential",
    "1 none slow_down rate_limited_credential",
  ]);
  assertEquals(of("signet.signing.duration").length, 3);
  assert(of("signet.signing.duration").every(({ value }) => value > 0 && value < 60));
  assertEquals(of("signet.admin.requests").length, 2);
  faults.error = new Error("down");
  issuer.clock.now += 61_000;
  await (await issuer.token(secret, { audience })).body?.cancel();
  const calls = of("signet.kv.duration").map(({ attributes }) =>
    Object.values(attributes).join(" ")
  );
  for (const call of ["read ok", "commit ok", "read failed"]) assert(calls.includes(call), call);
  assert(of("signet.keys.events").some(({ attributes }) => attributes.change === "load_failed"));
});

Deno.test("telemetry makes no promise of an answer that is there at once, and times it", async () => {
  const { meter, of } = memoryMeter();
  const profiles = [{ name: "eddsa", audiences: [audience], alg: "EdDSA" }] as const;
  await using started = startIssuer({ meter, profiles });
  const secret = await started.register();
  await (await started.token(secret, { audience })).body?.cancel();
  const url = `${started.url}/token?${new URLSearchParams({ audience })}`;
  const headers = { authorization: `Bearer ${secret}` };
  assertInstanceOf(started.issuer.handle(new Request(url, { headers })), Response);
  assertEquals(of("signet.signing.duration").length, 2);
});

Deno.test("telemetry shows key ages, the next rotation and how old the copy of the keys is", async () => {
  const { meter, of, look } = memoryMeter();
  await using issuer = startIssuer({ meter, tenants: { acme: { adminToken } } });
  look();
  assertEquals(of("signet.key.age"), [], "nothing to show before the keys are read");
  for (const path of ["/healthz", "/acme/healthz"]) await (await issuer.get(path)).body?.cancel();
  issuer.clock.now += 30_000;
  look();
  const issuers = new Set(of("signet.key.age").map(({ attributes }) => attributes.issuer));
  assertEquals(issuers, new Set([issuer.url, `${issuer.url}/acme`]));
  const own = (name: string) =>
    of(name).filter(({ attributes }) => attributes.issuer === issuer.url);
  assertEquals(own("signet.key.age").map(({ attributes }) => attributes.state), [
    "active",
    "published",
  ]);
  // The first active key is dated back by the clock skew.
  assertEquals(own("signet.key.age").map(({ value }) => value), [90, 30]);
  assertEquals(own("signet.keys.view_age").map(({ value }) => value), [30]);
  assertEquals(own("signet.key.next_rotation").map(({ value }) => value), [7 * 24 * 3600 - 90]);
});

Deno.test("registeredMeter finds what OpenTelemetry registered and nothing else", () => {
  assertEquals(registeredMeter({}), undefined);
  const { meter } = memoryMeter();
  const registered = { metrics: { getMeter: (name: string) => name === "signet" ? meter : null } };
  assertEquals(registeredMeter({ [Symbol.for("opentelemetry.js.api.1")]: registered }), meter);
});

Deno.test("issuer/main.ts sends its measurements by Deno's OpenTelemetry when that is on", async () => {
  let sent = "";
  await using collector = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const bytes = new Uint8Array(await request.arrayBuffer());
      if (new URL(request.url).pathname === "/v1/metrics") sent += String.fromCharCode(...bytes);
      return new Response(null, { status: 200 });
    },
  );
  await using folder = await tempFolder();
  const env = {
    OTEL_DENO: "true",
    OTEL_DENO_CONSOLE: "ignore",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
    OTEL_METRIC_EXPORT_INTERVAL: "100",
  };
  await using main = await startMain({ folder: folder.path, env });
  const secret = await main.register();
  const token = await main.mint(secret);
  const names = [
    "tokens.issued",
    "signing.duration",
    "kv.duration",
    "key.age",
    "key.next_rotation",
  ];
  await eventually(() => names.every((name) => sent.includes(`signet.${name}`)));
  assert(!sent.includes(secret) && !sent.includes(token));
  main.interrupt();
  assertEquals(await main.ended, 0);
});
