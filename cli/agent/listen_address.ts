import { InvalidArgumentError } from "commander";

/** Where the agent listens. */
export interface ListenAddress {
  /** An address of loopback, without brackets. */
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Reads `127.0.0.1:0` or `[::1]:8080`; only loopback is taken. @throws {InvalidArgumentError} otherwise. */
export function parseListen(text: string): ListenAddress {
  const match = /^(?:(localhost|127(?:\.\d{1,3}){3})|\[(::1)\]):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65_535) {
    throw new InvalidArgumentError("Write an address of loopback, such as 127.0.0.1:0.");
  }
  const hostname = match[1] ?? match[2]!;
  // The name could stand for another address than the one that callers find.
  return { hostname: hostname === "localhost" ? "127.0.0.1" : hostname, port };
}

/** Address and port as they stand in a URL. */
export function authorityOf({ hostname, port }: ListenAddress): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
