import type { GetIdTokenOptions } from "../../client/source.ts";
import { decodeToken } from "../decode_token.ts";
import { pollDelay, refreshDelay, retryDelay, type TokenSpan } from "./refresh_delay.ts";

/** A file that always holds a live token. */
export interface TokenFile {
  readonly audience: string;
  /** Absolute path. */
  readonly path: string;
  readonly options?: GetIdTokenOptions;
}

/** What keeping a file needs from outside. */
export interface KeeperHost {
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly getIdToken: (audience: string, options?: GetIdTokenOptions) => Promise<string>;
  /** Puts a text in place of a file, whole or not at all. */
  readonly write: (path: string, text: string) => Promise<void>;
  /** Hears of every new token that was written; `until` in ms since the epoch. */
  readonly onWrite: (file: TokenFile, until: number) => void;
  /** Hears of the first of several failures in a row; the file keeps what it holds. */
  readonly onFailure: (file: TokenFile, error: unknown) => void;
}

/** The token that a file holds. */
export interface HeldFile extends TokenSpan {
  readonly token: string;
}

/** Writes a file for the first time. @throws what the client or the file system throws. */
export async function writeTokenFile(file: TokenFile, host: KeeperHost): Promise<HeldFile> {
  const token = await host.getIdToken(file.audience, file.options);
  const { iat, exp } = decodeToken(token).claims as { iat?: number; exp: number };
  await host.write(file.path, token);
  host.onWrite(file, exp * 1000);
  return { token, iat, exp };
}

/** Writes a new token whenever the one in the file has used 75 % of its life, until it is stopped. */
export async function keepTokenFile(
  file: TokenFile,
  first: HeldFile,
  { host, signal }: { host: KeeperHost; signal: AbortSignal },
): Promise<void> {
  let held = first;
  let failures = 0;
  await host.sleep(refreshDelay(held, host.now()), signal);
  while (!signal.aborted) {
    const next = await replace(file, held, host).catch((error: unknown) => {
      if (failures++ === 0 && !signal.aborted) host.onFailure(file, error);
    });
    if (next) failures = 0;
    const renewed = next !== undefined && next !== held;
    held = next ?? held;
    await host.sleep(delayOf({ held, renewed, failures, now: host.now() }), signal);
  }
}

/** Past the refresh point the client gives the old token while it gets a new one behind it. */
async function replace(file: TokenFile, held: HeldFile, host: KeeperHost): Promise<HeldFile> {
  const token = await host.getIdToken(file.audience, file.options);
  return token === held.token ? held : await writeTokenFile(file, host);
}

function delayOf(
  state: { held: HeldFile; renewed: boolean; failures: number; now: number },
): number {
  if (state.failures > 0) return retryDelay(state.failures);
  return state.renewed ? refreshDelay(state.held, state.now) : pollDelay(state.held);
}
