/** A shell in which the commands of the documents run: the real command line and issuer, stand-ins for everything else. */
import { type PlatformNetwork, platformNetwork } from "../_support/platform_issuer.ts";
import { adminToken, type StartedIssuer, startIssuer } from "../_support/start_issuer.ts";

/** The issuer of every document. */
export const OWN = "https://signet.acme.deno.net";

type Handler = (request: Request) => Response | Promise<Response>;

/** What stands in for the world. */
export interface StageOptions {
  /** Environment of every command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Programs on the PATH: name → bash, after a preamble that records the call. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Answers for an origin of the internet. */
  readonly origins?: Readonly<Record<string, Handler>>;
  /** Answers for every origin that nobody else answers for. */
  readonly otherwise?: Handler;
  /** Files at fixed places: path → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** HTTP servers on unix sockets at fixed places. */
  readonly sockets?: Readonly<Record<string, Handler>>;
  /** Modules by specifier, as paths in the checkout. */
  readonly modules?: Readonly<Record<string, string>>;
  /** The platforms that the issuer can reach. Default: none. */
  readonly network?: PlatformNetwork;
}

/** What a script did. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A shell, the issuer that it reaches, and what its commands asked for. */
export interface Stage extends AsyncDisposable {
  readonly signet: StartedIssuer;
  readonly network: PlatformNetwork;
  /** Origins that the commands asked and nobody answers for. */
  readonly strays: string[];
  /** Folder in which scripts run. */
  readonly work: string;
  /** Address at which stand-in programs reach the origins. */
  readonly address: string;
  run(script: string, env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Calls of the stand-in programs: name and arguments. */
  calls(): string[][];
}

const root = new URL("../../", import.meta.url).pathname;

/** Sets the stage. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const folder = await Deno.makeTempDir({ prefix: "signet-docs-" });
  for (const name of ["bin", "work", "calls", "files", "state"]) {
    await Deno.mkdir(`${folder}/${name}`);
  }
  const { network = platformNetwork() } = options;
  const signet = startIssuer({ issuer: OWN, now: Date.now, fetch: network.fetch });
  const strays: string[] = [];
  const origins: Record<string, Handler> = {
    [OWN]: (request) => signet.issuer.fetch(request),
    ...options.origins,
  };
  const serve = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = Deno.serve(serve, (request) => {
    const origin = request.headers.get("x-stage-origin") ?? "none";
    const { pathname, search } = new URL(request.url);
    const answer = origins[origin] ?? options.otherwise;
    if (answer) {
      // By its parts: a Request made from a served one would hold on to that one's signal.
      const { method, headers, body } = request;
      const url = origin === "none" ? request.url : `${origin}${pathname}${search}`;
      return answer(new Request(url, { method, headers, body }));
    }
    strays.push(origin + pathname);
    return new Response("nobody is here", { status: 599 });
  });
  const placed = await place(folder, options);
  await programs(folder, options, server.addr.port);
  const env = {
    HOME: folder,
    PATH: `${folder}/bin:/usr/bin:/bin`,
    NO_COLOR: "1",
    STAGE: folder,
    STAGE_ADDRESS: `http://127.0.0.1:${server.addr.port}`,
    SIGNET_TEST_STAGE: JSON.stringify({ port: server.addr.port, ...placed.paths }),
    ...kept(),
    ...options.env,
  };
  return {
    signet,
    network,
    strays,
    work: `${folder}/work`,
    address: `http://127.0.0.1:${server.addr.port}`,
    run: (script, more = {}) => bash(script, { cwd: `${folder}/work`, env: { ...env, ...more } }),
    calls: () => readCalls(folder),
    async [Symbol.asyncDispose]() {
      await Promise.all([server, ...placed.servers].map((one) => one.shutdown()));
      await signet[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The variables of an operator. */
export const OPERATOR: Readonly<Record<string, string>> = {
  SIGNET_ISSUER: OWN,
  SIGNET_ADMIN_TOKEN: adminToken,
};

/** Lets what runs in this process, the stand-ins, reach the issuer under its name. */
export function reachIssuer(stage: Stage): Disposable {
  const { fetch: before } = globalThis;
  globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    return request.url.startsWith(`${OWN}/`) ? stage.signet.issuer.fetch(request) : before(request);
  };
  return { [Symbol.dispose]: () => void (globalThis.fetch = before) };
}

/** Where Deno keeps and fetches packages: these and certificates are the machine's own matter. */
const machine = [
  ...["DENO_CERT", "DENO_TLS_CA_STORE", "NODE_EXTRA_CA_CERTS", "NPM_CONFIG_REGISTRY"],
  ...["SSL_CERT_DIR", "SSL_CERT_FILE", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"],
];

/** What Deno needs of our own environment to find its cache, and to fill it. */
function kept(): Record<string, string> {
  const cache = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME") ?? ""}/.cache/deno`;
  const found = machine.map((name) => [name, Deno.env.get(name)])
    .filter(([, value]) => value !== undefined);
  return { DENO_DIR: cache, ...Object.fromEntries(found) };
}

async function place(folder: string, { files = {}, sockets = {} }: StageOptions) {
  const paths = { files: {} as Record<string, string>, sockets: {} as Record<string, string> };
  for (const [i, [path, text]] of Object.entries(files).entries()) {
    paths.files[path] = `${folder}/files/${i}`;
    await Deno.writeTextFile(`${folder}/files/${i}`, text);
  }
  const servers = Object.entries(sockets).map(([path, handler], i) => {
    paths.sockets[path] = `${folder}/${i}.sock`;
    return Deno.serve({ path: `${folder}/${i}.sock`, onListen() {} }, handler);
  });
  return { paths, servers };
}

async function programs(
  folder: string,
  { programs = {}, modules = {} }: StageOptions,
  port: number,
) {
  const map = `${folder}/import_map.json`;
  // A copy, because Deno writes a lock file anew for what it runs.
  const lock = `${folder}/deno.lock`;
  await Deno.copyFile(`${root}tests/deno.lock`, lock);
  await Deno.writeTextFile(map, JSON.stringify(await importMap(modules)));
  const write = (name: string, text: string) =>
    Deno.writeTextFile(`${folder}/bin/${name}`, `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  const flags = `--no-check --lock=${lock} --import-map=${map} ` +
    `--preload=${root}tests/examples/_preload.ts`;
  await write("deno", denoCommand({ deno: Deno.execPath(), flags, lock }));
  await write("curl", curlCommand(port));
  const state = `has() { [ -e "$STAGE/state/$1" ]; }
put() { printf '%s' "\${2-}" >"$STAGE/state/$1"; }
get() { cat "$STAGE/state/$1"; }
fail() { printf '%s\\n' "$1" >&2; exit "\${2-1}"; }
all="$*"`;
  for (const [name, text] of Object.entries(programs)) {
    await write(name, `${record}\nstdin=$([ -t 0 ] || cat)\n${state}\n${text}`);
  }
}

/** Keeps name and arguments of a call, NUL-separated. */
const record =
  `printf '%s\\0' "\${0##*/}" "$@" >"$STAGE/calls/$(printf '%05d' "$(ls "$STAGE/calls" | wc -l)")"`;

/** `deno` as a reader has it, with this checkout for the published package. */
function denoCommand(
  { deno, flags, lock }: { deno: string; flags: string; lock: string },
): string {
  return `all=()
for word in "$@"; do
  case "$word" in
    jsr:@signet/oidc/cli) all+=("${root}cli/main.ts") ;;
    examples/*) all+=("${root}$word") ;;
    *) all+=("$word") ;;
  esac
done
set -- "\${all[@]}"
verb=$1; shift
case "$verb" in
  run)
    # An issuer that serves until it is stopped is started with these flags in tests/e2e.
    case "$*" in *issuer/main.ts) exit 0 ;; esac
    exec ${deno} run ${flags} "$@" ;;
  test) exec ${deno} test --no-check --quiet --lock=${lock} "$@" ;;
  eval) exec ${deno} eval "$@" ;;
  task)
    [ "$1" = --quiet ] && shift
    [ "$1" = signet ] && { shift; exec ${deno} run -A --quiet ${flags} "${root}cli/main.ts" "$@"; } ;;
esac
set -- "$verb" "$@"
${record}`;
}

/** The real curl, with the addresses of the stage. */
function curlCommand(port: number): string {
  return `all=()
for word in "$@"; do
  if [[ "$word" =~ ^(https?://[^/]+)(.*)$ ]] && [[ "$word" != http://127.0.0.1* ]]; then
    all+=(-H "x-stage-origin: \${BASH_REMATCH[1]}" "http://127.0.0.1:${port}\${BASH_REMATCH[2]}")
  else
    all+=("$word")
  fi
done
exec /usr/bin/curl "\${all[@]}"`;
}

async function importMap(modules: Readonly<Record<string, string>>) {
  const { imports, exports, scopes } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const own = Object.entries(exports as Record<string, string>)
    .flatMap(([name, path]) =>
      ["", "jsr:"].map((scheme) => [
        `${scheme}@signet/oidc${name.slice(1)}`,
        `file://${root}${path.slice(2)}`,
      ])
    );
  // A document names a package without its version; the tests pin it.
  const packages = Object.entries({ ...scopes["./tests/"], ...scopes["./examples/"] } as object)
    .map(([name, pinned]) => [`npm:${name}`, pinned]);
  // A map of one's own does not add the paths inside a package, as deno.json does.
  const inside = Object.entries(imports as Record<string, string>)
    .filter(([, pinned]) => /^npm:(@[^/]+\/)?[^/]+$/.test(pinned))
    .map(([name, pinned]) => [`${name}/`, pinned.replace("npm:", "npm:/") + "/"]);
  // No certificate that a public CA signed can be had here.
  const chain = [
    `file://${root}doctor/read_tls_chain.ts`,
    `file://${root}tests/examples/_tls_chain.ts`,
  ];
  const more = Object.entries(modules).map(([name, path]) => [name, `file://${root}${path}`]);
  return {
    imports: {
      ...imports,
      ...scopes["./examples/"],
      ...Object.fromEntries([...inside, ...packages, ...own, chain, ...more]),
    },
  };
}

async function bash(
  script: string,
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-e", "-o", "pipefail", "-c", script],
    cwd,
    clearEnv: true,
    env,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

function readCalls(folder: string): string[][] {
  const names = [...Deno.readDirSync(`${folder}/calls`)].map(({ name }) => name).sort();
  return names.map((name) =>
    Deno.readTextFileSync(`${folder}/calls/${name}`).split("\0").slice(0, -1)
  );
}
