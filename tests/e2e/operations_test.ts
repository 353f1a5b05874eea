/** What docs/operations.md says is run, flag by flag and member by member. */
import { assert, assertEquals } from "@std/assert";
import { parseConfigFile } from "../../issuer/config_file.ts";
import type { Fault } from "../../issuer/errors.ts";
import { DEFAULT_KEY_POLICY } from "../../keys/key_policy.ts";
import { startMain, tempFolder, verify } from "./_support.ts";

const root = new URL("../../", import.meta.url).pathname.replace(/\/$/, "");
const text = await Deno.readTextFile(`${root}/docs/operations.md`);

/** The arguments of `deno run` in the section on least privilege, for other folders. */
function documentedFlags(folder: string): string[] {
  const command = /^deno run ([\s\S]*?)\/opt\/signet\/issuer\/main\.ts$/m.exec(text)![1]!;
  return command.replaceAll("\\\n", " ").replaceAll("/var/lib/signet", folder)
    .replaceAll("/opt/signet", root).trim().split(/\s+/);
}

Deno.test("issuer/main.ts makes keys, mints and ends with the least flags of the docs", async () => {
  await using folder = await tempFolder();
  const flags = [...documentedFlags(folder.path), `${root}/issuer/main.ts`];
  await using main = await startMain({ folder: folder.path, flags });
  const secret = await main.register();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => main.mint(secret)));
  const jwks = await main.jwks();
  for (const token of tokens) {
    assertEquals(await verify(token, jwks), "deployment:acme/web/production");
  }
  assert(!/NotCapable|Requires \w+ access/.test(main.log.text), main.log.text);
  main.interrupt();
  assertEquals(await main.ended, 0, main.log.text);
});

Deno.test("threat 36: the ranges of the docs keep the issuer's process from private addresses", async () => {
  const deny = documentedFlags("/nowhere").find((flag) => flag.startsWith("--deny-net="))!;
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    return new Response("reached");
  });
  const addresses = [
    ...["10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.31.0.1", "192.168.1.1"],
    ...["[::1]", "[fd00:ec2::254]"],
    // Deno 2.5 looks at addresses as they are written only.
    ...(Deno.version.deno.startsWith("2.5.") ? [] : ["localhost", "[::ffff:127.0.0.1]"]),
  ];
  const program = `for (const host of ${JSON.stringify(addresses)}) {
    const told = await fetch("http://" + host + ":${server.addr.port}/")
      .then(() => "reached", (error) => error.name === "NotCapable" ? "denied" : error.message);
    console.log(host, told);
  }`;
  const run = async (...flags: string[]) => {
    const module = "data:text/javascript," + encodeURIComponent(program);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-config", "--allow-net", ...flags, module],
      env: { NO_COLOR: "1" },
    }).output();
    return new TextDecoder().decode(stdout).trim().split("\n");
  };
  const lines = await run(deny);
  assertEquals(lines.slice(0, 8), addresses.slice(0, 8).map((host) => `${host} denied`));
  for (const line of lines.slice(8)) assert(!line.includes("reached"), line);
});

Deno.test("the configuration file of docs/operations.md is sound and shows every member", () => {
  const example = /```json\n([\s\S]*?)```/.exec(text)![1]!;
  const faults: Fault[] = [];
  const read = (json: string) =>
    parseConfigFile(new TextEncoder().encode(json), { issuer: "https://tokens.acme.test", faults });
  read(example);
  assertEquals(faults, []);
  read('{"nonsense":1}');
  const known = /known: (.*)$/.exec(faults[0]!.detail)![1]!.split(", ");
  assertEquals(Object.keys(JSON.parse(example)).sort(), known.sort());
  for (const member of known) assert(text.includes(`| \`${member}\``), member);
});

Deno.test("the arithmetic of docs/operations.md is that of the code", () => {
  const { jwksMaxAge: a, viewAge: i, replicaLag: r, clockSkew: s, leeway: k, lead, tail, period } =
    DEFAULT_KEY_POLICY;
  const words = text.replaceAll(/\s+/g, " ");
  const [second, hour] = [1_000, 3_600_000];
  assertEquals(24 * hour + a + i + r + s, 24 * hour + 12 * 60 * second + 5 * second);
  assert(words.includes("24 h 12 min 5 s"));
  assertEquals(a + i + r + s, 725 * second);
  assert(words.includes("725 s"));
  assertEquals(hour + i + r + s + k, 4_025 * second);
  assert(words.includes("4,025 s"));
  assertEquals([lead, tail, period, i + s], [25 * hour, 25 * hour, 168 * hour, 120 * second]);
});

Deno.test("docs/operations.md lists every measurement, and a runbook for each alert", async () => {
  const source = await Deno.readTextFile(`${root}/issuer/telemetry/measure_issuer.ts`);
  const names = [...source.matchAll(/"(signet\.[\w.]+)"/g)].map(([, name]) => name!);
  assertEquals(names.length, 9);
  for (const name of names) assert(text.includes(`| \`${name}\``), name);
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!.toLowerCase().replaceAll(" ", "-")
  );
  const links = [...text.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor!);
  assert(links.length > 15);
  for (const anchor of links) assert(headings.includes(anchor), anchor);
  const security = await Deno.readTextFile(`${root}/SECURITY.md`);
  for (const [, anchor] of security.matchAll(/operations\.md#([\w-]+)/g)) {
    assert(headings.includes(anchor!), anchor);
  }
});
