import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { listeningIssuer } from "../_support/listening_issuer.ts";
import type { StartedIssuer } from "../_support/start_issuer.ts";
import { fakeAws } from "../interop/fakes/aws.ts";
import { fakeEntra } from "../interop/fakes/entra.ts";
import { fakeGoogle } from "../interop/fakes/google.ts";
import { fakeKubernetes } from "../interop/fakes/kubernetes.ts";
import { fakeVault, type VaultRole } from "../interop/fakes/vault.ts";
import { type CliResult, plainText, run, type RunOptions } from "./_support.ts";

const sub = "deployment:acme/web/production";
const other = { id: "other", org: "acme", app: "other", context: "production" };
const roleArn = "arn:aws:iam::123456789012:role/web";
const provider =
  "projects/123456789012/locations/global/workloadIdentityPools/signet/providers/signet";
const uuid = "11111111-2222-3333-4444-555555555555";

/** A real issuer on loopback, and the command line beside it; other hosts are a stand-in's. */
interface DoctorBench extends AsyncDisposable {
  readonly issuer: StartedIssuer;
  run(args: readonly string[], options?: RunOptions): Promise<CliResult>;
}

async function createDoctorBench(
  vendor: (issuer: string) => { fetch: typeof fetch } = () => ({ fetch }),
): Promise<DoctorBench> {
  const issuer = listeningIssuer();
  const env = {
    SIGNET_ISSUER: issuer.url,
    SIGNET_REQUEST_TOKEN: await issuer.register(),
    OTHER: await issuer.register(other),
    AWS_REGION: "us-east-1",
    LANG: "en_US.UTF-8",
  };
  const { fetch: answer } = vendor(issuer.url);
  const route: typeof fetch = (input, init) =>
    String(input).startsWith(issuer.url) ? fetch(input, init) : answer(input, init);
  return {
    issuer,
    run: (args, options = {}) =>
      run(["doctor", ...args], { fetch: route, ...options, env: { ...env, ...options.env } }),
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  };
}

function vaultWith(role: Partial<VaultRole> = {}) {
  const web = { boundAudiences: ["vault"], boundSubject: sub, ...role };
  return (issuer: string) => fakeVault({ issuer, boundIssuer: issuer, roles: { web } });
}

const vault = ["vault", "--vault-address", "https://vault.test", "--role", "web"];

/** Status of each check by its id. */
function statuses(json: string): Record<string, string> {
  const { checks } = JSON.parse(json) as { checks: { id: string; status: string }[] };
  return Object.fromEntries(checks.map(({ id, status }) => [id, status]));
}

Deno.test("doctor finds a loopback issuer sound but for its address, and ends with 0", async () => {
  await using bench = await createDoctorBench();
  const { code, stdout, stderr } = await bench.run([], { terminal: 80 });
  assertEquals(code, 0, stderr);
  const text = plainText(stdout);
  assertStringIncludes(text, "! warn  Form of the issuer URL");
  assertStringIncludes(text, "✓ ok    Private members");
  assertStringIncludes(text, "fix:  Give the issuer a public https URL");
  assert(!text.includes("FAIL"));
  assertStringIncludes(stderr, "signet doctor aws|gcp");
});

Deno.test("doctor names a planted fault with its remedy, and ends with 1", async () => {
  await using bench = await createDoctorBench();
  const spoiled: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!String(input).endsWith("jwks.json")) return response;
    const { keys } = await response.json();
    return Response.json({ keys: keys.map((key: object) => ({ ...key, key_ops: ["verify"] })) });
  };
  const { code, stdout, stderr } = await bench.run(["aws"], { terminal: 80, fetch: spoiled });
  assertEquals(code, 1);
  const text = plainText(stdout);
  assertStringIncludes(text, "✗ FAIL  key_ops");
  assertStringIncludes(text, "fix:  Strip key_ops");
  assertStringIncludes(stderr, "aws.key_ops");
});

Deno.test("doctor says of an issuer and a vendor that do not answer that they do not", async () => {
  await using bench = await createDoctorBench(vaultWith());
  const down = () => Promise.reject(new TypeError("connection refused"));
  const stopped = await bench.run([], { fetch: down });
  assertEquals(stopped.code, 1);
  const issuer = plainText(stopped.stdout).replace(/\s+/g, " ");
  assertStringIncludes(issuer, "fix: See that the issuer runs");
  assert(!issuer.includes("Date header"), issuer);
  const own: typeof fetch = (input, init) =>
    String(input).startsWith(bench.issuer.url) ? fetch(input, init) : down();
  const silent = await bench.run(vault, { fetch: own });
  assertEquals(silent.code, 1);
  const found = plainText(silent.stdout).replace(/\s+/g, " ");
  assertStringIncludes(found, "fix: See that the vendor's address is right");
});

Deno.test("doctor logs in with a new token, and sees another workload refused", async () => {
  await using bench = await createDoctorBench(vaultWith());
  const { code, stdout, stderr } = await bench.run([
    ...[...vault, "--other-token-env", "OTHER", "--json"],
  ]);
  assertEquals(code, 0, stderr);
  const found = statuses(stdout);
  assertEquals([found["vault.login"], found["vault.login_refused"]], ["ok", "ok"]);
});

Deno.test("doctor finds the trust that lets every workload in", async () => {
  await using bench = await createDoctorBench(vaultWith({ boundSubject: undefined }));
  const { code, stdout } = await bench.run([...vault, "--other-token-env", "OTHER", "--json"]);
  assertEquals(code, 1);
  assertEquals(statuses(stdout)["vault.login_refused"], "fail");
});

Deno.test("doctor translates the vendor's refusal into cause and remedy", async () => {
  await using bench = await createDoctorBench(vaultWith({ boundSubject: "deployment:a/b/c" }));
  const { code, stdout } = await bench.run(vault, { terminal: 80 });
  assertEquals(code, 1);
  assertStringIncludes(plainText(stdout), "✗ FAIL  Login");
  const words = plainText(stdout).replace(/\s+/g, " ");
  assertStringIncludes(words, "fix: ");
  assert(!words.includes("The text is not known"), words);
});

Deno.test("doctor logs in to AWS, Google, Azure and Kubernetes as the options say", async () => {
  const ways: Record<string, [(issuer: string) => { fetch: typeof fetch }, string[]]> = {
    aws: [(issuer) =>
      fakeAws({
        providers: [{ account: "123456789012", issuer, clientIds: ["sts.amazonaws.com"] }],
        roles: [{
          arn: roleArn,
          web: { issuer, aud: "sts.amazonaws.com", sub, boundByIdp: true },
        }],
      }), ["--role-arn", roleArn]],
    gcp: [
      (issuer) => fakeGoogle({ providers: [{ name: `//iam.googleapis.com/${provider}`, issuer }] }),
      ["--provider", provider],
    ],
    azure: [(issuer) =>
      fakeEntra({
        apps: [{
          tenantId: uuid,
          clientId: uuid,
          credentials: [{ issuer, subject: sub, audience: "api://AzureADTokenExchange" }],
        }],
      }), ["--tenant", uuid, "--client-id", uuid]],
    kubernetes: [
      (issuer) => fakeKubernetes({ issuer, audiences: ["kubernetes"], usernamePrefix: "" }),
      ["--server", "https://cluster.test"],
    ],
  };
  for (const [vendor, [fake, args]] of Object.entries(ways)) {
    await using bench = await createDoctorBench(fake);
    const { stdout, stderr } = await bench.run([vendor, ...args, "--json"]);
    assertEquals(statuses(stdout)[`${vendor}.login`], "ok", vendor + stdout + stderr);
  }
});

Deno.test("doctor says how to try what it could not try", async () => {
  await using bench = await createDoctorBench(vaultWith());
  const noLogin = await bench.run(["vault"]);
  assertStringIncludes(noLogin.stderr, "--vault-address URL --role NAME");
  const noOther = await bench.run(vault);
  assertStringIncludes(noOther.stderr, "--other-token-env NAME");
  const env = { SIGNET_REQUEST_TOKEN: "" };
  // Where nothing else is known a metadata server is looked for: here is none.
  const noToken = await bench.run(["vault", "--json"], { env });
  assertEquals(statuses(noToken.stdout)["vault.token_minted"], "skip");
  const words = (await bench.run(["vault"], { env })).stderr.replace(/\s+/g, " ");
  assertStringIncludes(words, "set SIGNET_REQUEST_TOKEN of the workload");
});

Deno.test("doctor judges a token that is given to it", async () => {
  await using bench = await createDoctorBench();
  const answer = await bench.issuer.token(
    await bench.issuer.register({ ...other, id: "third", app: "third" }),
    { audience: "vault" },
  );
  const { value } = await answer.json();
  const args = ["vault", "--token", "-", "--subject", sub, "--json"];
  const { code, stdout } = await bench.run(args, { stdin: value });
  assertEquals(code, 1);
  assertEquals(statuses(stdout)["vault.token_subject"], "fail");
  assertEquals(statuses(stdout)["vault.token_signature"], "ok");
});

Deno.test("doctor never prints a token, whatever fails", async () => {
  await using bench = await createDoctorBench(() => ({
    fetch: (_input, init) => {
      const body = String(init?.body);
      return Promise.resolve(Response.json({ errors: [`cannot use ${body}`] }, { status: 400 }));
    },
  }));
  const { code, stdout, stderr } = await bench.run(vault);
  assertEquals(code, 1);
  assert(!/eyJ[\w-]{10}/.test(stdout + stderr));
  assert(!(stdout + stderr).includes("signet_rt_"));
});

Deno.test("doctor fits 80 columns, in color, without color and without Unicode", async () => {
  await using bench = await createDoctorBench(vaultWith({ boundSubject: "deployment:a/b/c" }));
  const all = ["aws", "gcp", "azure", "kubernetes", ...vault];
  const { stdout, stderr } = await bench.run(all, { terminal: 80 });
  for (const line of plainText(stdout + stderr).split("\n")) assert(line.length <= 80, line);
  const env = { LANG: "C", NO_COLOR: "1" };
  const plain = await bench.run(all, { terminal: 80, env });
  // deno-lint-ignore no-control-regex -- whether there are any is the question
  assert(!/[^\x00-\x7f]|\x1b/.test(plain.stdout.replaceAll("…", "").replaceAll("§", "")));
  assertStringIncludes(plain.stdout, "x FAIL  Login");
});

Deno.test("doctor --explain says what a vendor means, and ends with 1 when it does not know", async () => {
  const text = "AADSTS700213: No matching federated identity record found";
  const known = await run(["doctor", "--explain", text, "--json"]);
  assertEquals(known.code, 0);
  const [{ vendor, kind }] = JSON.parse(known.stdout);
  assertEquals([vendor, kind], ["azure", "subject"]);
  const piped = await run(["doctor", "azure", "--explain", "-"], { stdin: text });
  assertStringIncludes(piped.stdout, "Remedy");
  const elsewhere = await run(["doctor", "aws", "--explain", text]);
  assertEquals([elsewhere.code, elsewhere.stdout], [1, ""]);
  const secret = await run(["doctor", "--explain", "no idea about eyJhbGciOiJSUzI1NiJ9.e30.x"]);
  assert(!secret.stderr.includes("eyJ"));
});

Deno.test("doctor refuses vendors that it does not know and one audience for several", async () => {
  const env = { SIGNET_ISSUER: "https://id.acme.test" };
  assertEquals((await run(["doctor", "awz"], { env })).code, 2);
  assertEquals((await run(["doctor", "aws", "gcp", "--audience", "x"], { env })).code, 2);
  for (
    const args of [
      ["--token", "abc"],
      ["--subject", "x"],
      ["--role-arn", "arn:x"],
      ["vault", "--role-arn", "arn:x"],
      ["aws", "--vault-address", "https://vault.acme.test"],
    ]
  ) {
    const { code, stdout, stderr } = await run(["doctor", ...args], { env });
    assertEquals([code, stdout], [2, ""], args.join(" "));
    assertStringIncludes(stderr, `Cannot use ${args.at(-2)}: name`);
  }
  const unset = await run(["doctor", "vault", "--other-token-env", "NOPE"], { env });
  assertEquals(unset.code, 2);
  assertStringIncludes(unset.stderr, "NOPE is not set");
});
