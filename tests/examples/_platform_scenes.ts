/** What each platform gives to a program on it, as far as its page tells: made from the page itself. */
import { assertEquals } from "@std/assert";
import { encodeBase64Url } from "@std/encoding/base64url";
import { parse as parseYaml, parseAllDocuments } from "yaml";
import { createVerifier } from "../../verify/mod.ts";
import { OPERATOR, OWN, type StageOptions } from "./_stage.ts";
import { readFile } from "./_support.ts";

/** Signs a token of the platform with the claims that its page shows. */
export type Sign = (aud: string, changes?: Record<string, unknown>) => Promise<string>;

/** A page and the means to play its platform. */
export interface Scene {
  readonly page: string;
  readonly claims: Record<string, unknown>;
  readonly sign: Sign;
  /** Reaches the issuer. */
  readonly fetch: typeof globalThis.fetch;
}

/** The world of a job, and the commands that the page has it run. */
export interface Job {
  readonly stage: StageOptions;
  readonly script: string;
}

// deno-lint-ignore no-explicit-any
type Yaml = any;

/** The first block of a language on a page. */
export function block(page: string, language: string): string {
  const found = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page);
  if (!found) throw new Error(`the page has no block of ${language}`);
  return found[1]!;
}

const yaml = (page: string): Yaml => parseYaml(block(page, "yaml"), { strict: true });

/** The blocks of shell that stand behind the operator's. */
function laterShell(page: string): string {
  const recipe = page.split("## The token")[0]!;
  return [...recipe.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].slice(1).map(([, text]) => text)
    .join("\n");
}

const STAND_IN = "https://stand-in.test";

/** A stand-in program that gets a token at the stage and prints it; `$claims` names claims that were asked for. */
const printToken = (audience: string) =>
  `exec curl -sfG ${STAND_IN}/ --data-urlencode "audience=${audience}" --data-urlencode "claims=$claims"`;

/** Gives a token for `?audience=`; without the claims of `optional` that `?claims=` does not name. */
function tokenService(sign: Sign, optional: readonly string[] = []) {
  return {
    [STAND_IN]: async (request: Request) => {
      const query = new URL(request.url).searchParams;
      const asked = (query.get("claims") ?? "").split(",");
      const left = optional.filter((claim) => !asked.includes(claim));
      const without = Object.fromEntries(left.map((claim) => [claim, undefined]));
      return new Response(await sign(query.get("audience") ?? "", without));
    },
  };
}

const API = "https://api.acme.test";

/** The API that the programs call: it says hello to whom it verified. */
const api: (fetch: typeof globalThis.fetch) => NonNullable<StageOptions["origins"]> = (fetch) => ({
  [API]: async (request) => {
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    const verifier = createVerifier({ issuer: OWN, audience: API, algorithms: ["RS256"], fetch });
    const claims = await verifier.verify(token).catch(() => undefined);
    return new Response(claims ? `hello ${claims.sub}\n` : "who are you?\n", {
      status: claims ? 200 : 401,
    });
  },
});

/** Serves the page's program as its platform would, and types the commands that stand behind it. */
function served(page: string, { run, url }: { run: string; url: string }): string {
  return `cat > main.ts <<'END'
${block(page, "ts ignore")}
END
DENO_SERVE_ADDRESS=tcp:127.0.0.1:0 ${run} > server.log 2>&1 &
server=$!
trap 'kill $server' EXIT
for try in $(seq 200); do grep -q Listening server.log && break; sleep 0.05; done
port=$(sed -n 's/.*Listening on http:..[^:]*:\\([0-9]*\\).*/\\1/p' server.log)
${laterShell(page).replaceAll(url, "http://127.0.0.1:$port")}
cat server.log >&2`;
}

// Everything that the operator's or the program's side calls on these pages prints nothing of use.
const quiet = "true";

export const SCENES: Record<string, (scene: Scene) => Job | Promise<Job>> = {
  "deno-deploy": ({ page, sign, fetch }) => ({
    stage: {
      env: { DENO_DEPLOY: "true", STAND_IN_OF_DEPLOY: STAND_IN, SIGNET_ISSUER: told(page) },
      modules: { "jsr:@deno/oidc": "tests/examples/_deno_oidc.ts" },
      origins: { ...tokenService(sign), ...api(fetch) },
    },
    script: served(page, {
      run: "deno run -A main.ts",
      url: "https://web.acme.deno.net",
    }),
  }),
  "github-actions": ({ page, sign }) => {
    const job = yaml(page).jobs.deploy;
    const may = job.permissions["id-token"] === "write";
    const service = "https://run-actions.githubusercontent.com";
    return {
      stage: {
        env: {
          GITHUB_ACTIONS: "true",
          ...job.env,
          ...(may && {
            ACTIONS_ID_TOKEN_REQUEST_URL: `${service}/1//idtoken?api-version=2.0`,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: "the-job",
          }),
        },
        origins: {
          [service]: async ({ url, headers }) => {
            const sound = headers.get("authorization") === "Bearer the-job";
            if (!sound) return Response.json({}, { status: 401 });
            return Response.json({ value: await sign(new URL(url).searchParams.get("audience")!) });
          },
        },
      },
      script: job.steps.map(({ run = "" }) => run).join("\n"),
    };
  },
  gitlab: async ({ page, sign }) => {
    const { deploy } = yaml(page);
    const tokens = await Promise.all(
      Object.entries(deploy.id_tokens as Record<string, { aud: string }>)
        .map(async ([name, { aud }]) => [name, await sign(aud)]),
    );
    return {
      stage: { env: { GITLAB_CI: "true", ...deploy.variables, ...Object.fromEntries(tokens) } },
      script: deploy.script.join("\n"),
    };
  },
  circleci: async ({ page, sign }) => {
    const { jobs, workflows } = yaml(page);
    const used = workflows.main.jobs[0].deploy;
    const token = used.context && await sign("6c2f4f62-6a24-4c1c-8b5d-2f9d5a6b7c8d");
    return {
      stage: {
        env: {
          CIRCLECI: "true",
          ...(token && { CIRCLE_OIDC_TOKEN_V2: token }),
          ...jobs.deploy.environment,
        },
        programs: {
          npx,
          circleci: `[ "$1 $2 $3 $4" = "run oidc get --claims" ] || fail "unknown: $all" 2
aud=$(printf %s "$5" | sed -n 's/^{"aud":"\\([^"]*\\)"}$/\\1/p')
${printToken("$aud")}`,
        },
        origins: tokenService(sign),
      },
      script: jobs.deploy.steps.map((step: Yaml) => step.run ?? "").join("\n"),
    };
  },
  buildkite: ({ page, sign }) => {
    const [step] = yaml(page).steps;
    return {
      stage: {
        env: {
          BUILDKITE: "true",
          BUILDKITE_JOB_ID: "0184990a-477b-4fa8-9968-496074483cee",
          BUILDKITE_AGENT_ACCESS_TOKEN: "the-job",
          ...step.env,
        },
        programs: {
          "buildkite-agent":
            `[ "$1 $2 $3" = "oidc request-token --audience" ] || fail "unknown: $all" 2
claims=$BUILDKITE_OIDC_TOKEN_CLAIMS
${printToken("$4")}`,
        },
        origins: tokenService(sign, ["organization_id", "pipeline_id"]),
      },
      script: step.command,
    };
  },
  kubernetes: pod,
  eks: pod,
  gke: pod,
  aks: pod,
  "google-cloud": ({ page, claims, sign, fetch }) => ({
    stage: {
      env: { K_SERVICE: "web", PORT: "8080", SIGNET_ISSUER: told(page) },
      programs: { gcloud: `[ "$1" = iam ] && echo ${claims.sub}; true` },
      origins: {
        ...api(fetch),
        "http://metadata.google.internal": async ({ url, headers }) => {
          const { pathname, searchParams } = new URL(url);
          const sound = headers.get("metadata-flavor") === "Google" &&
            pathname.endsWith("/service-accounts/default/identity");
          if (!sound) return new Response(null, { status: 403 });
          return new Response(await sign(searchParams.get("audience")!));
        },
      },
    },
    script: served(page, {
      run: "deno run -A main.ts",
      url: "https://web-739419398126.europe-west1.run.app",
    }),
  }),
  vercel: async ({ page, sign, fetch }) => ({
    stage: {
      env: {
        VERCEL: "1",
        VERCEL_OIDC_TOKEN: await sign("https://vercel.com/acme"),
        SIGNET_ISSUER: told(page),
      },
      programs: { vercel: quiet },
      origins: {
        ...api(fetch),
        "https://oidc.vercel.com": async (request) => {
          const { token, aud } = await request.json();
          if (!token) return Response.json({}, { status: 400 });
          return Response.json({ token: await sign(aud), expiry: Date.now() + 300_000 });
        },
      },
    },
    script: served(page, {
      run:
        `deno run -A <(echo 'import { GET } from "'"file://$PWD/main.ts"'"; Deno.serve({ port: 0 }, GET);')`,
      url: "https://web-acme.vercel.app",
    }),
  }),
  fly: ({ page, sign, fetch }) => {
    const toml = block(page, "toml");
    const command = /^\[processes\]\napp = "(.*)"$/m.exec(toml)![1]!;
    return {
      stage: {
        env: { FLY_APP_NAME: "web", FLY_MACHINE_ID: "148e21ea7e46e8", SIGNET_ISSUER: told(toml) },
        programs: { fly: quiet },
        origins: api(fetch),
        sockets: {
          "/.fly/api": async (request) => new Response(await sign((await request.json()).aud)),
        },
      },
      script: served(page, {
        run: command.replaceAll("/.fly/api", "$STAGE/0.sock"),
        url: "https://web.fly.dev",
      }),
    };
  },
  "azure-devops": ({ page, sign }) => {
    const [step] = yaml(page).steps;
    const env = { ...step.env };
    if (env.SYSTEM_ACCESSTOKEN === "$(System.AccessToken)") env.SYSTEM_ACCESSTOKEN = "the-job";
    return {
      stage: {
        env: {
          TF_BUILD: "True",
          SYSTEM_OIDCREQUESTURI:
            "https://dev.azure.com/acme/_apis/distributedtask/hubs/build/oidctoken",
          ...env,
        },
        programs: { npx },
        origins: {
          "https://dev.azure.com": async ({ method, headers }) => {
            const sound = method === "POST" && headers.get("authorization") === "Bearer the-job";
            if (!sound) return new Response(null, { status: 401 });
            return Response.json({ oidcToken: await sign("api://AzureADTokenExchange") });
          },
        },
      },
      script: step.script,
    };
  },
  "terraform-cloud": async ({ page, sign }) => {
    const resources = [...block(page, "hcl").matchAll(/key\s+= "(.*)"\n\s+value\s+= "(.*)"/g)];
    const set = Object.fromEntries(resources.map(([, key, value]) => [key, value])) as Record<
      string,
      string
    >;
    const { TFC_WORKLOAD_IDENTITY_AUDIENCE_SIGNET: aud, SIGNET_ISSUER } = set;
    return {
      stage: {
        env: {
          TFC_RUN_ID: "run-X3n1AUXNGWbfECsJ",
          TFC_WORKLOAD_IDENTITY_TOKEN_SIGNET: await sign(aud!),
          SIGNET_ISSUER: SIGNET_ISSUER!,
        },
      },
      script: laterShell(page),
    };
  },
  "another-signet": async ({ page, claims, sign }) => ({
    stage: {
      env: { SIGNET_REQUEST_TOKEN: await requestToken(String(claims.iss)), SIGNET_ISSUER: OWN },
      origins: {
        [String(claims.iss)]: async ({ url }) => {
          return Response.json({ value: await sign(new URL(url).searchParams.get("audience")!) });
        },
      },
    },
    script: `cat > main.ts <<'END'\n${block(page, "ts ignore")}\nEND\n${laterShell(page)}`,
  }),
  vm: ({ page }) => {
    const shells = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);
    const [, load, make, register, use] = shells;
    const operator = Object.entries(OPERATOR).map(([name, value]) => `${name}=${value}`).join(" ");
    return {
      stage: {},
      script: `(${load})\n${make}\n(export ${operator}\n${register})\n${use}`,
    };
  },
};

const npx = `[ "$1 $2" = "-y deno@2.9.6" ] || fail "unknown: $all" 2
shift 2
exec deno "$@" <<<"$stdin"`;

/** The pod of docs/platforms/kubernetes.md, with the tokens that kubelet would put into it. */
async function pod({ page, sign }: Scene): Promise<Job> {
  const shared = await readFile("docs/platforms/kubernetes.md");
  const manifest = parseAllDocuments(block(shared, "yaml"), { strict: true })
    .map((document) => document.toJS() as Yaml);
  const { spec } = manifest.find(({ kind }) => kind === "Pod");
  const account = manifest.find(({ kind }) => kind === "ServiceAccount").metadata;
  assertEquals([spec.serviceAccountName, account.namespace], ["web", "shop"]);
  const [container] = spec.containers;
  const files = await Promise.all(container.volumeMounts.map(async (mount: Yaml) => {
    const volume = spec.volumes.find(({ name }: Yaml) => name === mount.name);
    const [{ serviceAccountToken }] = volume.projected.sources;
    const { audience, path } = serviceAccountToken;
    return [`${mount.mountPath}/${path}`, await sign(audience)];
  }));
  const env = Object.fromEntries(container.env.map(({ name, value }: Yaml) => [name, value]));
  assertEquals(container.command, ["sh", "-c"]);
  // What pods have of a cluster whose cloud has an identity of its own.
  const vendor: Record<string, string> = page.startsWith("# Amazon")
    ? { AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/eks.amazonaws.com/serviceaccount/token" }
    : {};
  return {
    stage: {
      env: { KUBERNETES_SERVICE_HOST: "10.0.0.1", ...vendor, ...env },
      programs: {
        kubectl: `[ "$1 $2" = "get --raw" ] && echo '{"keys":[]}'; true`,
        aws: quiet,
        az: quiet,
        gcloud: quiet,
      },
      files: Object.fromEntries(files),
    },
    script: container.args.join("\n"),
  };
}

/** A request token as that issuer would make it. */
async function requestToken(issuer: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(issuer));
  const tag = encodeBase64Url(new Uint8Array(digest, 0, 6));
  return `signet_rt_${tag}_exporter_${"x".repeat(43)}`;
}

/** `SIGNET_ISSUER` as the page sets it. */
function told(text: string): string {
  return /SIGNET_ISSUER|secret/.test(text)
    ? /(?<=SIGNET_ISSUER[= "]+)https:[\w/.]+|https:[\w/.]+(?= \| vercel env add SIGNET_ISSUER)/
      .exec(text)![0]
    : "";
}
