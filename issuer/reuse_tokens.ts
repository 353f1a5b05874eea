import type { Caller } from "./authenticate/caller.ts";
import type { Claims } from "./claims.ts";
import type { Eventual } from "./eventual.ts";
import { RecentMap } from "./recent_map.ts";
import type { TokenRequest } from "./token_request.ts";

/** A signed token with what it says. */
export interface MintedToken {
  readonly token: string;
  readonly claims: Claims;
  readonly kid: string;
  /** Whether others may be given the same one. */
  readonly reusable: boolean;
}

/** Gives the token made for `key` within the window, else makes one, once for all who ask meanwhile. */
export type ReuseToken = (
  wanted: { readonly key: string; readonly seconds: number },
  mint: () => Eventual<MintedToken>,
) => Eventual<MintedToken>;

/** Most tokens that are held. */
const maxHeld = 2_000;

/** Longest part of a token's life in which it is given again. */
const longestPart = 0.05;

/** Makes a {@linkcode ReuseToken}. */
export function tokenReuse(now: () => number): ReuseToken {
  const held = new RecentMap<Eventual<MintedToken>>(maxHeld);
  return ({ key, seconds }, mint) => {
    const found = held.get(key);
    if (found instanceof Promise || (found && isRecent(found, { seconds, now: now() }))) {
      return found;
    }
    const minting = mint();
    held.set(key, minting);
    if (minting instanceof Promise) {
      minting.then((minted) => held.set(key, minted), () => held.delete(key));
    }
    return minting;
  };
}

function isRecent(
  { claims }: MintedToken,
  { seconds, now }: { seconds: number; now: number },
): boolean {
  const [iat, exp] = [Number(claims.iat), Number(claims.exp)];
  const age = now / 1000 - iat;
  return age >= 0 && age < Math.min(seconds, longestPart * (exp - iat));
}

/**
 * What a token depends on besides time and chance. Every request still proves itself and uses up
 * its proof; only those whose claims would be equal but for `iat`, `nbf`, `exp`, `jti` share one.
 */
export function reuseKey(
  { workload, verified, method, credential }: Caller,
  { request, kid }: { request: TokenRequest; kid: string },
): string {
  const { audience, ttl, roles, sessionTags, sourceIdentity } = request;
  return JSON.stringify([
    ...[workload.workload.id, workload.writeId, method, credential, kid, verified],
    ...[audience, ttl, roles, sessionTags, sourceIdentity],
  ]);
}
