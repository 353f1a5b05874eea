import { matchesGlob } from "./glob.ts";
import { type AudienceProfile, builtInProfiles, defaultProfile } from "./profiles.ts";

/** The first profile that names the audience: the operator's own before the built-in ones. */
export function selectProfile(
  own: readonly AudienceProfile[],
  audience: string,
): AudienceProfile {
  const matches = (profile: AudienceProfile) =>
    profile.audiences.some((pattern) => matchesGlob(pattern, audience));
  return own.find(matches) ?? builtInProfiles.find(matches) ?? defaultProfile;
}
