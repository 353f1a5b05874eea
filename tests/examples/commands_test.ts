/**
 * The commands of every page that is no recipe of one platform or cloud, in their order, in one shell per page: the
 * real command line against a real issuer, strict stand-ins for the clouds, stand-ins that record for the vendors'
 * programs. Quick start and recipes have tests of their own, and so have programs that do not end.
 */
import { assert, assertEquals } from "@std/assert";
import { fakeAws } from "../interop/fakes/aws.ts";
import { fakeEntra } from "../interop/fakes/entra.ts";
import { fakeGoogle } from "../interop/fakes/google.ts";
import { fakeKubernetes } from "../interop/fakes/kubernetes.ts";
import { fakeVault } from "../interop/fakes/vault.ts";
import { UUID } from "../setup/_support/inputs.ts";
import { AWS, AZ, GCLOUD, VAULT } from "../setup/_support/vendor_clis.ts";
import { type Command, VENDOR_COMMANDS } from "./_vendor_commands.ts";
import { openStage, OPERATOR, OWN, reachIssuer, type Stage, type StageOptions } from "./_stage.ts";
import { readFile } from "./_support.ts";

const sub = "deployment:acme/web/production";
const number = "123456789012";
const provider =
  `projects/${number}/locations/global/workloadIdentityPools/signet/providers/signet`;
const tenantId = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const account = "web-app@acme-prod.iam.gserviceaccount.com";

/** Every cloud that the pages name, each with trust for one subject. */
function clouds(): StageOptions["otherwise"] {
  const arn = `arn:aws:iam::${number}:role/signet-web-production`;
  const aud = "sts.amazonaws.com";
  const aws = fakeAws({
    providers: [{ account: number, issuer: OWN, clientIds: [aud] }],
    roles: [{ arn, web: { issuer: OWN, aud, sub } }],
  });
  const name = `//iam.googleapis.com/${provider}`;
  const principal = `principal:${name.replace(/\/providers.*/, "")}/subject/${sub}`;
  const google = fakeGoogle({
    providers: [{ name, issuer: OWN }],
    accounts: [{ email: account, users: [principal] }],
  });
  const credential = { issuer: OWN, subject: sub, audience: "api://AzureADTokenExchange" };
  const entra = fakeEntra({ apps: [{ tenantId, clientId: UUID, credentials: [credential] }] });
  const role = { boundAudiences: ["vault"], boundSubject: sub };
  const vault = fakeVault({ issuer: OWN, boundIssuer: OWN, roles: { "web-production": role } });
  const kubernetes = fakeKubernetes({
    issuer: OWN,
    audiences: ["kubernetes"],
    usernamePrefix: "signet:",
    viewers: [`signet:${sub}`],
  });
  return (request) => {
    const { hostname } = new URL(request.url);
    const fake = hostname.endsWith("googleapis.com")
      ? google
      : hostname === "login.microsoftonline.com"
      ? entra
      : hostname === "vault.acme.test"
      ? vault
      : hostname === "k8s.acme.test"
      ? kubernetes
      : aws;
    return fake.fetch(request);
  };
}

const ok = (program: string, words: string) => `
case "$all" in ${words}) exit 0 ;; esac
${program}`;

const programs: StageOptions["programs"] = {
  aws: ok(AWS, '"iam "*key*|"iam list-"*'),
  gcloud: ok(
    GCLOUD.replace("echo 123456789 ;;", `echo ${number} ;;`).replace("has account ||", "true ||"),
    '"iam service-accounts keys "*',
  ),
  az: ok(
    AZ.replace(`echo ${UUID}`, `echo ${tenantId}`).replaceAll("app-1", UUID),
    '"ad app credential "*|"storage account "*|"ad app show "*',
  ),
  vault: ok(VAULT, '"read auth/approle/"*|"list "*|"write auth/approle/"*'),
  kubectl: "true",
  deployctl: "true",
  python3: "true",
};

/** How a page is played. */
interface Page {
  /** Typed before the page's first command. */
  readonly before?: string;
  /** What a page names by example → what it is here. */
  readonly here?: Readonly<Record<string, string>>;
  /** Typed after the block that holds the text. */
  readonly after?: Readonly<Record<string, string>>;
}

const register =
  `deno task --quiet signet workload add web --org acme --app web --context production --audience '*' --audience sts.amazonaws.com`;
const other =
  `deno task --quiet signet workload add other --org acme --app other --context production --audience '*'
export OTHER_REQUEST_TOKEN=$(deno task --quiet signet credential add other)`;
const prove = `export $(deno task --quiet signet credential add web --env)`;
const trust = "deno task --quiet signet workload update web --trust trust.json";
/** The file of docs/deploy.md holds another admin token than the issuer of the stage has. */
const adminToken = {
  "$(sed -n 's/^SIGNET_ADMIN_TOKEN=//p' .signet/production.env)": OPERATOR.SIGNET_ADMIN_TOKEN!,
};
/** There is no terminal to ask. */
const confirmed = {
  "keys rotate --emergency": "keys rotate --emergency --yes",
  "credential revoke web": "credential revoke --yes web",
};

const PAGES: Record<string, Page> = {
  "README.md": { before: `${register}\n${prove}` },
  "docs/setup.md": {
    before: `${register}\n${other}\n${prove}\nexport TENANT=${tenantId} SUB=${UUID}\ntouch app.py`,
    here: {
      "/run/signet": "$STAGE/run",
      "deno task signet agent --aws-file $STAGE/run": "interrupted agent --aws-file $STAGE/run",
    },
  },
  "docs/migrate.md": {
    before: other,
    here: adminToken,
    after: {
      "signet workload add": `${prove}
deno task signet workload update web --add-audience https://iam.googleapis.com/${provider} --max-ttl 1h`,
    },
  },
  "docs/deploy.md": {
    here: { "/var/lib/signet": "$STAGE/work", ...adminToken },
  },
  "docs/faq.md": {
    before: `${register}\n${trust}\n${prove}
id=$(deno task --quiet signet credential list web --json | grep -o '[0-9a-f]\\{16\\}' | head -1)`,
    here: { "77728568872e21b8": `$id; ${prove}`, ...confirmed },
  },
  "docs/operations.md": { here: confirmed },
  "docs/platforms.md": {
    before: register,
    here: adminToken,
  },
};

/** Programs that go on until they are interrupted. */
const interrupted = `interrupted() {
  deno task --quiet signet "$@" > agent.log 2>&1 &
  local pid=$!
  for try in $(seq 200); do [ -e "$STAGE/run/env" ] && break; sleep 0.05; done
  [ -e "$STAGE/run/env" ]
  kill -INT $pid
  wait $pid || true
}`;

function scriptOf(text: string, { before = "", here = {}, after = {} }: Page): string {
  const blocks = [...text.matchAll(/^( *)\`\`\`sh\n([\s\S]*?)^ *\`\`\`$/gm)]
    .map(([, indent, body]) => body!.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
  const told = blocks.map((block) => {
    const here_ = Object.entries(here).reduce((all, [from, to]) => all.replaceAll(from, to), block);
    const more = Object.entries(after).find(([part]) => block.includes(part))?.[1] ?? "";
    return `${here_}${more}`;
  });
  return [interrupted, before, ...told].join("\n");
}

for (const [path, page] of Object.entries(PAGES)) {
  Deno.test(`the commands of ${path} do what they say`, async () => {
    const text = await readFile(path);
    await using stage = await openStage({ programs, otherwise: clouds() });
    using _reached = reachIssuer(stage);
    await placeFiles(stage);
    const { code, stdout, stderr } = await stage.run(scriptOf(text, page), {
      ...OPERATOR,
      PLATFORM_TOKEN: await Deno.readTextFile(`${stage.work}/platform-token.txt`),
    });
    assertEquals(code, 0, `${stdout}\n${stderr}`);
    for (const call of stage.calls()) checkCall(call, path);
  });
}

Deno.test("every page with commands is played by a test", async () => {
  const elsewhere = [
    "CONTRIBUTING.md", // a clone and all tests: .ci/run does it
    "docs/performance.md", // deno task bench, minutes long
    "docs/quickstart.md", // quickstart_test.ts
  ];
  const folder = new URL("../../docs/", import.meta.url);
  const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].concat(
    [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile).map(({ name }) => `docs/${name}`),
  );
  for (const path of pages) {
    const commands = /^ *```sh$/m.test(await readFile(path));
    assert(!commands || path in PAGES || elsewhere.includes(path), path);
  }
});

/** The files that pages take for granted. */
async function placeFiles(stage: Stage): Promise<void> {
  const platform = await stage.network.add("https://oidc.deno.com");
  const iat = Math.floor(Date.now() / 1000);
  const preset = { preset: "deno-deploy", appId: "16ad21d8", context: "production" };
  const token = await platform.sign({
    ...{ iat, exp: iat + 300, aud: OWN, sub: "deployment:acme/web/production" },
    ...{ app_id: preset.appId, context_name: preset.context },
  });
  const files = {
    "platform-token.txt": token,
    "trust.json": JSON.stringify([preset]),
    "rule.json": JSON.stringify(preset),
  };
  for (const [name, content] of Object.entries(files)) {
    await Deno.writeTextFile(`${stage.work}/${name}`, content);
  }
}

/** A vendor's program is called by a command that it has, with options that this command has. */
function checkCall([program, ...args]: string[], path: string): void {
  const known: readonly Command[] | undefined = VENDOR_COMMANDS[program!];
  const line = `${path}: ${program} ${args.join(" ")}`;
  if (!known) throw new Error(`${line}: no such program`);
  const command = known.find(({ words }) => words.every((word, i) => args[i] === word));
  if (!command) throw new Error(`${line}: no such command`);
  if (command.options.includes("*")) return;
  const rest = args.slice(command.words.length).filter((arg) => arg !== "-");
  const options = rest.filter((arg) => arg.startsWith("-")).map((arg) => arg.split("=")[0]!);
  for (const option of options) assert(command.options.includes(option), `${line}: ${option}`);
  for (const option of command.required ?? []) {
    assert(options.includes(option), `${line}: ${option}`);
  }
}
