import type { Algorithm } from "../keys/algorithm.ts";
import type { Keyring } from "../keys/keyring.ts";
import { health, reasonOf } from "./respond.ts";

/** 200 when every algorithm can sign with a published key; 503 and the reason when not. */
export async function checkHealth(
  keyring: Keyring,
  algorithms: readonly Algorithm[],
): Promise<Response> {
  try {
    const { jwks } = await keyring.view();
    for (const alg of algorithms) {
      const key = await keyring.signingKey(alg);
      if (!jwks.some(({ kid }) => kid === key.kid)) return health("signing_key_not_published");
    }
    return health();
  } catch (error) {
    return health(reasonOf(error));
  }
}
