import { matchesGlob } from "./glob.ts";
import { type AudienceProfile, builtInProfiles, defaultProfile } from "./profiles.ts";
import { RecentMap } from "./recent_map.ts";

/** Most audiences whose profile is remembered. */
const maxRemembered = 1_000;

/** As {@linkcode selectProfile}, remembered per audience. */
export function profileSelector(
  own: readonly AudienceProfile[],
): (audience: string) => AudienceProfile {
  const known = new RecentMap<AudienceProfile>(maxRemembered);
  return (audience) => {
    const found = known.get(audience);
    if (found) return found;
    const profile = selectProfile(own, audience);
    known.set(audience, profile);
    return profile;
  };
}

/** The first profile that names the audience: the operator's own before the built-in ones. */
export function selectProfile(
  own: readonly AudienceProfile[],
  audience: string,
): AudienceProfile {
  const matches = (profile: AudienceProfile) =>
    profile.audiences.some((pattern) => matchesGlob(pattern, audience));
  return own.find(matches) ?? builtInProfiles.find(matches) ?? defaultProfile;
}
