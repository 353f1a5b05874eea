import { encodeBase64Url } from "@std/encoding/base64url";
import type { IdTokenClient } from "../../client/create_id_token_client.ts";
import { CliError } from "../errors.ts";
import type { CliHost, CliServer } from "../io.ts";
import { createEndpoint } from "./endpoint.ts";
import { type KeeperHost, keepTokenFile, writeTokenFile } from "./keep_file.ts";
import { authorityOf, type ListenAddress } from "./listen_address.ts";
import type { AgentOptions } from "./options.ts";
import type { AgentPlan, EndpointPlace } from "./plan_agent.ts";

/** What an agent runs with. */
export interface AgentParts {
  readonly host: CliHost;
  readonly plan: AgentPlan;
  readonly options: AgentOptions;
  readonly client: IdTokenClient;
  /** Hears what becomes of the files. */
  readonly events: Pick<KeeperHost, "onWrite" | "onFailure">;
}

/** A running agent: its files are there and stay fresh until it is disposed. */
export interface RunningAgent extends AsyncDisposable {
  /** Variables for programs. */
  readonly environment: Readonly<Record<string, string>>;
  /** Every file that it wrote. */
  readonly paths: readonly string[];
}

/** Serves the endpoint and writes every file once; after that it keeps them fresh. */
export async function startAgent(parts: AgentParts): Promise<RunningAgent> {
  const { host, plan, options, client, events } = parts;
  const stop = new AbortController();
  const paths: string[] = [];
  const write = async (path: string, text: string) => {
    if (!paths.includes(path)) paths.push(path);
    await writeFile(host, path, text);
  };
  const getIdToken: IdTokenClient["getIdToken"] = (audience, wishes) =>
    client.getIdToken(audience, wishes);
  const keeper: KeeperHost = { ...events, now: host.now, sleep: host.sleep, getIdToken, write };
  const ttl = options.ttl === undefined ? undefined : { ttl: options.ttl };
  const { server, place } = options.listen === false
    ? { server: undefined, place: undefined }
    : listen(host, options.listen, (audience) => getIdToken(audience, ttl));
  const running: Promise<void>[] = [];
  const end = async () => {
    stop.abort();
    client[Symbol.dispose]();
    await Promise.all(running);
    await server?.stop();
    if (!options.keep) await Promise.all(paths.map((path) => host.files.remove(path)));
  };
  try {
    const held = await Promise.all(plan.files.map((file) => writeTokenFile(file, keeper)));
    const environment = plan.environment(place);
    if (plan.google) await write(plan.google.path, plan.google.text(place));
    if (options.envFile !== undefined) {
      await write(host.files.absolute(options.envFile), lines(environment));
    }
    plan.files.forEach((file, i) =>
      running.push(keepTokenFile(file, held[i]!, { host: keeper, signal: stop.signal }))
    );
    return { environment, paths, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

function lines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}\n`).join("");
}

async function writeFile(host: CliHost, path: string, text: string): Promise<void> {
  try {
    await host.files.writePrivate(path, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError("failed", `Cannot write ${path}: ${reason}`, { cause });
  }
}

function listen(
  host: CliHost,
  { hostname, port }: ListenAddress,
  getIdToken: (audience: string) => Promise<string>,
): { server: CliServer; place: EndpointPlace } {
  const bearer = encodeBase64Url(host.randomBytes(32));
  let authority = "";
  const handler = createEndpoint({ authority: () => authority, bearer, getIdToken });
  try {
    const server = host.serve({ hostname, port, handler });
    authority = authorityOf({ hostname, port: server.port });
    return { server, place: { url: `http://${authority}/token`, bearer } };
  } catch (cause) {
    const where = authorityOf({ hostname, port });
    throw new CliError("conflict", `Cannot listen on ${where}: it is taken, or not allowed`, {
      next: "Choose another port with --listen, or 0 for a free one.",
      cause,
    });
  }
}
