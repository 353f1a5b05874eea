import { type Command, InvalidArgumentError } from "commander";
import { withIssuer } from "../command.ts";
import type { CommonOptions } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { type ListenAddress, parseListen } from "./listen_address.ts";

/** A file that the caller names: audience and path. */
export interface NamedFile {
  readonly audience: string;
  readonly path: string;
}

/** What `signet agent` takes. */
export interface AgentOptions extends CommonOptions {
  readonly awsFile?: string;
  readonly awsRole?: string;
  readonly azureFile?: string;
  readonly file?: readonly NamedFile[];
  readonly googleFile?: string;
  readonly googleTokenFile?: string;
  readonly googleProvider?: string;
  readonly googleAccount?: string;
  /** False for `--no-listen`. */
  readonly listen: ListenAddress | false;
  readonly envFile?: string;
  readonly ttl?: number;
  readonly keep?: boolean;
}

/** Adds {@linkcode AgentOptions} to the command. */
export function withAgentOptions(command: Command): Command {
  command
    .option("--aws-file <path>", "keep a token for AWS in this file")
    .option("--aws-role <arn>", "role that it is bound to (default: $AWS_ROLE_ARN)")
    .option("--azure-file <path>", "keep a token for Azure in this file")
    .option("--google-file <path>", "write Google's credential file there")
    .option("--google-token-file <path>", "have it read a token file, not the endpoint")
    .option("--google-provider <name>", "default: $SIGNET_GCP_WORKLOAD_PROVIDER")
    .option("--google-account <email>", "default: $SIGNET_GCP_SERVICE_ACCOUNT")
    .option("--file <audience=path>", "keep a token for any audience (repeat)", collectFile)
    .option("--listen <address>", "where GitHub's request protocol is served", parseListen, {
      hostname: "127.0.0.1",
      port: 0,
    })
    .option("--no-listen", "do not serve it")
    .option("--env-file <path>", "write the variables there too, as NAME=value lines")
    .option("--ttl <duration>", "lifetime of the tokens (default: the issuer's)", parseDuration)
    .option("--keep", "leave the files when it ends");
  const listen = command.options.find(({ long }) => long === "--listen");
  listen?.default(listen.defaultValue, "127.0.0.1 and a free port");
  return withIssuer(command);
}

/** An audience may hold = itself, a path hardly ever does: the last one separates. */
function collectFile(value: string, before: readonly NamedFile[] | undefined): NamedFile[] {
  const at = value.lastIndexOf("=");
  if (at < 1 || at === value.length - 1) {
    throw new InvalidArgumentError("Write it as AUDIENCE=PATH.");
  }
  return [...before ?? [], { audience: value.slice(0, at), path: value.slice(at + 1) }];
}
