/**
 * Each page of docs/clouds/ is followed to the letter against a strict stand-in of its cloud, which verifies the tokens
 * of a real issuer: its commands run (the vendors' programs are stand-ins that keep state), its programs run, and the
 * documents that it shows are compared with what is made.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse as parseYaml } from "yaml";
import { explainVendorError } from "../../doctor/vendor_errors.ts";
import type { SetupVendor } from "../../setup/types.ts";
import { fakeAws } from "../interop/fakes/aws.ts";
import { fakeEntra } from "../interop/fakes/entra.ts";
import { fakeGoogle } from "../interop/fakes/google.ts";
import { fakeKubernetes } from "../interop/fakes/kubernetes.ts";
import { fakeTokenEndpoint } from "../interop/fakes/token_endpoint.ts";
import { fakeVault } from "../interop/fakes/vault.ts";
import { UUID } from "../setup/_support/inputs.ts";
import { AWS, AZ, GCLOUD, VAULT } from "../setup/_support/vendor_clis.ts";
import { block } from "./_platform_scenes.ts";
import { openStage, OPERATOR, OWN, reachIssuer, type Stage, type StageOptions } from "./_stage.ts";
import { readFile } from "./_support.ts";

const sub = "deployment:acme/web/production";

/** A page's cloud, and what its programs are asked to do beyond what the page shows. */
interface Cloud {
  readonly vendor?: SetupVendor;
  readonly stage: StageOptions;
  /** Appended to the programs of the page, in their order. */
  readonly tails?: readonly string[];
  /** Looked for in what commands and programs print. */
  readonly prints: readonly string[];
  /** The document in the plan of `signet setup` that the page shows, as JSON or YAML. */
  readonly shown?: { readonly command: string; readonly language: "json" | "yaml" };
}

const CLOUDS: Record<string, () => Cloud> = {
  aws() {
    const arn = "arn:aws:iam::123456789012:role/signet-web-production";
    const trust = { issuer: OWN, aud: "sts.amazonaws.com", sub };
    const aws = fakeAws({
      providers: [{ account: "123456789012", issuer: OWN, clientIds: [trust.aud] }],
      roles: [{ arn, web: trust }],
    });
    const item = `{ TableName: "orders", Item: { id: { S: "7" }, text: { S: "12" } } }`;
    return {
      vendor: "aws",
      stage: { programs: { aws: AWS }, otherwise: (request) => aws.fetch(request) },
      tails: [
        `const { PutItemCommand } = await import("npm:@aws-sdk/client-dynamodb");
        await dynamo.send(new PutItemCommand(${item}));
        console.log("stored as the role");`,
        "",
      ],
      prints: ["stored as the role"],
      shown: {
        command: "aws --workload web --account 123456789012 --show trust-policy.json",
        language: "json",
      },
    };
  },
  "google-cloud"() {
    const pool =
      "iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/signet";
    const google = fakeGoogle({
      providers: [{ name: `//${pool}/providers/signet`, issuer: OWN }],
      storageUsers: [`principal://${pool}/subject/${sub}`],
    });
    return {
      vendor: "gcp",
      stage: {
        programs: { gcloud: GCLOUD.replace("echo 123456789 ;;", "echo 123456789012 ;;") },
        otherwise: (request) => google.fetch(request),
      },
      tails: [
        `if (!storage) throw new Error("no storage");
        console.log("token of Google:", (await authClient.getAccessToken()).token?.slice(0, 5));`,
      ],
      prints: ["token of Google: ya29."],
    };
  },
  azure() {
    const tenantId = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    const clientId = "99999999-8888-7777-6666-555555555555";
    const audience = "api://AzureADTokenExchange";
    const credentials = [{ issuer: OWN, subject: sub, audience }];
    const entra = fakeEntra({ apps: [{ tenantId, clientId, credentials }] });
    return {
      vendor: "azure",
      stage: {
        programs: {
          az: AZ.replaceAll("app-1", clientId).replace(`echo ${UUID}`, `echo ${tenantId}`),
        },
        modules: { "npm:@azure/storage-blob": "tests/examples/_storage_blob.ts" },
        otherwise: (request) => entra.fetch(request),
      },
      tails: [
        `if (!blobs) throw new Error("no blobs");
        const { token } = (await credential.getToken("https://storage.azure.com/.default"))!;
        console.log("token of Azure:", token.length > 0);`,
      ],
      prints: ["token of Azure: true", `Client id: ${clientId}`],
    };
  },
  vault() {
    const role = { boundAudiences: ["vault"], boundSubject: sub };
    const roles = { "web-production": role };
    const vault = fakeVault({ issuer: OWN, boundIssuer: OWN, roles });
    vault.secrets.set("secret/data/web-production/database", { user: "shop", password: "x" });
    return {
      vendor: "vault",
      stage: { programs: { vault: VAULT }, otherwise: (request) => vault.fetch(request) },
      tails: [
        `console.log("members:", Object.keys(secret.data.data).join(", "));`,
      ],
      prints: ["members: user, password"],
      shown: {
        command: "vault --workload web --read-path 'secret/data/web/*' --show vault-role.json",
        language: "json",
      },
    };
  },
  kubernetes() {
    const cluster = fakeKubernetes({
      issuer: OWN,
      audiences: ["kubernetes"],
      usernamePrefix: "signet:",
      viewers: [`signet:${sub}`],
    });
    return {
      vendor: "kubernetes",
      stage: {
        programs: { kubectl: "true" },
        otherwise: (request) => cluster.fetch(request),
      },
      tails: [`console.log("asked for pods:", pods.status, (await pods.json()).kind);`],
      prints: ["asked for pods: 200 PodList"],
      shown: {
        command:
          "kubernetes --workload web --server https://k8s.acme.test:6443 --show authentication-config.yaml",
        language: "yaml",
      },
    };
  },
  services: () => ({ stage: {}, prints: [] }),
  others() {
    const endpoint = (audience: string) => {
      const fake = fakeTokenEndpoint({
        issuer: OWN,
        audience,
        subject: sub,
        scopes: ["acme/web", "orders:read"],
      });
      return (request: Request) => fake.fetch(request);
    };
    return {
      stage: {
        origins: {
          "https://octo-sts.dev": endpoint("octo-sts.dev"),
          "https://api.tailscale.com": endpoint("api.tailscale.com/kAbCdEfG7CNTRL-hIjKlMnOpQrS"),
          "https://auth.acme.test": endpoint("https://auth.acme.test"),
        },
      },
      tails: ["GitHub", "Tailscale", "orders"].map((name) =>
        `console.log("token of ${name}:", token.length > 0);`
      ),
      prints: ["GitHub", "Tailscale", "orders"].map((name) => `token of ${name}: true`),
    };
  },
};

const squeeze = (text: string) => text.replace(/ +/g, " ");

/** The page's blocks, in their order, as one script. */
function scriptOf(page: string, { tails = [] }: Cloud): string {
  const fences = [...page.matchAll(/^```(sh|ts ignore)\n([\s\S]*?)^```$/gm)];
  const [, , first] = fences[0]!;
  const workload = /workload add (\S+)/.exec(page)?.[1] ?? "web";
  let programs = 0;
  const steps = fences.slice(first!.includes("workload add") ? 1 : 0).map(([, language, text]) => {
    if (language === "sh") return text!;
    const [i, tail] = [programs, tails[programs++] ?? ""];
    const file = `cat > program_${i}.ts <<'END'\n${text}${tail}\nEND\n`;
    return text!.includes("Deno.serve") ? file + serve(i) : `${file}deno run -A program_${i}.ts\n`;
  });
  const start = first!.includes("workload add")
    ? first!
    : `deno task signet workload add web --org acme --app web --context production --audience '*'\n`;
  const proof = `export $(deno task --quiet signet credential add ${workload} --env)\n`;
  // Google's library speaks to addresses by Node's http, which the stage cannot lead elsewhere.
  const service = (text: string) =>
    text.replace(
      "subject_token_supplier:",
      'token_url: `${Deno.env.get("STAGE_ADDRESS")}/v1/token`, subject_token_supplier:',
    ).replace(/(?<=curl .*)https:\/\/orders\.acme\.test/g, "http://127.0.0.1:$port");
  return start + proof + steps.map(service).join("\n");
}

const serve = (i: number) =>
  `DENO_SERVE_ADDRESS=tcp:127.0.0.1:0 deno run -A program_${i}.ts > server.log 2>&1 &
server=$!
trap 'kill $server' EXIT
for try in $(seq 200); do grep -q Listening server.log && break; sleep 0.05; done
port=$(sed -n 's/.*Listening on http:..[^:]*:\\([0-9]*\\).*/\\1/p' server.log)
`;

Deno.test("every page of docs/clouds/ is played", () => {
  const folder = new URL("../../docs/clouds/", import.meta.url);
  const pages = [...Deno.readDirSync(folder)].map(({ name }) => name.replace(/\.md$/, ""));
  assertEquals(pages.sort(), Object.keys(CLOUDS).sort());
});

for (const [name, cloudOf] of Object.entries(CLOUDS)) {
  Deno.test(`docs/clouds/${name}.md opens its cloud, as it says`, async () => {
    const page = await readFile(`docs/clouds/${name}.md`);
    const cloud = cloudOf();
    await using stage = await openStage(cloud.stage);
    using _reached = reachIssuer(stage);
    const env = {
      ...OPERATOR,
      AWS_ENDPOINT_URL_DYNAMODB: stage.address,
      AWS_REGION: "eu-central-1",
    };
    const { code, stdout, stderr } = await stage.run(scriptOf(page, cloud), env);
    assertEquals(code, 0, `${stdout}\n${stderr}`);
    for (const line of cloud.prints) assertStringIncludes(stdout, line, stderr);
    if (name === "services") {
      for (const line of block(page, "text").trim().split("\n")) {
        assertStringIncludes(squeeze(stdout), line);
      }
    }
    await checkToken(page, stage);
    if (cloud.shown) await checkShown(page, { stage, ...cloud.shown });
  });

  Deno.test(`docs/clouds/${name}.md names errors that Signet knows`, async () => {
    const page = await readFile(`docs/clouds/${name}.md`);
    const { vendor } = cloudOf();
    if (!vendor) return;
    const table = page.split("## What goes wrong")[1]!.split("\n## ")[0]!;
    const said = [...table.matchAll(/^\| `(.+?)`\s*\|/gm)].map(([, text]) => text!);
    assert(said.length >= 4);
    for (const text of said) assert(explainVendorError(vendor, text), text);
  });
}

/** The claims that the page shows are those of a token that the issuer gives out. */
async function checkToken(page: string, { signet }: Stage): Promise<void> {
  const shown = JSON.parse(block(page.split("## The token")[1]!, "json"));
  const { workload, aud } = shown;
  const added = await signet.admin("POST", `workloads/${workload}/credentials`, {
    type: "request_token",
  });
  const roles = shown["https://aws.amazon.com/roles"];
  const query = { audience: aud, ...(roles && { roles: roles.join(" ") }) };
  const { value } = await (await signet.token((await added.json()).secret, query)).json();
  const payload = value.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  const { iat: _, nbf: _n, exp: _e, jti: _j, ...claims } = JSON.parse(atob(payload));
  assertEquals(claims, shown);
}

/** The document that the page shows stands in what `signet setup` makes. */
async function checkShown(
  page: string,
  { stage, command, language }: { stage: Stage; command: string; language: "json" | "yaml" },
): Promise<void> {
  const made = await stage.run(`deno task --quiet signet setup ${command}`, OPERATOR);
  const text = block(page, language);
  if (language === "json") return assertEquals(JSON.parse(made.stdout), JSON.parse(text));
  const [whole, part] = [made.stdout, text].map((one) => parseYaml(one));
  const [rule] = part.jwt[0].claimValidationRules;
  assertEquals(whole.jwt[0].issuer, part.jwt[0].issuer);
  assertEquals(whole.jwt[0].claimValidationRules[0], rule);
  assertEquals([whole.apiVersion, whole.kind], [part.apiVersion, part.kind]);
}
