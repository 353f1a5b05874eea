import type { Expiring, Refreshing } from "../credentials/refreshing.ts";
import type { GoogleTokenSource } from "./options.ts";

/** Hands out what the cache holds. */
export function tokenSource(cache: Refreshing<GoogleHeld>): GoogleTokenSource {
  const get = async (options?: { signal?: AbortSignal }) => {
    const { token, expiresAt } = await cache.get(options?.signal);
    return { token, expiresAt: new Date(expiresAt) };
  };
  return Object.assign(get, { prefetch: async () => void await cache.get() });
}

/** A token and its end, in milliseconds since the epoch. */
export interface GoogleHeld {
  readonly token: string;
  readonly expiresAt: number;
}

/** The cached form of a token, which carries its end along. */
export function held({ value, expiresAt }: Expiring<string>): Expiring<GoogleHeld> {
  return { value: { token: value, expiresAt }, expiresAt };
}
