import { audienceFault, isOwnAudience } from "./audience.ts";
import { TokenError } from "./errors.ts";
import { RecentMap } from "./recent_map.ts";

/** Throws {@link TokenError} for what cannot be the audience of a token. */
export type CheckAudience = (audience: string) => void;

/** Most sound audiences that are remembered. */
const maxRemembered = 1_000;

/** Checks audiences for an issuer; a sound one is parsed once. */
export function audienceCheck(issuer: string): CheckAudience {
  const sound = new RecentMap<true>(maxRemembered);
  return (audience) => {
    if (sound.get(audience)) return;
    const fault = audienceFault(audience);
    if (fault) {
      throw new TokenError("invalid_target", `Cannot issue a token: the audience ${fault}`);
    }
    if (isOwnAudience(audience, issuer)) {
      throw new TokenError("invalid_target", "Cannot issue a token for the issuer itself");
    }
    sound.set(audience, true);
  };
}
