import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  createIdTokenClient,
  type IdTokenClientOptions,
} from "../../client/create_id_token_client.ts";
import { IdTokenError } from "../../client/errors.ts";
import { hostRuntime } from "../../client/runtime.ts";
import type { SourceRuntime } from "../../client/source.ts";
import {
  claimsOf,
  emptyRuntime,
  envOf,
  jwt,
  type Received,
  standIn,
  type TestClaims,
} from "./_support.ts";

const AUDIENCE = "https://api.example/v1?x=1&y=ä";
const OTHER = "https://other.example";

function token(claims: TestClaims = {}): string {
  const iat = Math.floor(Date.now() / 1000);
  return jwt({ iss: "https://platform.example", aud: AUDIENCE, iat, exp: iat + 300, ...claims });
}

function client(
  env: Record<string, string>,
  runtime: Partial<SourceRuntime> = {},
  more: IdTokenClientOptions = {},
) {
  const sleep = () => Promise.resolve();
  return createIdTokenClient({ env: envOf(env), runtime: emptyRuntime(runtime), sleep, ...more });
}

async function refused(promise: Promise<unknown>): Promise<IdTokenError> {
  return await assertRejects(() => promise, IdTokenError) as IdTokenError;
}

async function expectRefusal(
  promise: Promise<unknown>,
  [code, ...words]: [string, ...string[]],
): Promise<void> {
  const error = await refused(promise);
  assertEquals(error.code, code, error.message);
  for (const word of words) assert(error.message.includes(word), error.message);
}

/** A fetch that reaches the stand-in under the platform's real origin. */
function reroute(origin: string, target: string): typeof fetch {
  return (input, init) => {
    const url = String(input);
    if (!url.startsWith(origin)) return Promise.reject(new TypeError(`no route to ${url}`));
    return fetch(target + url.slice(origin.length), init);
  };
}

// GitHub Actions, Forgejo, Gitea

function actionsEnv(url: string) {
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/idtoken/job?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
  };
}

Deno.test("github-actions source asks for the audience by the job's request token", async () => {
  await using server = standIn(({ query }) =>
    Response.json({ count: 1, value: token({ aud: query.get("audience") }) })
  );
  using actions = client({ GITHUB_ACTIONS: "true", ...actionsEnv(server.url) });
  assertEquals(claimsOf(await actions.getIdToken(AUDIENCE)).aud, AUDIENCE);
  const request = server.received[0]!;
  assertEquals([request.method, request.path], ["GET", "/idtoken/job"]);
  assertEquals(request.query.get("api-version"), "2.0");
  assertEquals(request.headers.get("authorization"), "Bearer request-token");
});

Deno.test("github-actions source names the permission that the job lacks", async () => {
  using actions = client({ GITHUB_ACTIONS: "true" });
  await expectRefusal(actions.getIdToken(AUDIENCE), [
    "platform_not_ready",
    "GitHub Actions is detected, but the job has no `permissions: id-token: write`",
  ]);
});

Deno.test("github-actions source retries what the toolkit does not and explains a refusal", async () => {
  const answers = [429, 500, 200, 403];
  await using server = standIn(() => {
    const status = answers.shift()!;
    return status === 200
      ? Response.json({ value: token() })
      : Response.json({ message: "denied" }, { status });
  });
  using actions = client(actionsEnv(server.url));
  await actions.getIdToken(AUDIENCE);
  assertEquals(server.received.length, 3);
  await expectRefusal(actions.getIdToken(OTHER), ["request_refused", "denied", "6 hours"]);
});

Deno.test("github-actions source keeps to https, except for a forge of one's own", async () => {
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: "http://forge.internal/api/actions/idtoken?x=1",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
  };
  using github = client(env);
  await expectRefusal(github.getIdToken(AUDIENCE), ["invalid_configuration", "not https"]);
  await using server = standIn(() => Response.json({ value: token() }));
  const fetch = reroute("http://forge.internal", server.url);
  for (const name of ["FORGEJO_ACTIONS", "GITEA_ACTIONS"]) {
    using forge = client({ ...env, [name]: "true", GITHUB_ACTIONS: "true" }, {}, { fetch });
    await forge.getIdToken(AUDIENCE);
  }
  assertEquals(server.received.length, 2);
  using incomplete = client({ GITHUB_ACTIONS: "true", FORGEJO_ACTIONS: "true" });
  await expectRefusal(incomplete.getIdToken(AUDIENCE), [
    "platform_not_ready",
    "enable-openid-connect: true",
  ]);
});

// Azure DevOps

Deno.test("azure-devops source posts for the service connection and checks the fixed audience", async () => {
  const fixed = "api://AzureADTokenExchange";
  await using server = standIn(() => Response.json({ oidcToken: token({ aud: fixed }) }));
  using azure = client({
    SYSTEM_OIDCREQUESTURI: `${server.url}/org/_apis/distributedtask/oidctoken`,
    SYSTEM_ACCESSTOKEN: "access-token",
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection-1",
  });
  assertEquals(claimsOf(await azure.getIdToken(fixed)).aud, fixed);
  const request = server.received[0]!;
  assertEquals([request.method, request.path, request.body], [
    "POST",
    "/org/_apis/distributedtask/oidctoken",
    "",
  ]);
  assertEquals(Object.fromEntries(request.query), {
    "api-version": "7.1",
    serviceConnectionId: "connection-1",
  });
  assertEquals(request.headers.get("authorization"), "Bearer access-token");
  assertEquals(request.headers.get("content-type"), "application/json");
  await expectRefusal(azure.getIdToken(AUDIENCE), [
    "audience_unavailable",
    fixed,
    "SIGNET_PLATFORM_AUDIENCE",
  ]);
});

Deno.test("azure-devops source names the variable that the step must map", async () => {
  using azure = client({ TF_BUILD: "True", SYSTEM_OIDCREQUESTURI: "https://dev.azure.test" });
  await expectRefusal(azure.getIdToken(AUDIENCE), [
    "platform_not_ready",
    "SYSTEM_ACCESSTOKEN: $(System.AccessToken)",
  ]);
});

Deno.test("no source puts a credential that cannot be a header into an error", async () => {
  const secret = "first-line\nsecond-line";
  const endpoint = "https://platform.test/oidc";
  for (
    const env of [
      { ACTIONS_ID_TOKEN_REQUEST_URL: endpoint, ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret },
      { SYSTEM_OIDCREQUESTURI: endpoint, SYSTEM_ACCESSTOKEN: secret },
    ] as Record<string, string>[]
  ) {
    using platform = client(env);
    const error = await refused(platform.getIdToken(AUDIENCE));
    assertEquals(error.code, "invalid_configuration");
    assert(error.message.includes(Object.keys(env)[1]!), error.message);
    assert(!/(first|second)-line/.test(Deno.inspect(error)), "the credential is quoted");
  }
});

// Deno Deploy

for (const [shape, supports] of [["boolean", true], ["function", () => true]] as const) {
  Deno.test(`deno-deploy source uses the platform's module when it tells support by a ${shape}`, async () => {
    const imported: string[] = [];
    using deploy = client({ DENO_DEPLOY: "true" }, {
      importModule: (specifier) => {
        imported.push(specifier);
        const getIdToken = (aud: string) => Promise.resolve(token({ aud }));
        return Promise.resolve({ getIdToken, supportsIssuingIdTokens: supports });
      },
    });
    assertEquals(claimsOf(await deploy.getIdToken(AUDIENCE)).aud, AUDIENCE);
    assertEquals(imported, ["jsr:@deno/oidc"]);
  });
}

Deno.test("deno-deploy source says what is missing: the module, or an identity", async () => {
  using absent = client({ DENO_DEPLOY: "true" });
  await expectRefusal(absent.getIdToken(AUDIENCE), [
    "platform_not_ready",
    "deno add jsr:@deno/oidc",
  ]);
  for (const supportsIssuingIdTokens of [false, () => false]) {
    using unsupported = client({ DENO_DEPLOY: "true" }, {
      importModule: () => Promise.resolve({ supportsIssuingIdTokens }),
    });
    await expectRefusal(unsupported.getIdToken(AUDIENCE), ["platform_not_ready", "no identity"]);
  }
});

// Vercel

Deno.test("vercel source prefers the request's header, then the file, then the variable", async () => {
  const env = { VERCEL: "1", VERCEL_OIDC_TOKEN: token({ jti: "variable" }) };
  const runtime = {
    requestHeaders: () => ({ "x-vercel-oidc-token": token({ jti: "header" }) }),
    readFile: (path: string) => Promise.resolve(`${token({ jti: path })}\n`),
  };
  using header = client({ ...env, VERCEL_OIDC_TOKEN_FILE: "/t" }, runtime);
  assertEquals(claimsOf(await header.getIdToken(AUDIENCE)).jti, "header");
  const { readFile } = runtime;
  using file = client({ ...env, VERCEL_OIDC_TOKEN_FILE: "/t" }, { readFile });
  assertEquals(claimsOf(await file.getIdToken(AUDIENCE)).jti, "/t");
  using variable = client(env);
  assertEquals(claimsOf(await variable.getIdToken(AUDIENCE)).jti, "variable");
  using nothing = client({ VERCEL: "1" });
  await expectRefusal(nothing.getIdToken(AUDIENCE), ["platform_not_ready", "Turn on OIDC"]);
});

Deno.test("vercel source trades its token at Vercel for another audience", async () => {
  await using server = standIn(({ body }) => {
    const { aud } = JSON.parse(body);
    return Response.json({ token: token({ aud }), expiry: Math.floor(Date.now() / 1000) + 300 });
  });
  const own = token({ aud: "https://vercel.com/team" });
  const fetch = reroute("https://oidc.vercel.com", server.url);
  using vercel = client({ VERCEL_OIDC_TOKEN: own }, {}, { fetch });
  assertEquals(claimsOf(await vercel.getIdToken(AUDIENCE)).aud, AUDIENCE);
  const request = server.received[0]!;
  assertEquals([request.method, request.path], ["POST", "/~token"]);
  const { jti, ...body } = JSON.parse(request.body);
  assertEquals(body, { token: own, aud: AUDIENCE });
  await vercel.getIdToken(`${AUDIENCE}/2`);
  const next = JSON.parse(server.received[1]!.body).jti;
  assert(typeof jti === "string" && jti.length >= 32 && jti !== next, "a cached token is no use");
});

Deno.test("hostRuntime finds the headers of the request that a Vercel function serves", () => {
  const symbol = Symbol.for("@vercel/request-context");
  const holder = globalThis as Record<symbol, unknown>;
  assertEquals(hostRuntime().requestHeaders(), {});
  holder[symbol] = { get: () => ({ headers: { "x-vercel-oidc-token": "jwt" } }) };
  try {
    assertEquals(hostRuntime().requestHeaders(), { "x-vercel-oidc-token": "jwt" });
  } finally {
    delete holder[symbol];
  }
});

// Fly

Deno.test("fly source posts the audience to the machine API on its unix socket", async () => {
  const path = await Deno.makeTempFile();
  await Deno.remove(path);
  await using server = standIn(
    ({ body }) => new Response(`${token({ aud: JSON.parse(body).aud })}\n`),
    { path },
  );
  using fly = client({ FLY_APP_NAME: "app", FLY_MACHINE_ID: "1" }, {
    postUnix: (socket, request) => {
      assertEquals(socket, "/.fly/api");
      return hostRuntime().postUnix(path, request);
    },
  });
  assertEquals(claimsOf(await fly.getIdToken(AUDIENCE)).aud, AUDIENCE);
  const request = server.received[0]!;
  assertEquals([request.method, request.path], ["POST", "/v1/tokens/oidc"]);
  assertEquals(JSON.parse(request.body), { aud: AUDIENCE });
  assertEquals(request.headers.get("host"), "localhost");
});

Deno.test("fly source names the socket and the permissions when it cannot reach it", async () => {
  using fly = client({ FLY_APP_NAME: "app", FLY_MACHINE_ID: "1" }, {
    postUnix: (_socket, request) => hostRuntime().postUnix("/nowhere/api", request),
  });
  await expectRefusal(fly.getIdToken(AUDIENCE), ["platform_not_ready", "--allow-write=/.fly/api"]);
});

// Buildkite, CircleCI: real commands

async function script(lines: string): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".sh" });
  await Deno.writeTextFile(path, `#!/bin/sh\n${lines}\n`);
  await Deno.chmod(path, 0o700);
  return path;
}

function running(path: string, expected: string): Pick<SourceRuntime, "run"> {
  return {
    run: (command, args, signal) => {
      assertEquals(command, expected);
      return hostRuntime().run(path, args, signal);
    },
  };
}

const BUILDKITE = { BUILDKITE_AGENT_ACCESS_TOKEN: "t", BUILDKITE_JOB_ID: "1" };

Deno.test("buildkite source runs the agent's own command", async () => {
  const wanted = `oidc request-token --audience ${AUDIENCE} --lifetime 600`;
  const path = await script(`[ "$*" = '${wanted}' ] && echo '${token()}' && exit 0; exit 2`);
  using buildkite = client(BUILDKITE, running(path, "buildkite-agent"));
  assertEquals(claimsOf(await buildkite.getIdToken(AUDIENCE, { ttl: 600 })).aud, AUDIENCE);
  await Deno.remove(path);
});

Deno.test("buildkite source tells what the command said, and when it cannot be run", async () => {
  const path = await script(`echo "no such job, token ${token()}" >&2; exit 1`);
  using failing = client(BUILDKITE, running(path, "buildkite-agent"));
  const error = await refused(failing.getIdToken(AUDIENCE));
  assertEquals(error.code, "request_refused");
  assert(error.message.includes("no such job, token [redacted]"), error.message);
  await Deno.remove(path);
  using absent = client(BUILDKITE, running("/nowhere/agent", "buildkite-agent"));
  await expectRefusal(absent.getIdToken(AUDIENCE), [
    "platform_not_ready",
    "--allow-run=buildkite-agent",
  ]);
});

Deno.test("circleci source returns the job's token, and runs the command for another audience", async () => {
  const env = { CIRCLECI: "true", CIRCLE_OIDC_TOKEN_V2: token({ aud: "org-id" }) };
  const wanted = `run oidc get --claims ${JSON.stringify({ aud: AUDIENCE })}`;
  const path = await script(`[ "$*" = '${wanted}' ] && printf %s '${token()}' && exit 0; exit 2`);
  using circle = client(env, running(path, "circleci"));
  assertEquals(await circle.getIdToken("org-id"), env.CIRCLE_OIDC_TOKEN_V2);
  assertEquals(claimsOf(await circle.getIdToken(AUDIENCE)).aud, AUDIENCE);
  await Deno.remove(path);
  using incomplete = client({ CIRCLECI: "true" });
  await expectRefusal(incomplete.getIdToken(AUDIENCE), ["platform_not_ready", "CircleCI"]);
});

// Platforms that hand out a variable

const HELD = [
  {
    name: "gitlab",
    env: (held: string) => ({ GITLAB_CI: "true", HTTPS___API_EXAMPLE_V1_X_1_Y___ID_TOKEN: held }),
    words: "id_tokens:",
  },
  {
    name: "gitlab",
    env: (held: string) => ({ GITLAB_CI: "true", SIGNET_ID_TOKEN: held }),
    words: "id_tokens:",
  },
  {
    name: "bitbucket",
    env: (held: string) => ({ BITBUCKET_STEP_OIDC_TOKEN: held }),
    words: "SIGNET_PLATFORM_AUDIENCE",
  },
  {
    name: "terraform-cloud",
    env: (held: string) => ({ TFC_RUN_ID: "run-1", TFC_WORKLOAD_IDENTITY_TOKEN: held }),
    words: "TFC_WORKLOAD_IDENTITY_AUDIENCE_SIGNET",
  },
  {
    name: "terraform-cloud",
    env: (held: string) => ({ TFC_WORKLOAD_IDENTITY_TOKEN_SIGNET: held }),
    words: "TFC_WORKLOAD_IDENTITY_AUDIENCE_SIGNET",
  },
  { name: "variable", env: (held: string) => ({ SIGNET_ID_TOKEN: held }), words: "this audience" },
];

for (const { name, env, words } of HELD) {
  Deno.test(`${name} source checks audience and expiry of ${Object.keys(env("")).join(", ")}`, async () => {
    const held = token({ aud: [OTHER, AUDIENCE] });
    using good = client(env(held));
    assertEquals(await good.getIdToken(AUDIENCE), held);
    using wrong = client(env(token({ aud: OTHER })));
    await expectRefusal(wrong.getIdToken(AUDIENCE), ["audience_unavailable", OTHER, words]);
    using expired = client(env(token({ exp: Math.floor(Date.now() / 1000) - 5 })));
    await expectRefusal(expired.getIdToken(AUDIENCE), ["token_expired", "expired"]);
    using nonsense = client(env("not a jwt"));
    await expectRefusal(nonsense.getIdToken(AUDIENCE), ["invalid_token"]);
  });
}

for (
  const [platform, env, words] of [
    ["gitlab", { GITLAB_CI: "true" }, `id_tokens: SIGNET_ID_TOKEN: aud: ${AUDIENCE}`],
    ["bitbucket", { BITBUCKET_BUILD_NUMBER: "1" }, "oidc: true"],
    ["terraform-cloud", { TFC_RUN_ID: "run-1" }, "TFC_WORKLOAD_IDENTITY_AUDIENCE_SIGNET"],
  ] as const
) {
  Deno.test(`${platform} source names the missing piece when no token was handed out`, async () => {
    using incomplete = client(env);
    await expectRefusal(incomplete.getIdToken(AUDIENCE), ["platform_not_ready", words]);
  });
}

// Files

Deno.test("kubernetes source reads the projected file whose audience matches, at each refresh", async () => {
  const files = new Map([
    ["/irsa", token({ aud: "sts.amazonaws.com" })],
    ["/var/run/secrets/tokens/signet", token({ jti: "first" })],
  ]);
  const readFile = (path: string) => {
    const text = files.get(path);
    return text === undefined ? Promise.reject(new Error("ENOENT")) : Promise.resolve(text);
  };
  const env = { AWS_WEB_IDENTITY_TOKEN_FILE: "/irsa", AZURE_FEDERATED_TOKEN_FILE: "/gone" };
  let skew = 0;
  using pod = client(env, { readFile }, { now: () => Date.now() + skew });
  assertEquals(await pod.getIdToken("sts.amazonaws.com"), files.get("/irsa"));
  assertEquals(claimsOf(await pod.getIdToken(AUDIENCE)).jti, "first");
  skew = 280_000;
  const iat = Math.floor((Date.now() + skew) / 1000);
  files.set("/var/run/secrets/tokens/signet", token({ jti: "second", iat, exp: iat + 300 }));
  assertEquals(claimsOf(await pod.getIdToken(AUDIENCE)).jti, "second");
  await expectRefusal(pod.getIdToken(OTHER), [
    "audience_unavailable",
    "/var/run/secrets/tokens/signet",
  ]);
});

Deno.test("kubernetes source is found by its file and never reads the API server's token", async () => {
  const read: string[] = [];
  const readFile = (path: string) => {
    read.push(path);
    return path.endsWith("/tokens/signet") ? Promise.resolve(token()) : Promise.reject(new Error());
  };
  using pod = client({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }, { readFile });
  await pod.getIdToken(AUDIENCE);
  const env = {
    AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/kubernetes.io/serviceaccount/token",
  };
  using misled = client(env, { readFile });
  await misled.getIdToken(AUDIENCE);
  assertEquals(new Set(read), new Set(["/var/run/secrets/tokens/signet"]));
  using bare = client({ KUBERNETES_SERVICE_HOST: "10.0.0.1" });
  await expectRefusal(bare.getIdToken(AUDIENCE), ["no_source", "/var/run/secrets/tokens/signet"]);
});

Deno.test({
  name: "kubernetes source takes a file that may not be read for one that is not there",
  permissions: { read: false },
  async fn() {
    const env = envOf({ AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/eks/token" });
    // Deno itself would stop here and ask the person at the terminal.
    using pod = createIdTokenClient({ env });
    await expectRefusal(pod.getIdToken(AUDIENCE), ["platform_not_ready", "--allow-read"]);
    const reading = hostRuntime().readFile("/var/run/secrets/eks/token");
    await assertRejects(() => reading, Error, "without --allow-read");
  },
});

Deno.test("file source reads the file that is named, by the real runtime", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, `${token()}\n`);
  const env = envOf({ SIGNET_ID_TOKEN_FILE: path });
  using file = createIdTokenClient({ env });
  assertEquals(claimsOf(await file.getIdToken(AUDIENCE)).aud, AUDIENCE);
  await Deno.remove(path);
  using gone = createIdTokenClient({ env });
  await expectRefusal(gone.getIdToken(AUDIENCE), ["platform_not_ready", path]);
});

// Google

function metadataServer() {
  return standIn(({ headers, path, query }: Received) => {
    const flavor = { "metadata-flavor": "Google" };
    if (headers.get("metadata-flavor") !== "Google") return new Response(null, { status: 403 });
    if (path === "/") return new Response("computeMetadata/\n", { headers: flavor });
    if (query.get("format") !== "full") return new Response(null, { status: 400 });
    return new Response(token({ aud: query.get("audience") }), { headers: flavor });
  });
}

Deno.test("google source asks the metadata server as documented", async () => {
  await using server = metadataServer();
  using google = client({ GCE_METADATA_HOST: new URL(server.url).host });
  assertEquals(claimsOf(await google.getIdToken(AUDIENCE)).aud, AUDIENCE);
  const request = server.received[0]!;
  assertEquals([request.method, request.path], [
    "GET",
    "/computeMetadata/v1/instance/service-accounts/default/identity",
  ]);
});

Deno.test("google source is probed last, and only where connecting needs no question", async () => {
  await using server = metadataServer();
  const fetch = reroute("http://metadata.google.internal", server.url);
  using silent = client({}, {}, { fetch });
  await expectRefusal(silent.getIdToken(AUDIENCE), ["no_source"]);
  assertEquals(server.received.length, 0);
  const hosts: string[] = [];
  const mayConnect = (host: string) => hosts.push(host) > 0;
  using machine = client({}, { mayConnect }, { fetch });
  assertEquals(claimsOf(await machine.getIdToken(AUDIENCE)).aud, AUDIENCE);
  assertEquals(hosts, ["metadata.google.internal"]);
  assertEquals(server.received.map(({ path }) => path.split("/").length), [2, 7]);
});

Deno.test("google source takes no other server for the metadata server and names what GKE lacks", async () => {
  await using other = standIn(() => new Response("hello"));
  const fetch = reroute("http://metadata.google.internal", other.url);
  using elsewhere = client({}, { mayConnect: () => true }, { fetch });
  await expectRefusal(elsewhere.getIdToken(AUDIENCE), ["no_source"]);
  await using bare = standIn(() => new Response("not found", { status: 404 }));
  using gke = client({ GCE_METADATA_HOST: new URL(bare.url).host });
  await expectRefusal(gke.getIdToken(AUDIENCE), ["request_refused", "Workload Identity"]);
});
