import type { Context } from "./context.ts";
import { CredentialError } from "./credential_error.ts";
import type { IdTokenWishes } from "./options.ts";

/** Mints tokens for one audience; `fresh` asks for one that no cache held. */
export type Mint = (fresh?: boolean) => Promise<string>;

/** What a mint asks of the source besides the audience. */
export interface Asks {
  /** Asked for always. */
  readonly demands?: IdTokenWishes;
  /** Asked for until the source refuses them, and from then on left out. */
  readonly wishes?: IdTokenWishes;
  /** Codes of `IdTokenError` that count as such a refusal. Default: `unsupported_option`. */
  readonly refusals?: readonly string[];
}

/** A mint for one audience that asks for what the source can give. */
export function mintFor(audience: string, context: Context, asks: Asks = {}): Mint {
  const { demands, refusals = ["unsupported_option"] } = asks;
  let { wishes } = asks;
  const ask = (fresh: boolean | undefined) => {
    const options: IdTokenWishes = { ...demands, ...wishes };
    if (fresh) options.forceRefresh = true;
    if (context.signal) options.signal = context.signal;
    // Without options the client answers on its shortest path.
    return context.getIdToken(audience, Object.keys(options).length ? options : undefined);
  };
  return async (fresh) => {
    try {
      return await ask(fresh);
    } catch (error) {
      if (!wishes || !refusals.includes(codeOf(error))) throw error;
      wishes = undefined;
      return await ask(fresh);
    }
  };
}

/** Uses a token, `fresh` or not, and once more with a fresh one when the vendor holds it for expired. */
export async function withToken<T>(
  mint: Mint,
  use: (token: string) => Promise<T>,
  fresh?: boolean,
): Promise<T> {
  try {
    return await use(await mint(fresh));
  } catch (error) {
    if (!(error instanceof CredentialError) || error.code !== "id_token_expired") throw error;
    return await use(await mint(true));
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
