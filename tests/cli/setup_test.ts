import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { shellQuote } from "../../setup/quote.ts";
import { allStrings, parseHcl, parseYaml } from "../setup/_support/parse.ts";
import { createBench } from "./_bench.ts";
import { plainText, run } from "./_support.ts";

const uuid = "11111111-2222-3333-4444-555555555555";
const subject = "deployment:acme/web/production";
const names = ["--org", "acme", "--app", "web", "--context", "production"];
const env = { SIGNET_ISSUER: "https://id.acme.test" };
const vendors: Readonly<Record<string, readonly string[]>> = {
  aws: ["--account", "123456789012"],
  gcp: ["--project", "acme-prod", "--project-number", "123456789012"],
  azure: ["--tenant", uuid, "--subscription", uuid],
  vault: ["--read-path", "secret/data/web/*"],
  kubernetes: ["--server", "https://k8s.acme.test:6443"],
};

/** Whether bash reads a script without running it. */
async function bashReads(script: string): Promise<boolean> {
  const child = new Deno.Command("bash", { args: ["-n"], stdin: "piped", stderr: "null" }).spawn();
  await new Blob([script]).stream().pipeTo(child.stdin);
  return (await child.status).success;
}

for (const [vendor, options] of Object.entries(vendors)) {
  const args = ["setup", vendor, ...names, ...options];

  Deno.test(`setup ${vendor} prints commands, Terraform and JSON that their parsers take`, async () => {
    const script = await run(args, { env });
    assertEquals(script.code, 0, script.stderr);
    assert(await bashReads(script.stdout));
    const terraform = await run([...args, "--format", "terraform"], { env });
    assert(allStrings(await parseHcl(terraform.stdout)).length > 5);
    const json = await run([...args, "--format", "json"], { env });
    const plan = JSON.parse(json.stdout);
    assertEquals([plan.vendor, plan.subject, json.stderr], [vendor, subject, ""]);
    for (const { name, contents } of plan.artifacts) {
      const shown = (await run([...args, "--show", name], { env })).stdout;
      assertEquals(shown, contents);
      if (name.endsWith(".json")) JSON.parse(shown);
      if (name.endsWith(".yaml")) parseYaml(shown);
    }
  });

  Deno.test(`setup ${vendor} says around the commands what will be and what the program needs`, async () => {
    const { stderr } = await run(args, { env, terminal: 80 });
    const text = plainText(stderr);
    const plan = JSON.parse((await run([...args, "--json"], { env })).stdout);
    const words = text.replace(/\s+/g, " ");
    for (const line of plan.summary) assertStringIncludes(words, line);
    for (const [name, value] of Object.entries<string>(plan.environment)) {
      assertStringIncludes(text, `export ${name}=${shellQuote(value)}\n`);
    }
    assertStringIncludes(text, plan.code.split(" // ")[0]);
    // Only a name too long for any line may stand out, so that it can be copied.
    const wide = text.split("\n").filter((line) => line.length > 80)
      .filter((line) => line.split(" ").every((word) => word.length < 60));
    assertEquals(wide, []);
  });
}

Deno.test("setup names every fault at once, by the flag to change", async () => {
  const { code, stdout, stderr } = await run(
    ["setup", "gcp", ...names, "--pool", "gcp-x", "--context", "Prod"],
    { env },
  );
  assertEquals([code, stdout], [2, ""]);
  for (const flag of ["--context", "--project", "--project-number", "--pool"]) {
    assertStringIncludes(stderr, `- ${flag} `);
  }
});

Deno.test("setup asks the issuer for the workload's names and tells what it may not do yet", async () => {
  await using bench = await createBench();
  await bench.addWeb(["vault"]);
  const { code, stdout, stderr } = await bench.run([
    ...["setup", "aws", "--workload", "web", "--account", "123456789012"],
  ]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, subject);
  const advice = stderr.replace(/\s+/g, " ");
  assertStringIncludes(advice, "workload update web --add-audience sts.amazonaws.com");
  const vault = await bench.run(["setup", "vault", "--workload", "web"]);
  assert(!vault.stderr.includes("--add-audience"));
});

Deno.test("setup says how to name a workload when nobody can be asked", async () => {
  const unnamed = await run(["setup", "vault", "--org", "acme"], { env });
  assertEquals(unnamed.code, 2);
  assertStringIncludes(unnamed.stderr.replace(/\s+/g, " "), "or with --app, --context.");
  const unasked = await run(["setup", "vault", "--workload", "web"], { env });
  assertEquals(unasked.code, 2);
  assertStringIncludes(unasked.stderr, "SIGNET_ADMIN_TOKEN is not set");
});

Deno.test("setup aws computes a thumbprint only with --private-ca, and says why", async () => {
  const readTlsChain = () =>
    Promise.resolve({
      certificates: [new Uint8Array([1, 2, 3])],
      trusted: false,
      reason: "own CA",
    });
  const args = ["setup", "aws", ...names, "--account", "123456789012"];
  const plain = await run(args, { env, readTlsChain });
  assert(!plain.stdout.includes("ThumbprintList"));
  const pinned = await run([...args, "--private-ca"], { env, readTlsChain });
  assertStringIncludes(
    pinned.stdout,
    '"ThumbprintList":["7037807198c22a7d2b0807371d763779a84fdfcf"]',
  );
  assertStringIncludes(pinned.stderr.replace(/\s+/g, " "), "No public CA signed the certificate");
  const open = await run([...args, "--private-ca"], {
    env,
    readTlsChain: () => Promise.resolve({ certificates: [new Uint8Array([1])], trusted: true }),
  });
  assert(!open.stdout.includes("ThumbprintList"));
  assertStringIncludes(open.stderr.replace(/\s+/g, " "), "No thumbprint is needed");
});

Deno.test("setup --out writes all files once and never overwrites another", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const { systemFiles } = await import("../../cli/system_files.ts");
    const files = systemFiles();
    const args = ["setup", "kubernetes", ...names, "--out", `${directory}/trust`];
    const first = await run(args, { env, files });
    assertEquals(first.code, 0, first.stderr);
    assertEquals([...Deno.readDirSync(`${directory}/trust`)].map(({ name }) => name).sort(), [
      ...["authentication-config.yaml", "kubeconfig.yaml", "main.tf", "rbac.yaml", "setup.sh"],
    ]);
    const again = await run(args, { env, files });
    assertEquals([again.code, again.stdout.includes("wrote")], [0, false]);
    await Deno.writeTextFile(`${directory}/trust/rbac.yaml`, "mine");
    const other = await run([...args, "--namespace", "shop"], { env, files });
    assertEquals(other.code, 6);
    assertStringIncludes(other.stderr, "trust/rbac.yaml");
    assertEquals(await Deno.readTextFile(`${directory}/trust/rbac.yaml`), "mine");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("kube-exec prints what kubectl reads, for the audience of the kubeconfig", async () => {
  await using bench = await createBench();
  const secret = { SIGNET_REQUEST_TOKEN: await bench.addWeb() };
  const shown = await bench.run([
    ...["setup", "kubernetes", "--workload", "web", "--show", "kubeconfig.yaml"],
  ]);
  const { command, args, env } = parseYaml(shown.stdout).users[0].user.exec;
  assertEquals(command, "signet");
  const own = Object.fromEntries(
    env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
  const { code, stdout, stderr } = await bench.run(args, { env: { ...own, ...secret } });
  assertEquals([code, stderr], [0, ""]);
  const { kind, status } = JSON.parse(stdout);
  const { aud, sub } = JSON.parse(atob(status.token.split(".")[1]));
  assertEquals([kind, aud, sub], ["ExecCredential", "kubernetes", subject]);
});

Deno.test("kube-exec says what to set when no audience is named", async () => {
  const { code, stdout, stderr } = await run(["kube-exec"], { env });
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, "SIGNET_KUBERNETES_AUDIENCE");
});
