/** `issuer/main.ts` in three processes on the real denokv, which ends under load and comes back. */
import { assert, assertEquals } from "@std/assert";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { createVerifier } from "../../verify/mod.ts";
import { type DenokvServer, denokvServer, lacksDenokv } from "../_support/denokv.ts";
import { audience, issuerUrl, type MainProcess, startMain, tempFolder } from "./_support.ts";

/** What was acknowledged: all of it must be there in the end. */
class Ledger {
  readonly workloads: string[] = [];
  /** The last epoch of the EdDSA keys, which are replaced in emergencies. */
  epoch = 0;
  tokens = 0;
  #started = 0;

  nextId(): string {
    return `w-${this.#started++}`;
  }
}

/** The processes, as one host name with a load balancer shows them. */
class Fleet {
  readonly mains: readonly MainProcess[];
  readonly ledger = new Ledger();
  readonly #secret: string;
  /** Keeps the JWKS as `./verify` promises: ten minutes, and looks again for an unknown key. */
  readonly #verifier = createVerifier({
    ...{ issuer: issuerUrl, audience, algorithms: ["RS256", "ES256", "EdDSA"] },
    fetch: (input) => this.#next().get(new URL(String(input)).pathname.replace("/id/", "/")),
  });
  #turn = 0;

  constructor(mains: readonly MainProcess[], secret: string) {
    this.mains = mains;
    this.#secret = secret;
  }

  #next(): MainProcess {
    return this.mains[this.#turn++ % this.mains.length]!;
  }

  /** Each process mints; throws when one refuses, or the relying party does. */
  async mint(): Promise<void> {
    for (const token of await Promise.all(this.mains.map((main) => main.mint(this.#secret)))) {
      await this.#verifier.verify(token);
      this.ledger.tokens++;
    }
  }

  /** Registers a workload at a process and replaces a key there; false: the store was away. */
  async write(main: MainProcess = this.#next()): Promise<boolean> {
    const id = this.ledger.nextId();
    const created = await main.admin("POST", "workloads", {
      ...{ id, org: "acme", app: id, context: "production", audiences: ["*"] },
    });
    if (created.status === 503) return false;
    assertEquals(created.status, 201);
    this.ledger.workloads.push(id);
    const rotated = await main.admin("POST", "keys/rotate", { emergency: true, alg: "EdDSA" });
    if (rotated.status === 503) return false;
    assertEquals(rotated.status, 200);
    this.ledger.epoch = (rotated.body as { epochs: { EdDSA: number } }).epochs.EdDSA;
    return true;
  }
}

/** Runs beside the test until it is told to end; what it throws comes out there. */
function repeat(act: () => Promise<unknown>): () => Promise<void> {
  let ending = false;
  const running = (async () => {
    while (!ending) {
      await act();
      await pause(20);
    }
  })();
  running.catch(() => {});
  return () => (ending = true, running);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await holds()) return;
    await pause(50);
  }
  throw new Error("still not so after many tries");
}

/** The server ends under writes and tokens, and comes back. */
async function outlive(
  fleet: Fleet,
  { store, signal }: { store: DenokvServer; signal: "SIGTERM" | "SIGKILL" },
): Promise<void> {
  const { ledger, mains } = fleet;
  const endMints = repeat(() => fleet.mint());
  const endWrites = repeat(() => fleet.write());
  const [workloads, jwks] = [ledger.workloads.length, await mains[0]!.jwks()];
  await until(() => ledger.workloads.length >= workloads + 4);
  await store.stop(signal);
  const tokens = ledger.tokens;
  await until(() => ledger.tokens >= tokens + 9);
  for (const main of mains) {
    const kids = (await main.jwks()).keys.map(({ kid }) => kid);
    assert(jwks.keys.some(({ kid, alg }) => alg === "RS256" && kids.includes(kid)));
  }
  assertEquals(await fleet.write(), false);
  await store.start();
  for (const main of mains) await until(() => fleet.write(main));
  await Promise.all([endMints(), endWrites()]);
}

async function keysOf(main: MainProcess): Promise<unknown> {
  // Asking for a rotation reads the store itself: what follows is no older copy.
  assertEquals((await main.admin("POST", "keys/rotate", {})).status, 200);
  return [await main.jwks(), (await main.admin("GET", "keys")).body];
}

async function signAssertion(): Promise<{ jwk: JsonWebKey; form: URLSearchParams }> {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const assertion = await new SignJWT({ jti: "only one" })
    .setProtectedHeader({ alg: "ES256", kid: "own", typ: "JWT" })
    .setIssuer("web").setSubject("web").setAudience(issuerUrl)
    .setIssuedAt().setExpirationTime("5m").sign(privateKey);
  const form = new URLSearchParams({
    ...{ grant_type: "client_credentials", audience, client_assertion: assertion },
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  });
  return { jwk: { ...await exportJWK(publicKey), kid: "own", alg: "ES256" } as JsonWebKey, form };
}

async function present(main: MainProcess, form: URLSearchParams): Promise<number> {
  const response = await main.get("/token", { method: "POST", body: form });
  await response.body?.cancel();
  return response.status;
}

Deno.test({
  name: "issuer/main.ts in three processes serves on while denokv ends twice, and loses nothing",
  ignore: lacksDenokv(),
  async fn() {
    await using folder = await tempFolder();
    await using store = await denokvServer();
    await using stack = new AsyncDisposableStack();
    const config = `${folder.path}/config.json`;
    const quick = { name: "quick", audiences: ["https://quick.test"], alg: "EdDSA" };
    await Deno.writeTextFile(config, JSON.stringify({ profiles: [quick] }));
    const env = {
      ...{ SIGNET_KV: store.url, SIGNET_CONFIG: config, SIGNET_RATE_LIMIT: "off" },
      DENO_KV_ACCESS_TOKEN: Deno.env.get("DENO_KV_ACCESS_TOKEN"),
    };
    const start = () => startMain({ folder: folder.path, env });
    const mains = await Promise.all([start(), start(), start()]);
    for (const main of mains) stack.use(main);
    const fleet = new Fleet(mains, await mains[0]!.register());
    const { jwk, form } = await signAssertion();
    const added = await mains[1]!.admin("POST", "workloads/web/credentials", {
      ...{ type: "public_key", jwk },
    });
    assertEquals(added.status, 201);
    await fleet.mint();
    assertEquals(await present(mains[1]!, form), 200);

    await outlive(fleet, { store, signal: "SIGTERM" });
    await outlive(fleet, { store, signal: "SIGKILL" });

    const keys = await Promise.all(mains.map(keysOf));
    for (const each of keys) assertEquals(each, keys[0]);
    const { epochs } = (keys[0] as [unknown, { epochs: { EdDSA: number } }])[1];
    assert(epochs.EdDSA >= fleet.ledger.epoch);
    for (const main of mains) {
      assertEquals(await present(main, form), 401, "used is used");
      for (const id of fleet.ledger.workloads) {
        assertEquals((await main.admin("GET", `workloads/${id}`)).status, 200, id);
      }
    }
    const waiting = mains.map((main) => main.ended);
    for (const main of mains) main.interrupt();
    assertEquals(await Promise.all(waiting), [0, 0, 0]);
  },
});

Deno.test({
  name: "issuer/main.ts finds its keys again when its SQLite file moves to denokv, and back",
  ignore: lacksDenokv(),
  async fn() {
    await using folder = await tempFolder();
    const path = `${folder.path}/keys.kv`;
    const sets: unknown[] = [];
    const lookAt = async (kv: string) => {
      const env = { SIGNET_KV: kv, DENO_KV_ACCESS_TOKEN: Deno.env.get("DENO_KV_ACCESS_TOKEN") };
      await using main = await startMain({ folder: folder.path, env });
      sets.push(await main.jwks());
      main.interrupt();
      assertEquals(await main.ended, 0, main.log.text);
    };
    await lookAt(path);
    {
      await using store = await denokvServer({ path });
      await lookAt(store.url);
    }
    await lookAt(path);
    assertEquals(sets, [sets[0], sets[0], sets[0]]);
  },
});
